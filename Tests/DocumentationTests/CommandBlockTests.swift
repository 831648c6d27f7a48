import CommandSupport
import Foundation
import Testing

/// The commands of a page run one after another in one folder, which has the examples' data, and print what the page shows.
@Suite struct CommandBlockTests {
  /// What stands before each block of commands. `mixtures` is the program that was built beside the tests, by either name. Of
  /// what `make` is told, only the demo runs; of the rest, which would test and build again, it is asked whether it is there. A part
  /// of the user's own that a page asks for is one that `Scripts/own-parts` asks for, builds and tests.
  private static let prelude = """
    set -e
    exec 2>&1
    PATH='\(CommandLineTool.programFolder.path)':$PATH
    swift() {
      case "$*" in
        "run -c release mixtures "*) shift 4; mixtures "$@" ;;
        "package --allow-writing-to-package-directory generate-data "*) shift 3; mixtures generate "$@" ;;
        "package new-component "*) shift 2; grep -F "new_component $* >" '\(CommandLineTool.packageFolder.path)/Scripts/own-parts' ;;
        *) command swift-is-not-run-here "$@" ;;
      esac
    }
    make() {
      command make --dry-run --directory '\(CommandLineTool.packageFolder.path)' "$@" > make.log || { cat make.log; return 1; }
      case "$*" in demo) ToneDemo demo ;; esac
    }
    """

  @Test(arguments: try Page.all.get().filter { $0.blocks.contains { $0.language == "sh" } })
  func commandsRun(_ page: Page) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("Examples"), withIntermediateDirectories: false)
    try FileManager.default.copyItem(
      at: CommandLineTool.packageFolder.appendingPathComponent("Examples/Data"),
      to: folder.url.appendingPathComponent("Examples/Data"))
    var printed: String?
    for block in page.blocks {
      if let commands = try block.commands {
        let script = "\(Self.prelude)\n\(commands)\n"
        let outcome = try CommandLineTool(in: folder.url).run("/bin/sh", ["-c", script])
        #expect(outcome.status == 0, "\(block.place): exit code \(outcome.status)\n\(outcome.output)")
        printed = outcome.output
      } else if block.language != "text" {
        printed = nil
      } else if let printed {
        let missing = PrintedText(printed).firstMissing(of: block.lines)
        #expect(
          missing == nil, "\(block.place): the commands before do not print “\(missing ?? "")” there, but\n\(printed)")
      }
    }
  }

  /// Text that does not follow commands is a result that a file in `Examples` compares.
  @Test func otherTextIsCompared() throws {
    for page in try Page.all.get() {
      var isPrinted = false
      for block in page.blocks {
        guard block.language == "text" else {
          isPrinted = try block.commands != nil
          continue
        }
        let isCompared = try isPrinted || ExampleFile.all.get().contains { $0.contains(block) }
        #expect(
          isCompared,
          "\(block.place): no commands stand before this text, and no file of Tests/DocumentationTests/Examples compares it"
        )
      }
    }
  }

  /// What would make the comparison below worthless.
  @Test func differencesAreSeen() {
    let text = PrintedText("a  1.2345 kg\nb ± 0.1\n(18 iterations, 0.016 s)\nend: 7")
    #expect(text.firstMissing(of: ["a 1.2341 kg", "(21 iterations, 3 s)", "end: 7"]) == nil)
    for line in [
      "a 1.2245 kg", "a 1.2345", "a 1.2345 kg more", "c ± 0.1", "(18 iterations, 0.016 nats)", "end: 8", "end: 0",
    ] {
      #expect(text.firstMissing(of: [line]) == line)
    }
    #expect(text.firstMissing(of: ["b ± 0.1", "a 1.2345 kg"]) == "a 1.2345 kg")
  }
}

/// What a command printed, as words.
struct PrintedText {
  private let lines: [[Word]]

  init(_ text: String) { lines = text.components(separatedBy: "\n").map(Self.words) }

  /// The first of the given lines that the text does not have, in their order; nil if it has them all.
  func firstMissing(of expected: [String]) -> String? {
    var rest = lines[...]
    for line in expected {
      guard let index = rest.firstIndex(of: Self.words(line)) else { return line }
      rest = rest[(index + 1)...]
    }
    return nil
  }

  /// A word, or a number that is equal to others of the same three first digits. What is less than a millionth is rounding.
  private enum Word: Equatable {
    case text(String)
    case number(Double)

    static func == (one: Word, other: Word) -> Bool {
      switch (one, other) {
      case (.text(let one), .text(let other)): one == other
      case (.number(let one), .number(let other)): abs(one - other) <= max(1e-3 * abs(one), 1e-6)
      default: false
      }
    }
  }

  /// The words of a line. Seconds, threads and iterations, which differ from machine to machine, are left out.
  private static func words(_ line: String) -> [Word] {
    line.replacing(/[0-9.]+ m?s\b/, with: "some time").replacing(/[0-9]+ iterations?/, with: "some iterations")
      .replacing(/threads = [0-9]+/, with: "some threads")
      .split(whereSeparator: { " ,;:()=".contains($0) }).map { Double($0).map(Word.number) ?? .text(String($0)) }
  }
}

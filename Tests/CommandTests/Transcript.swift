import CommandSupport
import Foundation
import Testing

/// What a user sees who types some commands in a folder, compared with a file in `Snapshots`.
///
/// `UPDATE_SNAPSHOTS=1 swift test --filter Snapshot` rewrites these files; look at what has changed before you commit it.
struct Transcript {
  let folder: TemporaryFolder
  private(set) var text = ""

  init(in folder: TemporaryFolder) { self.folder = folder }

  /// Writes a file into the folder, and shows its text.
  mutating func write(_ content: String, to name: String) throws {
    _ = try folder.write(content, to: name)
    text += "# \(name): \(content.debugDescription)\n"
  }

  /// Runs the command, and shows what it prints.
  ///
  /// - Parameters:
  ///   - input: what stands on standard input.
  ///   - lines: how many lines of standard output are shown; nil for all.
  ///   - columns: how wide the terminal is; it is shown unless it is 80.
  ///   - status: the exit code that it must have. With any other than 0 nothing may stand on standard output.
  mutating func run(
    _ arguments: [String], input: String? = nil, lines: Int? = nil, columns: Int = 80, status: Int32,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let tool = CommandLineTool(in: folder.url, input: input ?? "", environment: ["COLUMNS": "\(columns)"])
    let outcome = try tool.run(arguments)
    let words = arguments.map { $0.contains(where: { " |<>()*^;".contains($0) }) ? "\"\($0)\"" : $0 }
    text +=
      "$ \(input.map { "printf \($0.debugDescription) | " } ?? "")\(columns == 80 ? "" : "COLUMNS=\(columns) ")mixtures \(words.joined(separator: " "))\n"
    text += lines.map { outcome.output.split(separator: "\n").prefix($0).map { $0 + "\n" }.joined() } ?? outcome.output
    text += outcome.errors + "[exit \(outcome.status)]\n\n"
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(status == 0 || outcome.output.isEmpty, sourceLocation: sourceLocation)
  }

  /// Compares all of it with the file.
  func matches(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots/\(name).txt")
    let text = Self.withoutChance(text)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      return try Data(text.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    let (lines, expectedLines) = (text.components(separatedBy: "\n"), expected.components(separatedBy: "\n"))
    let changed = zip(lines, expectedLines).first { $0 != $1 }
    #expect(
      text == expected, "\(name): \"\(changed?.0 ?? "more")\", not \"\(changed?.1 ?? "less")\"",
      sourceLocation: sourceLocation)
  }

  /// The text without what differs from run to run or from processor to processor: times, numbers of passes, and the digits of
  /// decimal fractions after the fourth that counts. Each of these becomes `#`; those of long numbers together become `…`, for
  /// their count differs too.
  private static func withoutChance(_ text: String) -> String {
    // Where these lines break depends on how long the numbers are.
    text.replacing(/\s\(\d+\s+iterations?,\s+[0-9.]+\s+s\s+for\s+all\s+starts\)/) { _ in
      " (# iterations, # s for all starts)"
    }
    .replacing(/\d*\.\d+/) { match in
      var kept = ""
      var (count, hidden) = (0, 0)
      for character in match.output {
        if character.isWholeNumber && (count > 0 || character != "0") { count += 1 }
        if count > 4 && character != "." { hidden += 1 } else { kept.append(character) }
      }
      return kept + (hidden > 6 ? "…" : String(repeating: "#", count: hidden))
    }
  }
}

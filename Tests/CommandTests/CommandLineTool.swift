import Foundation

/// Runs the `mixtures` command that was built beside the tests.
struct CommandLineTool {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// The JSON object on standard output.
    var json: [String: Any] {
      get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:] }
    }
  }

  /// The path of a data set that comes with the package.
  static func dataFile(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Examples/Data/\(name)").standardized.path
  }

  static let toneData = dataFile("tonedata.csv")

  /// The folder in which it runs, if not that of the tests.
  var folder: TemporaryFolder?
  /// What it reads from standard input.
  var input = ""
  /// Variables besides those of the tests.
  var environment: [String: String] = [:]

  static func run(_ arguments: String...) throws -> Outcome { try runAll(arguments) }

  static func runAll(_ arguments: [String]) throws -> Outcome { try CommandLineTool().run(arguments) }

  func run(_ arguments: [String]) throws -> Outcome { try run(Self.program, arguments) }

  /// Runs on a terminal, by the program `script`. What it prints there is in the outcome's `output`, errors too.
  func runOnTerminal(_ arguments: [String]) throws -> Outcome {
    let words = [Self.program] + arguments
    #if os(macOS)
      return try run("/usr/bin/script", ["-q", "/dev/null"] + words)
    #else
      let command = words.map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
      return try run("/usr/bin/script", ["-qec", command, "/dev/null"])
    #endif
  }

  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("mixtures").path

  private func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder?.url
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let files = try TemporaryFolder()
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: files.write(input, to: "input")))
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: message, as: UTF8.self))
  }
}

/// A folder for the files of one test, gone with it.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("mixtures-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and returns its path.
  func write(_ text: String, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The path of a file in the folder, whether it exists or not.
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// The text of a file.
  func read(_ name: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }
}

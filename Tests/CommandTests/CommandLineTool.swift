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

  static func run(_ arguments: String...) throws -> Outcome { try runAll(arguments) }

  static func runAll(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("mixtures")
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
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

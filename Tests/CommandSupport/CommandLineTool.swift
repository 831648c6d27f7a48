import Foundation

/// Runs the programs of the package that were built beside the tests.
package enum CommandLineTool {
  /// What a program left behind.
  package struct Outcome {
    /// The exit code.
    package var status: Int32
    /// What it wrote on standard output.
    package var output: String
    /// What it wrote on standard error.
    package var errors: String

    /// The JSON object on standard output.
    package var json: [String: Any] {
      get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:] }
    }
  }

  /// The folder of the package.
  package static let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardized

  /// The folder that holds the programs.
  package static let programFolder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

  /// The path of a data set that comes with the package.
  package static func dataFile(_ name: String) -> String {
    packageFolder.appendingPathComponent("Examples/Data/\(name)").path
  }

  /// The path of the tone-perception data.
  package static let toneData = dataFile("tonedata.csv")

  /// Runs `mixtures`.
  package static func run(_ arguments: String...) throws -> Outcome { try runAll(arguments) }

  /// Runs `mixtures` with a list of arguments.
  package static func runAll(_ arguments: [String]) throws -> Outcome {
    try run(programFolder.appendingPathComponent("mixtures"), arguments)
  }

  /// Runs any program, in a folder of its own if one is given, with nothing on standard input.
  package static func run(_ program: URL, _ arguments: [String], in folder: URL? = nil) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
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

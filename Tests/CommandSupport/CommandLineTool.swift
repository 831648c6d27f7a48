import Foundation

/// Runs the programs of the package that were built beside the tests.
package struct CommandLineTool {
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

  private static let mixtures = programFolder.appendingPathComponent("mixtures").path

  /// The path of a data set that comes with the package.
  package static func dataFile(_ name: String) -> String {
    packageFolder.appendingPathComponent("Examples/Data/\(name)").path
  }

  /// The path of the tone-perception data.
  package static let toneData = dataFile("tonedata.csv")

  /// The folder in which it runs, if not that of the tests.
  package var folder: URL?
  /// What it reads from standard input.
  package var input: String
  /// Variables besides those of the tests.
  package var environment: [String: String]

  /// A program's surroundings.
  package init(in folder: URL? = nil, input: String = "", environment: [String: String] = [:]) {
    self.folder = folder
    self.input = input
    self.environment = environment
  }

  /// Runs `mixtures`.
  package static func run(_ arguments: String...) throws -> Outcome { try runAll(arguments) }

  /// Runs `mixtures` with a list of arguments.
  package static func runAll(_ arguments: [String]) throws -> Outcome { try CommandLineTool().run(arguments) }

  /// Runs `mixtures`.
  package func run(_ arguments: [String]) throws -> Outcome { try run(Self.mixtures, arguments) }

  /// Runs `mixtures` on a terminal, by the program `script`. What it prints there is in the outcome's `output`, errors too.
  package func runOnTerminal(_ arguments: [String]) throws -> Outcome {
    let words = [Self.mixtures] + arguments
    #if os(macOS)
      return try run("/usr/bin/script", ["-q", "/dev/null"] + words)
    #else
      let command = words.map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
      return try run("/usr/bin/script", ["-qec", command, "/dev/null"])
    #endif
  }

  /// Runs any program, by its path.
  package func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
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

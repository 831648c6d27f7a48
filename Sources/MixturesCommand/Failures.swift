import ArgumentParser
import Foundation
import MixtureBenchmarks
import MixtureCore
import MixtureDiagnostics
import Mixtures
import SyntheticData

extension MixturesCommand {
  /// Runs the command that the arguments name. An error is told on standard error, and decides the exit code.
  static func main() async {
    Memory.shareWhereLimited()
    do {
      try OpenFiles.require()
      // Without memory for threads nothing can be done, and whoever asks for one may wait for ever.
      try Memory.require(0, for: "the program itself")
      Signals.listen()
      var command = try parse(Array(CommandLine.arguments.dropFirst()))
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch FileError.closedPipe {
      Signals.end(by: SIGPIPE)
    } catch {
      switch exitCode(for: error) {
      // Help or the version was asked for.
      case .success: end(saying: fullMessage(for: error))
      // It quotes what was typed.
      case .validationFailure: fail(fullMessage(for: error).shortened, code: ExitCode.validationFailure.rawValue)
      // The formula stands below with a caret.
      default: fail(error is FormulaError ? "\(error)" : "\(error)".printable.shortened, code: code(of: error))
      }
    }
  }

  /// The command that the arguments of the program name.
  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    if let unknown = UnknownWord.command(in: arguments) { throw unknown }
    do { return try parseAsRoot(arguments) } catch let error where exitCode(for: error) != .success {
      throw UnknownWord.argument(in: arguments) ?? error
    }
  }

  /// Ends with what was asked for. Of help, ArgumentParser wraps all but the usage.
  private static func end(saying message: String) -> Never {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if !message.isEmpty {
      print(lines.map { $0.hasPrefix("USAGE: ") ? Console.output.wrapped($0) : $0 }.joined(separator: "\n"))
    }
    Foundation.exit(ExitCode.success.rawValue)
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    let label = "Error: "
    let text = message.hasPrefix(label) ? String(message.dropFirst(label.count)) : message
    Console.errors.write(error: text)
    Foundation.exit(code)
  }

  /// 64 usage, 65 bad data, 69 no gnuplot, 73 a file that cannot be written, 70 anything else.
  private static func code(of error: any Error) -> Int32 {
    switch error {
    case is UnknownWord, is FormulaError, is SyntheticDataError, is ArgumentError, MixtureError.refused,
      MixtureError.gateMismatch,
      FigureError.unknownFormat,
      FigureError.noFeature, FigureError.notHeld:
      64
    case FigureError.gnuplot: 69
    case FileError.unwritable, BenchmarkError.inUse: 73
    case is DataError, is FileError, is MemoryError, is OpenFilesError, is BenchmarkError, MixtureError.symmetricStart,
      MixtureError.noPrediction, MixtureError.allStartsFailed:
      65
    default: 70
    }
  }
}

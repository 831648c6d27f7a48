import ArgumentParser
import Foundation
import MixtureDiagnostics
import Mixtures

/// Does a command's work. An error is told on standard error, and decides the exit code.
func reportingFailures(_ work: () async throws -> Void) async throws {
  do { try await work() } catch {
    FileHandle.standardError.write(Data("mixtures: \(error)\n".utf8))
    throw ExitCode(exitCode(of: error))
  }
}

/// 64 usage, 65 bad data, 73 a file that cannot be written, 70 anything else.
private func exitCode(of error: any Error) -> Int32 {
  switch error {
  case is FormulaError, MixtureError.refused, FigureError.unknownFormat, FigureError.noFeature: 64
  case ModelFileError.unwritable, FigureError.unwritable: 73
  case is DataError, is ModelFileError, MixtureError.symmetricStart, MixtureError.noPrediction: 65
  default: 70
  }
}

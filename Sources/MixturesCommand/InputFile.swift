import ArgumentParser
import Foundation

/// A file of a model or of the truth that a command reads; `-` is standard input.
struct InputFile: ExpressibleByArgument {
  let url: URL
  let isStandardInput: Bool

  init(argument: String) {
    isStandardInput = argument == "-"
    url = URL(fileURLWithPath: isStandardInput ? "/dev/stdin" : argument)
  }

  static var defaultCompletionKind: CompletionKind { .modelFile }

  /// Makes sure that standard input is read once.
  ///
  /// - Throws: `ValidationError`.
  static func check(_ files: [InputFile], data: String? = nil) throws {
    guard files.count(where: \.isStandardInput) + (data == "-" ? 1 : 0) <= 1 else {
      throw ValidationError("only one of the files can be standard input (-)")
    }
  }
}

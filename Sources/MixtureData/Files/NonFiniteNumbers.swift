import Foundation

extension JSONEncoder {
  /// An encoder that writes numbers which JSON does not have as text: "∞", "-∞" and "NaN"; unless told otherwise, for people to read.
  package static func ofAllNumbers(
    _ formatting: OutputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  ) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    return encoder
  }
}

extension JSONDecoder {
  /// A decoder that reads numbers which JSON does not have from text: "∞", "-∞" and "NaN".
  package static var ofAllNumbers: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    return decoder
  }
}

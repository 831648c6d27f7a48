import Foundation

/// One run of the command: the files that stand in its folder, and its arguments.
package struct FuzzCase: Sendable, Equatable, Codable {
  /// A file's bytes; as text in JSON, if they are UTF-8.
  package struct Content: Sendable, Equatable, Codable {
    /// The bytes.
    package var bytes: [UInt8]

    /// A file of these bytes.
    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    private enum Key: String, CodingKey { case text, base64 }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      if let text = try container.decodeIfPresent(String.self, forKey: .text) {
        self.init(text.utf8)
      } else {
        try self.init(container.decode(Data.self, forKey: .base64))
      }
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if let text = String(validating: bytes, as: UTF8.self) {
        try container.encode(text, forKey: .text)
      } else {
        try container.encode(Data(bytes), forKey: .base64)
      }
    }
  }

  /// What was changed: tables, models and so on.
  package var kind: String
  /// The words behind `mixtures`.
  package var arguments: [String]
  /// The files by their paths in the folder. What the command may replace begins with `out`.
  package var files: [String: Content]

  /// A case.
  package init(kind: String, arguments: [String], files: [String: [UInt8]]) {
    self.kind = kind
    self.arguments = arguments
    self.files = files.mapValues(Content.init)
  }

  /// Reads a case that was kept.
  package init(contentsOf url: URL) throws {
    self = try JSONDecoder().decode(FuzzCase.self, from: Data(contentsOf: url))
  }

  /// Keeps the case.
  package func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: url)
  }
}

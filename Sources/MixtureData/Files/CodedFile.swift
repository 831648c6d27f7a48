import Foundation
import MixtureCore

/// A kind of files in JSON, in which every number comes back to the bit: they say what they are and the version of their format, and both
/// come first.
package struct CodedFile<Content: Codable>: Sendable {
  /// What the kind is called.
  package let kind: String
  /// What writes such files.
  package let origin: String
  /// What a file calls itself.
  package let application: String
  /// The version of the format.
  package let version: Int
  /// What to do with a file of an older version, or one that is damaged.
  package let renewal: String

  /// A kind of files.
  package init(kind: String, origin: String, application: String, version: Int, renewal: String) {
    (self.kind, self.origin, self.application, self.version) = (kind, origin, application, version)
    self.renewal = renewal
  }

  /// Reads a file.
  ///
  /// - Throws: ``FileError`` for a file that cannot be read, is of another kind, is damaged, is older or newer than this program, or
  ///   holds a part that is not registered.
  package func read(_ url: URL) throws -> Content {
    try read(readable(url.relativePath) { try ByteSource(url) })
  }

  /// Reads a file that has been opened.
  ///
  /// - Throws: ``FileError`` as for a file by its name.
  package func read(_ source: ByteSource) throws -> Content {
    let path = source.name
    let wrongKind = FileError.wrongKind(path: path, kind: kind, origin: origin)
    // What begins like such a file but is no JSON was cut off or changed.
    let beginsAlike = source.beginning.contains("\"application\" : \"\(application)\"")
    guard source.opensAnObject || beginsAlike else { throw wrongKind }
    let data = try readable(path, source.all)
    guard let name = try? JSONDecoder.ofAllNumbers.decode(Name.self, from: data), name.application == application
    else { throw beginsAlike ? damaged(path, "it is not complete JSON") : wrongKind }
    let header = try decoded(Header.self, from: data, path)
    guard header.format >= 1 else { throw damaged(path, "format: \(header.format), but formats are numbered from 1") }
    guard header.format <= version else {
      throw FileError.newer(path: path, version: header.format, known: version)
    }
    guard header.format == version else {
      throw FileError.older(path: path, version: header.format, known: version, renewal: renewal)
    }
    return try decoded(Content.self, from: data, path)
  }

  private func decoded<Value: Decodable>(_ type: Value.Type, from data: Data, _ path: String) throws -> Value {
    do { return try JSONDecoder.ofAllNumbers.decodeWithPlace(type, from: data) } catch let error as DecodingError {
      throw fileError(error, path)
    } catch { throw damaged(path, "\(error)") }
  }

  /// What the text of every file begins with: the brace and the first key, with the line that they are on.
  package var head: String { "{\n  \"application\" : \"\(application)\",\n" }

  /// The text of a file.
  package func text(_ content: Content) throws -> Data {
    let encoder = JSONEncoder.ofAllNumbers()
    return try encoder.encode(Headed(header: Header(application: application, format: version), content: content))
  }

  /// Writes a file. One that exists is replaced only by a complete new one.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package func write(_ content: Content, to url: URL) throws {
    let file = try AtomicFile(at: url)
    try file.write(text(content))
    try file.complete()
  }

  private func readable<Result>(_ path: String, _ read: () throws -> Result) throws -> Result {
    do { return try read() } catch let error as MemoryError { throw error } catch {
      throw FileError.unreadable(path: path, reason: systemReason(error))
    }
  }

  private func damaged(_ path: String, _ place: String) -> FileError {
    .damaged(path: path, kind: kind, place: place.shortened, renewal: renewal)
  }

  private struct Name: Decodable {
    var application: String
  }

  private struct Header: Codable {
    var application: String
    var format: Int
  }

  /// A content whose keys stand beside those of the header.
  private struct Headed: Encodable {
    var header: Header
    var content: Content

    func encode(to encoder: any Encoder) throws {
      try header.encode(to: encoder)
      try content.encode(to: encoder)
    }
  }

  private func fileError(_ error: DecodingError, _ path: String) -> FileError {
    if case .dataCorrupted(let context) = error, context.underlyingError is PartRegistry.UnknownPart {
      return .unknownPart(path: path, reason: error.place.shortened)
    }
    return damaged(path, error.place)
  }
}

extension DecodingError {
  /// What is wrong, and where in the file.
  package var place: String {
    func path(_ context: Context) -> String {
      // What belongs to a kind without a name of its own stands under a number.
      let named = context.codingPath.filter { $0.intValue != nil || $0.stringValue.firstMatch(of: /^_[0-9]+$/) == nil }
      let keys = named.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return keys.isEmpty ? "the whole" : keys.joined(separator: " › ")
    }
    switch self {
    case .keyNotFound(let key, let context): return "\"\(key.stringValue)\" is missing in \(path(context))"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(path(context)): must be \(Self.words(for: type))"
    // What is wrong with the whole says where.
    case .dataCorrupted(let context):
      let words = Self.words(for: context.debugDescription)
      return context.codingPath.isEmpty ? words : "\(path(context)): \(words)"
    @unknown default: return "\(self)"
    }
  }

  /// What people understand, in place of what the compiler's own decoding says of a range, or of a value that is one of a few where nobody
  /// can list these.
  private static func words(for description: String) -> String {
    guard description.hasPrefix("Cannot initialize ") else { return description }
    guard let value = description.firstRange(of: " value ") else { return "the first number must not be above the second" }
    return "\"\(description[value.upperBound...])\" is none of the values that it can have"
  }

  /// What people call a type of JSON.
  private static func words(for type: any Any.Type) -> String {
    switch type {
    case is String.Type: "text"
    case is Bool.Type: "true or false"
    case is any UnsignedInteger.Type: "a whole number that is not negative"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [String: Any].Type: "an object in braces"
    case is [Any].Type: "a list in brackets"
    // One of several kinds, each with values of its own.
    default: "an object with one key, its kind"
    }
  }
}

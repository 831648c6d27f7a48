import Foundation

/// A fit in a file: JSON with everything that prediction and description need, every number to the bit.
///
/// The file says what it is and the version of its format. Parts are found by their names: those of the package are known,
/// others must be registered with `PartRegistry` before reading.
public struct ModelFile: Sendable {
  /// The fit.
  public var fit: Fit

  /// What a file calls itself, and the newest version of the format that this program knows. In the file both come first.
  private static let application = "swift-mixtures"
  private static let version = 1

  /// A file to be written.
  public init(_ fit: Fit) { self.fit = fit }

  /// Reads a file.
  ///
  /// - Throws: ``ModelFileError`` for a file that cannot be read, is no model, is damaged, is newer than this program, or holds
  ///   a part that is not registered.
  public init(contentsOf url: URL) throws {
    PartRegistry.registerBuiltInParts()
    let path = url.path
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw ModelFileError.unreadable(path: path, reason: error.localizedDescription)
    }
    let decoder = Self.decoder
    guard let header = try? decoder.decode(Header.self, from: data), header.application == Self.application
    else {
      // What begins like a model but is no JSON was cut off or changed.
      let isDamaged = String(decoding: data.prefix(4096), as: UTF8.self).contains(
        "\"application\" : \"\(Self.application)\"")
      throw isDamaged
        ? ModelFileError.damaged(path: path, place: "it is not complete JSON") : ModelFileError.notAModel(path: path)
    }
    guard header.format <= Self.version else {
      throw ModelFileError.newer(path: path, version: header.format, known: Self.version)
    }
    do { fit = try decoder.decode(Content.self, from: data).model } catch let error as DecodingError {
      throw ModelFileError(error, path: path)
    } catch {
      throw ModelFileError.damaged(path: path, place: "\(error)")
    }
  }

  /// Writes the file. One that exists is replaced only by a complete new one.
  ///
  /// - Throws: ``ModelFileError/unwritable(path:reason:)``.
  public func write(to url: URL) throws {
    do {
      try Self.encoder.encode(Content(application: Self.application, format: Self.version, model: fit)).write(
        to: url, options: .atomic)
    } catch { throw ModelFileError.unwritable(path: url.path, reason: error.localizedDescription) }
  }

  private struct Header: Decodable {
    var application: String
    var format: Int
  }

  private struct Content: Codable {
    var application: String
    var format: Int
    var model: Fit
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    return decoder
  }
}

/// Why a model file cannot be read or written.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened.
  case unreadable(path: String, reason: String)
  /// The file cannot be written; what was there before still is.
  case unwritable(path: String, reason: String)
  /// The file is something else.
  case notAModel(path: String)
  /// The file was a model, but is cut off or changed.
  case damaged(path: String, place: String)
  /// The file was written by a newer version.
  case newer(path: String, version: Int, known: Int)
  /// A part's type is not registered.
  case unknownPart(path: String, reason: String)

  /// What is wrong with which file, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason) Does its folder exist, and may you write there?"
    case .notAModel(let path): "\(path): not a model file; those are written by `mixtures fit … --output`"
    case .damaged(let path, let place): "\(path): a damaged model file: \(place)"
    case .newer(let path, let version, let known):
      "\(path): format \(version), but this program knows formats up to \(known): update it"
    case .unknownPart(let path, let reason): "\(path): \(reason)"
    }
  }

  fileprivate init(_ error: DecodingError, path: String) {
    func keys(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: " › ")
    }
    switch error {
    case .dataCorrupted(let context) where context.debugDescription.hasPrefix("unknown"):
      self = .unknownPart(path: path, reason: context.debugDescription)
    case .keyNotFound(let key, let context):
      self = .damaged(path: path, place: "\"\(key.stringValue)\" is missing in \(keys(context))")
    case .dataCorrupted(let context), .valueNotFound(_, let context), .typeMismatch(_, let context):
      self = .damaged(path: path, place: "at \(keys(context)): \(context.debugDescription)")
    @unknown default: self = .damaged(path: path, place: "\(error)")
    }
  }
}

import Foundation

/// A fit with the design that made its features from a table: what prediction from new tables needs. It can be saved, as JSON in
/// which every number comes back to the bit.
///
/// A file says what it is and the version of its format. Parts are found by their names: those of the package are known, others
/// must be registered with `PartRegistry` before reading.
public struct FittedMixture: Sendable {
  /// The fit.
  public var fit: Fit
  /// How features come from a table's columns; nil where features are columns themselves.
  public var design: Design?

  /// What a file calls itself, and the newest version of the format that this program knows. In the file both come first.
  private static let application = "swift-mixtures"
  private static let version = 1

  /// A fit whose features are columns of tables, or are made of them by `design`.
  public init(_ fit: Fit, design: Design? = nil) {
    self.fit = fit
    self.design = design
  }

  /// The rows of a table, response included.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit, or an unknown level.
  public func observations(_ table: Table) throws -> Observations {
    try design.map { try $0.observations(of: table) } ?? fit.observations(table)
  }

  /// The predictive law of each row of a table. The response is not needed.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit, or an unknown level; `MixtureError` if the experts cannot predict.
  public func predict(_ table: Table) throws -> [MixtureDistribution] {
    try design.map { try fit.mixture.predict($0.predictors(of: table)) } ?? fit.predict(table)
  }

  /// The response of each row of a table.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit.
  public func response(_ table: Table) throws -> [Double] {
    try design.map { try $0.response(of: table)[0].values } ?? table.numbers(fit.data.responses[0].name)
  }

  /// Reads a file.
  ///
  /// - Throws: ``ModelFileError`` for a file that cannot be read, is no model, is damaged, is newer than this program, or holds
  ///   a part that is not registered.
  public init(contentsOf url: URL) throws {
    PartRegistry.registerBuiltInParts()
    let path = url.relativePath
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw ModelFileError.unreadable(path: path, reason: systemReason(error))
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
    do {
      let content = try decoder.decode(Content.self, from: data)
      (fit, design) = (content.model, content.design)
    } catch let error as DecodingError {
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
      let content = Content(application: Self.application, format: Self.version, design: design, model: fit)
      try Self.encoder.encode(content).write(to: url, options: .atomic)
    } catch { throw ModelFileError.unwritable(path: url.relativePath, reason: systemReason(error)) }
  }

  private struct Header: Decodable {
    var application: String
    var format: Int
  }

  private struct Content: Codable {
    var application: String
    var format: Int
    var design: Design?
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
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
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

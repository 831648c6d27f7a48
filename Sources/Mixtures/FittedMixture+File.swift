import Foundation

/// A file is JSON in which every number comes back to the bit. It says what it is and the version of its format. Parts are found by
/// their names: those of the package are known, others must be registered with `PartRegistry` before reading.
extension FittedMixture {
  /// What a file calls itself, and the newest version of the format that this program knows. In the file both come first.
  private static let application = "swift-mixtures"
  private static let version = 1

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
      if let part = try fit.mixture.partUnfit(for: fit.data) {
        throw ModelFileError.damaged(path: path, place: "\(part) has too few numbers, or too many")
      }
    } catch let error as DecodingError {
      throw ModelFileError(error, path: path)
    } catch let error as ModelFileError {
      throw error
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
    var design: Design
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

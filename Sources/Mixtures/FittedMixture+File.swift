import Foundation

/// A file is JSON in which every number comes back to the bit. It says what it is and the version of its format. Parts are found by
/// their names: those of the package are known, others must be registered with `PartRegistry` before reading.
extension FittedMixture {
  private static let file = CodedFile<Content>(
    kind: "model", origin: "`mixtures fit … --output`", application: "swift-mixtures", version: 1)

  /// Reads a file.
  ///
  /// - Throws: `FileError` for a file that cannot be read, is no model, is damaged, is newer than this program, or holds
  ///   a part that is not registered.
  public init(contentsOf url: URL) throws {
    PartRegistry.registerBuiltInParts()
    let content = try Self.file.read(url) { content in
      try content.model.mixture.partUnfit(for: content.model.data).map { "\($0) has too few numbers, or too many" }
    }
    (fit, design) = (content.model, content.design)
  }

  /// Writes the file. One that exists is replaced only by a complete new one.
  ///
  /// - Throws: `FileError.unwritable`.
  public func write(to url: URL) throws { try Self.file.write(Content(design: design, model: fit), to: url) }

  private struct Content: Codable {
    var design: Design
    var model: Fit
  }
}

import Foundation

/// A file is JSON in which every number comes back to the bit. It says what it is and the version of its format. Parts are found by
/// their names: those of the package are known, others must be registered with `PartRegistry` before reading.
extension FittedMixture {
  private static let file = CodedFile<Content>(
    kind: "model", origin: "`mixtures fit … --output`", application: "swift-mixtures", version: 5,
    renewal: "fit the model again")

  /// Reads a file.
  ///
  /// - Throws: `FileError` for a file that cannot be read, is no model, is damaged, is older or newer than this program, or holds
  ///   a part that is not registered: it tells which value is wrong, where in the file, and what it must be.
  public init(contentsOf url: URL) throws {
    PartRegistry.registerBuiltInParts()
    self.init(try Self.file.read(url))
  }

  /// Reads a file that has been opened.
  ///
  /// - Throws: `FileError` as ``init(contentsOf:)``.
  package init(_ source: ByteSource) throws {
    PartRegistry.registerBuiltInParts()
    self.init(try Self.file.read(source))
  }

  private init(_ content: Content) { (record, design) = (content.model, content.design) }

  /// Writes the file. One that exists is replaced only by a complete new one.
  ///
  /// - Throws: `FileError.unwritable`, also where the mixture was changed so that it does not belong to the fit any more.
  public func write(to url: URL) throws {
    let content = Content(design: design, model: record)
    do { try content.validate() } catch {
      throw FileError.unwritable(path: url.relativePath, reason: "the model is not as a fit left it: \(error)")
    }
    try Self.file.write(content, to: url)
  }

  private struct Content: Codable {
    var design: Design
    var model: Fit

    init(design: Design, model: Fit) { (self.design, self.model) = (design, model) }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      design = try container.decode(Design.self, forKey: .design)
      model = try container.decode(Fit.self, forKey: .model)
      try decoder.checking { try validateDesign() }
    }

    /// The parts have been checked by themselves as they were decoded.
    func validateDesign() throws { try UnfitValue.at("design") { try design.validate(for: model.data) } }

    func validate() throws {
      try UnfitValue.at("model") { try model.validate() }
      try validateDesign()
    }

    private enum CodingKeys: String, CodingKey { case design, model }
  }
}

import MixtureCore

/// A part behind an existential type `Kind`, which is coded as its name and its value (see `CodedPart`).
@propertyWrapper
public struct CodedByName<Kind: Sendable>: Sendable, Codable {
  /// The part.
  public var wrappedValue: Kind

  /// Wraps a part.
  public init(wrappedValue: Kind) { self.wrappedValue = wrappedValue }

  /// Decodes the part with the type that is registered under its name, those of this module being so, and checks its parameters.
  ///
  /// - Throws: `DecodingError` for a name that nobody registered, a part that is not of the kind, or one that finds fault with
  ///   its parameters (`validate()`).
  public init(from decoder: any Decoder) throws {
    PartRegistry.registerSyntheticParts()
    let part = try CodedPart(from: decoder).part
    guard let value = part as? Kind else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(type(of: part).partName) is not \(Kind.self)"))
    }
    wrappedValue = value
  }

  /// Encodes the name and the part.
  public func encode(to encoder: any Encoder) throws {
    guard let part = wrappedValue as? any Part else {
      throw EncodingError.invalidValue(
        wrappedValue, .init(codingPath: encoder.codingPath, debugDescription: "\(type(of: wrappedValue)) is not a Part"))
    }
    try CodedPart(part).encode(to: encoder)
  }
}

/// A part behind an existential type `Kind`, such as `any Gate`, which is coded as the name of its type (see ``PartRegistry``) and its value.
@propertyWrapper
public struct CodedByName<Kind: Sendable>: Sendable, Codable {
  /// The part.
  public var wrappedValue: Kind

  /// Wraps a part.
  public init(wrappedValue: Kind) { self.wrappedValue = wrappedValue }

  private enum CodingKeys: String, CodingKey { case part, value }

  /// Decodes the part with the type that is registered under its name, and checks its values (``Validatable/validate()``).
  ///
  /// - Throws: `DecodingError` for a name that is not in ``PartRegistry``, a part that is not of the kind, or values that are unfit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try PartRegistry.type(in: container, forKey: .part)
    let part = try container.decode(type, forKey: .value)
    do { try validateAll(part) } catch { throw DecodingError.unfit(error, in: container, forKey: .value) }
    guard let value = part as? Kind else {
      throw DecodingError.dataCorruptedError(
        forKey: .part, in: container, debugDescription: "\(type.partName.inWords) stands where there must be \(Self.kind)")
    }
    wrappedValue = value
  }

  /// What the parts are, in words: `a prior` for `any Prior<Gaussian>`.
  private static var kind: String {
    let words = String(String(describing: Kind.self).trimmingPrefix("any ").prefix { $0 != "<" }).inWords
    return (words.first.map("aeiou".contains) ?? false ? "an " : "a ") + words
  }

  /// Encodes the name under `part`, and the part itself under `value`.
  public func encode(to encoder: any Encoder) throws {
    guard let part = wrappedValue as? any Part else {
      throw EncodingError.invalidValue(
        wrappedValue, .init(codingPath: encoder.codingPath, debugDescription: "\(type(of: wrappedValue)) is not a Part"))
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(PartRegistry.name(of: type(of: part)), forKey: .part)
    try container.encode(part, forKey: .value)
  }
}

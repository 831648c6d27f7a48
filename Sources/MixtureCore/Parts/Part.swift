/// A value that a mixture is composed of. Where a part is stored as an existential, its type is found again by ``PartRegistry``.
public protocol Part: Validatable, Codable {
  /// The name in messages and tables; the type's own name by default.
  static var partName: String { get }
}

extension Part {
  /// The type's own name, without its module.
  public static var partName: String { String(describing: Self.self) }
}

/// Codes a part behind an existential as the name of its type (see ``PartRegistry``) and its value.
public struct CodedPart: Codable {
  /// The part.
  public let part: any Part

  /// Wraps `part` for encoding.
  public init(_ part: any Part) { self.part = part }

  private enum CodingKeys: String, CodingKey { case part, value }

  /// Decodes the part with the type registered under its name, and checks its values (``Validatable/validate()``).
  ///
  /// - Throws: `DecodingError` for a name that is not in ``PartRegistry``, or values that are unfit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try PartRegistry.type(in: container, forKey: .part)
    part = try container.decode(type, forKey: .value)
    do { try validateAll(part) } catch { throw DecodingError.unfit(error, in: container, forKey: .value) }
  }

  /// Encodes the name under `part` and the part itself under `value`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(PartRegistry.name(of: type(of: part)), forKey: .part)
    try container.encode(part, forKey: .value)
  }
}

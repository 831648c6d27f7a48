import Synchronization

/// A value that a mixture is composed of. Where a part is stored as an existential, its name finds its type again.
public protocol Part: Sendable, Codable {
  /// The name in files and messages; the type's own name by default.
  static var partName: String { get }
}

extension Part {
  /// The type's own name, without its module.
  public static var partName: String { String(describing: Self.self) }
}

/// The types of parts that can be decoded by name.
public enum PartRegistry {
  private static let types = Mutex<[String: any Part.Type]>([:])

  /// Makes `type` known under its name.
  public static func register(_ type: any Part.Type) {
    types.withLock { $0[type.partName] = type }
  }

  /// Whether a type is one of the package's own.
  package static func isBuiltIn(_ type: any Part.Type) -> Bool {
    modules.contains(String(String(reflecting: type).prefix { $0 != "." }))
  }

  /// The modules of the package that have parts.
  private static let modules: Set = ["MixtureCore", "ConjugateFamilies", "Experts", "Gates", "SyntheticData"]

  static func type(named name: String) -> (any Part.Type)? { types.withLock { $0[name] } }
}

/// Codes a part behind an existential as its name and its value.
public struct CodedPart: Codable {
  /// The part.
  public let part: any Part

  /// Wraps `part` for encoding.
  public init(_ part: any Part) { self.part = part }

  private enum CodingKeys: String, CodingKey { case part, value }

  /// Decodes the part with the type registered under its name.
  ///
  /// - Throws: `DecodingError` for a name that is not in ``PartRegistry``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .part)
    guard let type = PartRegistry.type(named: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .part, in: container,
        debugDescription: "unknown part \"\(name)\": register its type with PartRegistry before decoding")
    }
    part = try container.decode(type, forKey: .value)
  }

  /// Encodes the name under `part` and the part itself under `value`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type(of: part).partName, forKey: .part)
    try container.encode(part, forKey: .value)
  }
}

/// A value that a mixture is composed of. Where a part is stored as an existential, its type is found again by ``PartRegistry`` (see ``CodedByName``).
public protocol Part: Validatable, Codable {
  /// The name in messages and tables; the type's own name by default.
  static var partName: String { get }
}

extension Part {
  /// The type's own name, without its module.
  public static var partName: String { String(describing: Self.self) }
}

import GSL
import Synchronization

/// The types of parts that can be decoded by name.
///
/// In files a type is called after its module and itself, such as `Experts.LinearExpert`: so parts of yours may be called like those of
/// others.
public enum PartRegistry {
  /// Two types that files would call alike, such as private ones of two files of a module.
  public struct NameTaken: DescribedError, Equatable {
    /// What both are called.
    public let name: String

    /// What is wrong, and what to do.
    public var description: String {
      "another type is registered as \(name), so a file would not tell them apart: give one of them another name"
    }
  }

  private static let types = Mutex<[String: any Part.Type]>([:])

  /// Makes `type` known, so that files with parts of it can be read. A type may be registered any number of times.
  ///
  /// - Throws: ``NameTaken`` for another type of the same name and module.
  public static func register(_ type: any Part.Type) throws(NameTaken) {
    let name = name(of: type)
    let isTaken = types.withLock { types in
      let known = types[name]
      if known == nil { types[name] = type }
      return known.map { $0 != type } ?? false
    }
    if isTaken { throw NameTaken(name: name) }
  }

  /// Makes parts of the package known, which differ in their names.
  package static func register(builtIn newTypes: [any Part.Type]) {
    types.withLock { types in
      for type in newTypes { types[name(of: type)] = type }
    }
  }

  /// What files call a type: its module and its name, and those of the types around it.
  package static func name(of type: any Part.Type) -> String {
    // Of a private type, Swift says where in the memory its file is described.
    String(reflecting: type).replacing(/\(unknown context at \$[0-9a-f]+\)\./, with: "")
  }

  /// Whether a type is one of the package's own.
  package static func isBuiltIn(_ type: any Part.Type) -> Bool {
    modules.contains(String(name(of: type).prefix { $0 != "." }))
  }

  /// The modules of the package that have parts.
  private static let modules: Set = ["MixtureCore", "ConjugateFamilies", "Experts", "Gates", "SyntheticData"]

  /// The type that a file names.
  ///
  /// - Throws: `DecodingError` for a name that is not registered.
  static func type<Key>(in container: KeyedDecodingContainer<Key>, forKey key: Key) throws -> any Part.Type {
    let name = try container.decode(String.self, forKey: key)
    if let type = types.withLock({ $0[name] }) { return type }
    let error = UnknownPart(name: name.shortened)
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: container.codingPath + [key], debugDescription: error.description, underlyingError: error))
  }

  /// A name in a file of which no type is registered.
  package struct UnknownPart: DescribedError {
    let name: String

    /// The name, and what to do with the file.
    package var description: String {
      let module = String(name.prefix { $0 != "." })
      return modules.contains(module)
        ? "\"\(name)\" is no part that this version knows: update the program, or undo the change"
        : "\"\(name)\" is a part of another program: read the file with one that registers it (PartRegistry)"
    }
  }
}

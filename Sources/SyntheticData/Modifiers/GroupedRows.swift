import MixtureCore

/// Any generator whose rows come in groups that share an assignment, drawn by the weights at the first row of the group.
public struct GroupedRows: GeneratorModifier {
  /// The generator of the rows.
  @CodedByName public private(set) var base: any Generator
  /// How many rows that follow one another share an assignment.
  public let rowsPerAssignment: Int

  /// A generator with so many rows in each group.
  ///
  /// - Throws: as ``validate()``.
  public init(_ base: any Generator, rowsPerAssignment: Int) throws {
    _base = CodedByName(wrappedValue: base)
    self.rowsPerAssignment = rowsPerAssignment
    try validate()
  }

  /// - Throws: `ArgumentError` for less than one row or more than a million; ``SyntheticDataError`` if rows of the base share
  ///   assignments already; what the base throws.
  public func validate() throws {
    try base.validate()
    try Self.requireCount(rowsPerAssignment, atLeast: 1, argument: "rowsPerAssignment")
    guard base.rowsPerAssignment == 1 else {
      throw SyntheticDataError("\(base.rowsPerAssignment) rows share an assignment already: group them once")
    }
  }
}

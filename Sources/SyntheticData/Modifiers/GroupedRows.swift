import MixtureCore

/// Any generator whose rows come in groups that share an assignment, drawn by the weights at the first row of the group.
public struct GroupedRows: GeneratorModifier {
  /// The generator of the rows.
  @CodedByName public private(set) var base: any Generator
  /// How many rows that follow one another share an assignment.
  public let rowsPerAssignment: Int

  /// A generator with so many rows in each group, at least one.
  ///
  /// - Throws: ``SyntheticDataError`` if rows of the base share assignments already.
  public init(_ base: any Generator, rowsPerAssignment: Int) throws {
    precondition(rowsPerAssignment >= 1, "one row at least shares an assignment with itself")
    guard base.rowsPerAssignment == 1 else {
      throw SyntheticDataError("\(base.rowsPerAssignment) rows share an assignment already: group them once")
    }
    _base = CodedByName(wrappedValue: base)
    self.rowsPerAssignment = rowsPerAssignment
  }
}

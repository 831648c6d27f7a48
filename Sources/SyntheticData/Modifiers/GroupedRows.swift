import MixtureCore

/// Any generator whose rows come in groups that share an assignment, drawn by the weights at the first row of the group.
public struct GroupedRows: GeneratorModifier {
  /// The generator of the rows.
  @CodedByName public private(set) var base: any Generator
  /// How many rows that follow one another share an assignment.
  public let rowsPerAssignment: Int

  /// A generator with so many rows in each group.
  ///
  /// - Throws: ``SyntheticDataError`` for less than one row, or if rows of the base share assignments already.
  public init(_ base: any Generator, rowsPerAssignment: Int) throws {
    guard rowsPerAssignment >= 1 else { throw SyntheticDataError("groups of \(rowsPerAssignment) rows: give at least one") }
    guard base.rowsPerAssignment == 1 else {
      throw SyntheticDataError("\(base.rowsPerAssignment) rows share an assignment already: group them once")
    }
    _base = CodedByName(wrappedValue: base)
    self.rowsPerAssignment = rowsPerAssignment
  }
}

extension GroupedRows {
  private enum CodingKeys: CodingKey { case base, rowsPerAssignment }

  /// Decodes the base and the number of rows.
  ///
  /// - Throws: `DecodingError`; ``SyntheticDataError`` for what no generator can have.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(CodedByName<any Generator>.self, forKey: .base).wrappedValue,
      rowsPerAssignment: container.decode(Int.self, forKey: .rowsPerAssignment))
  }
}

import GSL
import MixtureCore

/// A generator made of another, of which it changes something: what a type does not say is as it is in the other.
public protocol GeneratorModifier: Generator {
  /// The other.
  var base: any Generator { get }
}

extension GeneratorModifier {
  /// Checks the base.
  ///
  /// - Throws: `ArgumentError` or ``SyntheticDataError`` for what is wrong with it.
  public func validate() throws { try base.validate() }
  /// Those of the base.
  public var features: [ColumnSchema] { base.features }
  /// Those of the base.
  public var response: [ColumnSchema] { base.response }
  /// As many as the base has.
  public var expertCount: Int { base.expertCount }
  /// As many as in the base.
  public var rowsPerAssignment: Int { base.rowsPerAssignment }
  /// As many as in the base.
  public var operationsPerRow: Int { base.operationsPerRow }
  /// Whether the base knows them.
  public var hasMeans: Bool { base.hasMeans }
  /// Lets the base draw.
  public func drawFeatures(_ block: inout RowBlock) { base.drawFeatures(&block) }
  /// Those of the base.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) { base.logWeights(block, into: &terms) }
  /// Lets the base draw.
  public func drawResponse(_ block: inout RowBlock) { base.drawResponse(&block) }
  /// Those of the base.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix) { base.logDensities(block, into: &terms) }
  /// Those of the base.
  public func means(_ block: RowBlock, into means: inout Matrix) { base.means(block, into: &means) }
  /// Those of the base.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate] { base.parameters(ofExpert: expert) }
}

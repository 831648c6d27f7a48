import GSL
import MixtureCore

/// A generator made of another, of which it changes something: what a type does not say is as it is in the other. Further features come behind
/// those that there are.
public protocol GeneratorModifier: Generator {
  /// The generator that it changes.
  var base: any Generator { get }
}

extension GeneratorModifier {
  /// Checks the base.
  ///
  /// - Throws: `ArgumentError` or ``SyntheticDataError`` for what is wrong with it.
  public func validate() throws { try base.validate() }
  /// The features are those of the base.
  public var features: [ColumnSchema] { base.features }
  /// The response is that of the base.
  public var response: [ColumnSchema] { base.response }
  /// There are as many experts as in the base.
  public var expertCount: Int { base.expertCount }
  /// As many rows share an assignment as in the base.
  public var rowsPerAssignment: Int { base.rowsPerAssignment }
  /// A row costs as many operations as in the base.
  public var operationsPerRow: Int { base.operationsPerRow }
  /// The means are known where the base knows them.
  public var hasMeans: Bool { base.hasMeans }
  /// The feature of the trials is that of the base.
  public var trialsFeature: Int? { base.trialsFeature }
  /// The feature of the exposure is that of the base.
  public var exposureFeature: Int? { base.exposureFeature }
  /// Lets the base draw.
  public func drawFeatures(_ block: inout RowBlock) { base.drawFeatures(&block) }
  /// Writes the weights of the base.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) { base.logWeights(block, into: &terms) }
  /// Lets the base draw.
  public func drawResponse(_ block: inout RowBlock) { base.drawResponse(&block) }
  /// Writes the densities of the base.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix) { base.logDensities(block, into: &terms) }
  /// Writes the means of the base.
  public func means(_ block: RowBlock, into means: inout Matrix) { base.means(block, into: &means) }
  /// The parameters are those of the base.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate] { base.parameters(ofExpert: expert) }
}

extension Generator {
  /// What is left when all modifiers are taken away.
  package var innermost: any Generator { (self as? any GeneratorModifier)?.base.innermost ?? self }
}

import GSL
import MixtureCore

/// The weights of the experts of a ``SyntheticMixture``.
public protocol ExpertWeights: SyntheticPart {
  /// The number of experts.
  var expertCount: Int { get }
  /// Writes ln π_k(x_i) into row i, column k of `terms`, for all rows of a block.
  func logWeights(_ block: RowBlock, into terms: inout Matrix)
  /// Checks that the weights, whose parameters are right, can be told from features of the given columns; by default they can.
  ///
  /// - Throws: ``SyntheticDataError`` that says what is missing.
  func validate(_ features: [ColumnSchema]) throws
}

extension ExpertWeights {
  /// Does nothing.
  public func validate(_ features: [ColumnSchema]) throws {}
}

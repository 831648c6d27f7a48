import GSL
import MixtureCore

/// The weights of the experts of a ``SyntheticMixture``.
public protocol WeightLaw: Part {
  /// The number of experts.
  var expertCount: Int { get }
  /// Writes ln π_k(x_i) into row i, column k of `terms`, for all rows of a block.
  func logWeights(_ block: RowBlock, into terms: inout Matrix)
}

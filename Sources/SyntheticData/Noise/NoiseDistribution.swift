import GSL
import MixtureCore

/// A distribution of noise about zero.
public protocol NoiseDistribution: SyntheticPart {
  /// Whether it has a mean, which is then zero: true by default.
  var hasMean: Bool { get }
  /// Draws a number.
  func draw(using source: inout RandomSource) -> Double
  /// Replaces each number of a column by the logarithm of the density there.
  func replaceByLogDensities(_ values: inout Matrix, column: Int)
  /// The parameters, called as a fit calls them.
  var parameters: [ParameterEstimate] { get }
}

extension NoiseDistribution {
  /// The default is true: most noise has a mean.
  public var hasMean: Bool { true }
}

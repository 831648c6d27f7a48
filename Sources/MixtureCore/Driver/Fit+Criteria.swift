import Foundation

// Criteria of a fit by maximum likelihood, whose ELBO is the log-likelihood.

extension Fit {
  /// How many free numbers maximum likelihood has estimated, those of fixed parts not among them; nil where some have a prior or a
  /// distribution.
  public var parameterCount: Int? {
    let ofBlocks = mixture.blocks.map { $0.isFixed ? 0 : $0.parameterCount }
    return (ofBlocks + [mixture.gateIsFixed ? 0 : mixture.gate.parameterCount]).reduce(0) { sum, count in
      sum.flatMap { sum in count.map { sum + $0 } }
    }
  }

  /// 2 p − 2 ln L for p parameters (Akaike 1974): the lower, the better. Nil without ``parameterCount``.
  public var aic: Double? { parameterCount.map { 2 * Double($0) - 2 * elbo.total } }

  /// p ln n − 2 ln L for n rows by their weights (Schwarz 1978): the lower, the better. Nil without ``parameterCount``.
  public var bic: Double? { parameterCount.map { Double($0) * log(dataOfFit.totalWeight) - 2 * elbo.total } }
}

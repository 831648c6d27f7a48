import GSL
import MixtureCore

/// A fixed Gaussian prior, the same for all experts, in the units of the data.
public struct FixedGaussianPrior: Prior, Equatable {
  private enum Law: Sendable, Codable, Equatable {
    case isotropic(variance: Double)
    case full(Gaussian)
  }

  private let law: Law

  /// N(0, variance · I), whatever the dimension.
  public init(variance: Double) {
    precondition(variance > 0 && variance.isFinite, "the variance must be positive")
    law = .isotropic(variance: variance)
  }

  /// The law given.
  public init(_ gaussian: Gaussian) { law = .full(gaussian) }

  /// True: the law was given for the coefficients as the user sees them.
  public var isInUnitsOfData: Bool { true }

  /// The law given, the same for every expert.
  ///
  /// - Throws: `DataError` if it was given for another number of dimensions.
  public func parameters(ofExpert expert: Int, dimension: Int) throws -> Gaussian {
    switch law {
    case .isotropic(let variance):
      return Gaussian(
        mean: Array(repeating: 0, count: dimension), precision: Cholesky(identity: dimension, scale: 1 / variance))
    case .full(let gaussian):
      guard gaussian.dimension == dimension else {
        throw DataError("the coefficient prior has \(gaussian.dimension) dimensions, not \(dimension)")
      }
      return gaussian
    }
  }

  /// Does nothing: there is nothing to learn.
  public mutating func update(from posteriors: [Gaussian], active: [Bool]) {}

  /// Σ_k KL(q(θ_k) ‖ p(θ_k)).
  public func divergence(of posteriors: [Gaussian]) throws -> Double {
    try posteriors.enumerated().reduce(0) {
      try $0 + $1.element.divergence(from: parameters(ofExpert: $1.offset, dimension: $1.element.dimension))
    }
  }
}

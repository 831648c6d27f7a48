/// Everything a user of mixtures needs: the core, the conjugate families, the experts, the gates, and readers of data.
@_exported import ConjugateFamilies
@_exported import Experts
import GSL
@_exported import Gates
@_exported import MixtureCore
@_exported import MixtureData

/// A source of random numbers; see `GSL`, which holds it, and which parts of one's own import for special functions.
public typealias RandomSource = GSL.RandomSource
/// A dense matrix in row-major order.
public typealias Matrix = GSL.Matrix
/// The Cholesky factor of a positive definite matrix.
public typealias Cholesky = GSL.Cholesky
/// An error whose description says what is wrong, where, and what to do.
public typealias DescribedError = GSL.DescribedError
/// A map x ↦ A x + b with its inverse.
public typealias AffineMap = GSL.AffineMap

extension PartRegistry {
  /// Registers the parts that come with the package, so that a saved `MixtureModel` of them can be decoded.
  public static func registerBuiltInParts() {
    register(builtIn: [
      LinearExpert.self, StudentExpert.self, PoissonExpert.self, BernoulliExpert.self, BinomialExpert.self,
      BackgroundExpert.self, GaussianPrior.self, DirichletGate.self, SoftmaxGate.self,
      PerceptronGate.self, StickBreakingGate.self, GaussianGate.self, KnownGate.self, MembershipGate.self,
      HierarchicalGate.self,
    ])
  }
}

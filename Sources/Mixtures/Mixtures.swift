/// Everything a user of mixtures needs: the core, the conjugate families, the experts, the gates, and readers of data.
@_exported import ConjugateFamilies
@_exported import Experts
@_exported import GSL
@_exported import Gates
@_exported import MixtureCore
@_exported import MixtureData

extension PartRegistry {
  /// Registers the parts that come with the package, so that a saved `MixtureModel` of them can be decoded.
  public static func registerBuiltInParts() {
    register(builtIn: [
      LinearExpert.self, BackgroundExpert.self, GaussianPrior.self, DirichletGate.self, SoftmaxGate.self,
      PerceptronGate.self, StickBreakingGate.self, GaussianGate.self, KnownGate.self, MembershipGate.self,
      HierarchicalGate.self,
    ])
  }
}

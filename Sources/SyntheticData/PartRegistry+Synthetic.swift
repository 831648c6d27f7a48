import MixtureCore

extension PartRegistry {
  /// Registers the generators and laws that come with the package, so that a truth made of them can be read.
  public static func registerSyntheticParts() {
    register(SyntheticMixture.self)
    register(NormalFeatures.self)
    register(ConstantWeights.self)
    register(SoftmaxWeights.self)
    register(LinearResponse.self)
    register(NormalNoise.self)
    register(IrrelevantFeatures.self)
  }
}

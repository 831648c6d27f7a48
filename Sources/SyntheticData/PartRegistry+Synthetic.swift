import MixtureCore

extension PartRegistry {
  /// Makes the generators of this module and their parts known under their names. Whatever decodes a part of a generator calls it;
  /// calling it again costs nothing.
  public static func registerSyntheticParts() { SyntheticParts.registered }
}

private enum SyntheticParts {
  static let registered: Void = PartRegistry.register(builtIn: all)

  private static let all: [any Part.Type] = generators + features + weights + responses + noises

  private static let generators: [any Part.Type] = [
    SyntheticMixture.self, CollinearFeatures.self, Contamination.self, GroupedRows.self, IrrelevantFeatures.self,
  ]
  private static let features: [any Part.Type] = [
    CategoryFeature.self, CountFeature.self, GaussianClouds.self, JoinedFeatures.self, NormalFeatures.self,
    UniformFeature.self,
  ]
  private static let weights: [any Part.Type] = [
    ConstantWeights.self, GaussianClouds.self, HierarchicalWeights.self, IntervalWeights.self, MembershipWeights.self,
    PerceptronWeights.self, SoftmaxWeights.self,
  ]
  private static let responses: [any Part.Type] = [
    BernoulliResponse.self, BinomialResponse.self, CategoriesResponse.self, CircleResponse.self, CloudResponse.self,
    LinearResponse.self,
    MultinomialResponse.self, PoissonResponse.self, PolynomialResponse.self,
  ]
  private static let noises: [any Part.Type] = [NormalNoise.self, StudentNoise.self]
}

import MixtureCore

/// A response with noise, which can be exchanged: how heavy tails come to all of them.
public protocol NoisyResponse: ResponseDistribution {
  /// The distribution of the noise.
  var noise: any NoiseDistribution { get }
  /// The same response with other noise.
  func replacingNoise(by noise: any NoiseDistribution) -> Self
}

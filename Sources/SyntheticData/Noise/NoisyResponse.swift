import MixtureCore

/// A response with noise, which can be exchanged: how heavy tails come to all of them.
public protocol NoisyResponse: ResponseLaw {
  /// The law of the noise.
  var noise: any NoiseLaw { get }
  /// The same response with other noise.
  func replacingNoise(by noise: any NoiseLaw) -> Self
}

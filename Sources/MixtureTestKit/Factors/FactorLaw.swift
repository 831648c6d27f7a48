/// The laws of a `VariationalFactor`.
public enum FactorLaw: String, Law {
  /// The divergence from any distribution is not negative, and that from itself is zero.
  case divergence = "KL >= 0 and 0 at the prior"
  /// The entropy is the mean of −ln q over samples.
  case entropy = "entropy equals the Monte-Carlo mean"
  /// The divergence from a distribution p is the mean of ln q − ln p over samples.
  case relativeEntropy = "divergence equals the Monte-Carlo mean"
  /// The density integrates to one: draws from a known distribution g give q / g the mean one.
  case normalisation = "density integrates to one"
  /// Samples and density agree on the distribution: on the mean and second moments of its coordinates, and on how much of each
  /// lies below five thresholds.
  case samples = "samples match the density"
  /// The mean is that of samples.
  case mean = "the mean is that of the samples"
  /// A factor that went through JSON has the same bytes, moments and densities.
  case jsonRoundTrip = "JSON round trip to the bit"

  /// Whether the law has a one-sided version: none has.
  public var hasInequality: Bool { false }
}

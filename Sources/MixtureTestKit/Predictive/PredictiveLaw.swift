/// The laws of a `PredictiveDistribution`, and so of the predictions of a `Predictive` model.
public enum PredictiveLaw: String, Law {
  /// The density integrates to one; that of counts sums to one.
  case normalisation = "density integrates to one"
  /// The distribution function is the integral of the density.
  case cumulative = "distribution function integrates the density"
  /// Mean and variance are those of the density.
  case moments = "mean and variance are those of the density"
  /// The quantiles of mixtures of the distributions invert the distribution function.
  case quantiles = "quantiles invert the distribution function"
  /// Samples follow the distribution function (Massart 1990).
  case samples = "samples match the density"

  /// Whether the law has a one-sided version: none has.
  public var hasInequality: Bool { false }
}

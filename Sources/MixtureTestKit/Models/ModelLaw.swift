/// The laws of a `LocalModel`.
public enum ModelLaw: String, Law {
  /// Rows of weight zero change neither statistics nor updates.
  case weightZero = "weight zero changes nothing"
  /// A row of weight two is the row twice.
  case weightTwo = "weight two equals the row twice"
  /// However the rows are cut into tiles, the statistics are the same sums.
  case split = "statistics add over any split"
  /// The rows in another order give the same statistics, scores and updates.
  case rowOrder = "row order does not matter"
  /// The scores of a row are the same whatever it weighs.
  case weightlessScores = "scores do not depend on row weights"
  /// Rows in groups, with weights and features for the gate of their own, have the scores and statistics that they have by themselves.
  case grouped = "grouped rows are rows"
  /// Under an offset of the rows scores are the means over draws that know it; they change with it, unless the subject says that they do
  /// not. For types that accept offsets.
  case offset = "scores follow the offset"
  /// Statistics gathered under other experts, rebased to these, are those of a pass under these and the same responsibilities.
  case rebase = "statistics move with the experts"
  /// Updating a copy of the block leaves the original as it is, to the bit.
  case copy = "a copy is independent"
  /// The divergence is never negative, and no more than the penalty after an update without rows.
  case divergence = "KL >= 0 and 0 at the prior"
  /// The divergence is E_q [ln q(θ) − ln p(θ)] for the prior p that the subject states: an update and a divergence may agree with each other, and
  /// both be those of another prior.
  case prior = "the divergence is that from the prior"
  /// With few rows an expert the ELBO is not above the evidence, which is E_q [p(y | θ) p(θ) / q(θ)] under draws of the subject.
  case evidence = "with few rows the ELBO is below the evidence"
  /// An update does not lower the ELBO under frozen responsibilities, beyond rounding.
  case updateNeverLowers = "an update does not lower the ELBO"
  /// Where updates have come to rest, no step of a free parameter raises the ELBO. As an inequality, for parts whose step
  /// has no closed form, the law asks no more than ``updateNeverLowers``.
  case stationary = "an update is stationary"
  /// The scores are the means of ln p(y | x, θ) over draws of θ from q. As an inequality they do not exceed them.
  case expectedLogLikelihood = "expected log-likelihood equals the Monte-Carlo mean"
  /// The predictive density of an expert at its own rows is the mean of p(y | x, θ) over draws of θ from q, for types that are
  /// `Predictive`.
  case predictiveDensity = "predictive density equals the Monte-Carlo mean"
  /// Of types that are `Predictive`, the likelihood of a response at the mean of q(θ) integrates to one, and with a million times the
  /// rows behind q it is the predictive density.
  case likelihoodAtMean = "likelihood at the mean is a density, which predictions tend to"
  /// With a million times the rows behind q scores are the log-likelihoods of draws, to 10⁻⁴: there a bound is tight.
  case manyRows = "with many rows scores are log-likelihoods"
  /// Predictive distributions are the same whatever the responses of the rows, for types that are `Predictive`.
  case predictionsAlone = "predictions do not read responses"
  /// The gradients of points are the differences of their scores, the complete information those of the gradients, and the prior's curvature that of its
  /// logarithm; for types that are `DifferentiableModel`.
  case derivatives = "gradients and information are those of the log-likelihood"
  /// Of a fit by maximum likelihood the information of the observed rows is that by the rates at which EM converges (SEM; Meng & Rubin 1991);
  /// for types that are `DifferentiableModel` and a subject that names a block of points.
  case errors = "standard errors are those of SEM"
  /// In other units of features and response the parameters are the same, but for the units.
  case units = "parameters follow the units of the data"
  /// Parameters are numbers with names; no expert of many rows has collapsed; cancelling terms and warnings are of a reasonable size.
  case telling = "what it tells is sound"
  /// Configuring twice is configuring once; an expert that is selected alone keeps its scores; an update for which there is
  /// no other pass throws, or leaves numbers.
  case configuration = "configuring and selecting are clean"
  /// A block that went through JSON has the same bytes, scores and divergence, and continues in the same way.
  case jsonRoundTrip = "JSON round trip to the bit"
  /// A fit from responsibilities with permuted columns is the same fit with permuted experts.
  /// `select` permutes them.
  case relabelling = "relabelling experts relabels the fit"
  /// A mixture of the block fitted from its default start finds the experts that made the rows.
  case recovery = "a mixture with it recovers its own simulated truth"

  /// Whether the law has a one-sided version: the two about maxima and means have.
  public var hasInequality: Bool { self == .stationary || self == .expectedLogLikelihood }
}

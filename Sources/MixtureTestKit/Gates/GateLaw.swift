/// The laws of a `Gate`.
public enum GateLaw: String, Law {
  /// Assignments of weight zero change neither statistics nor updates.
  case weightZero = "weight zero changes nothing"
  /// An assignment of weight two is the assignment twice.
  case weightTwo = "weight two equals the row twice"
  /// However the rows are cut into tiles, the statistics are the same sums.
  case split = "statistics add over any split"
  /// The rows in another order give the same statistics, weights and updates.
  case rowOrder = "row order does not matter"
  /// Rows of which several share an assignment, and whose gate sees features of its own beside others of the experts, give the same
  /// statistics, weights and updates as one row an assignment.
  case ownView = "a gate sees assignments and its own features"
  /// The expected log weights and the predictive weights of an assignment are the same whatever it weighs.
  case weightlessScores = "scores do not depend on row weights"
  /// Updating a copy of the gate leaves the original as it is, to the bit.
  case copy = "a copy is independent"
  /// The divergence is never negative, and zero after an update without rows.
  case divergence = "KL >= 0 and 0 at the prior"
  /// The divergence is E_q [ln q(θ) − ln p(θ)] for the prior p that the subject states.
  case prior = "the divergence is that from the prior"
  /// With few rows an expert the ELBO is not above the evidence, which is E_q [p(z | θ) p(θ) / q(θ)] under draws of the subject.
  case evidence = "with few rows the ELBO is below the evidence"
  /// An update does not lower the ELBO under frozen responsibilities, beyond rounding.
  case updateNeverLowers = "an update does not lower the ELBO"
  /// Where updates have come to rest, no step of a free parameter raises the ELBO. As an inequality, for gates whose step
  /// has no closed form, the law asks no more than ``updateNeverLowers``.
  case stationary = "an update is stationary"
  /// The expected log weights are the means of ln π over draws from q. As an inequality they do not exceed them.
  case expectedLogWeights = "expected log weights equal the Monte-Carlo mean"
  /// The predictive weights of each assignment are positive and sum to one.
  case predictiveWeights = "predictive weights are positive and sum to one"
  /// The predictive weights are the means of π over draws from q.
  case predictiveMeans = "predictive weights equal the Monte-Carlo mean"
  /// No log weight's expectation exceeds the logarithm of its predictive weight (Jensen). Gates whose scores are densities of the
  /// features as well do not keep it.
  case scoresBelowPredictive = "expected log weights do not exceed predictive ones"
  /// The gradients of ln π are its differences, the complete information those of the gradients, and the prior's curvature that of its logarithm; for
  /// types that are `DifferentiableGate`.
  case derivatives = "gradients and information are those of the log weights"
  /// In other units of the features the parameters are the same, but for the units.
  case units = "parameters follow the units of the data"
  /// Parameters are numbers with names; cancelling terms and warnings are of a reasonable size.
  case telling = "what it tells is sound"
  /// Configuring twice is configuring once; new experts get weights, and no others are left without; an update for which there is no other pass
  /// throws, or leaves numbers.
  case configuration = "configuring and selecting are clean"
  /// A gate that went through JSON has the same bytes, weights and divergence, and continues in the same way.
  case jsonRoundTrip = "JSON round trip to the bit"
  /// Responsibilities with permuted columns give the same gate with permuted experts. `select` permutes them, and can leave one out.
  case relabelling = "relabelling experts relabels the gate"
  /// From labels drawn with known weights the gate finds those weights.
  case recovery = "it recovers known weights"

  /// Whether the law has a one-sided version: the two about maxima and means have.
  public var hasInequality: Bool { self == .stationary || self == .expectedLogWeights }
}

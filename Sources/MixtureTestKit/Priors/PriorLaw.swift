/// The laws of a `Prior`.
public enum PriorLaw: String, Law {
  /// What the prior takes from the ELBO is never negative, and no more than its penalty where every posterior is its prior.
  case divergence = "KL >= 0 and 0 at the prior"
  /// The divergence is Σ_k KL(q(θ_k) ‖ p(θ_k)), or −Σ_k entropy where the prior is flat, and the penalty.
  case divergenceIsSum = "the divergence is the sum over the experts"
  /// An update does not raise the divergence, beyond rounding.
  case updateNeverRaises = "an update does not lower the ELBO"
  /// Where updates have come to rest, no step of a learned parameter lowers the divergence. As an inequality the law asks no
  /// more than ``updateNeverRaises``.
  case stationary = "an update is stationary"
  /// The posterior of an expert without rows does not matter.
  case inactiveExperts = "experts without rows tell nothing"
  /// Updating a copy leaves the original as it is, to the bit.
  case copy = "a copy is independent"
  /// Warnings are of a reasonable size, and pruned entries are among those that there are.
  case telling = "what it tells is sound"
  /// Configuring twice is configuring once.
  case configuration = "configuring is clean"
  /// A prior that went through JSON has the same bytes and divergence, and continues in the same way.
  case jsonRoundTrip = "JSON round trip to the bit"
  /// Posteriors in another order give the same distributions in that order, after careful and after bold updates.
  case relabelling = "relabelling experts relabels the prior"

  /// Whether the law has a one-sided version: the one about a maximum has.
  public var hasInequality: Bool { self == .stationary }
}

/// What a fit looks for. All three are the same coordinate ascent: point estimates are factors with all mass at one value.
public enum Estimate: String, Sendable, Codable, CaseIterable {
  /// Posterior distributions of all parameters that have a prior; the ELBO bounds the log evidence.
  case variational
  /// Point masses and flat priors: classical EM. The ELBO is the log-likelihood.
  case maximumLikelihood = "ml"
  /// Point masses under the priors. The ELBO is the log-likelihood plus the log prior densities.
  case maximumAPosteriori = "map"
}

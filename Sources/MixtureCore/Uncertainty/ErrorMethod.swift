/// How the standard errors of a fit are found.
public enum ErrorMethod: String, Sendable, Codable, CaseIterable {
  /// From the information of the observed rows and the curvature of the priors, (I + P)⁻¹: what is not known of the assignments counts (Louis 1982). For
  /// posterior distributions it is their covariance corrected by linear response (Giordano, Broderick & Jordan 2018).
  case corrected
  /// The sandwich (I + P)⁻¹ (Σ s̄ s̄ᵀ) (I + P)⁻¹, which allows for distributions other than those of the model; groups are its clusters
  /// (Huber 1967, White 1982).
  case robust
  /// Those of each factor of the posterior distribution by itself: too small where experts overlap, and none for points.
  case meanField = "mean-field"
}

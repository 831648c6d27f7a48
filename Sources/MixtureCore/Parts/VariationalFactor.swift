import GSL

/// A factor q(θ) of the mean-field posterior, or a prior of the same family: it knows its moments, entropy, density,
/// Kullback–Leibler divergence and how to sample.
public protocol VariationalFactor: Validatable, Codable, Equatable {
  /// What the factor is a distribution of.
  associatedtype Value

  /// The mean, E_q θ.
  var mean: Value { get }

  /// −E_q ln q(θ), in nats.
  var entropy: Double { get }

  /// ln q(θ) at `value`, in nats.
  func logDensity(at value: Value) -> Double

  /// KL(q ‖ prior) = E_q [ln q(θ) − ln prior(θ)] ≥ 0, in nats.
  func divergence(from prior: Self) -> Double

  /// Σ |t| over the terms t of which the divergence is the sum, or about so much: what rounding takes its share of where they cancel.
  /// By default the entropy and the mean of ln prior.
  func cancellingTerms(from prior: Self) -> Double

  /// A draw from q.
  func sample(using source: inout RandomSource) -> Value
}

extension VariationalFactor {
  /// |E_q ln q| + |E_q ln prior|.
  public func cancellingTerms(from prior: Self) -> Double { abs(entropy) + abs(entropy + divergence(from: prior)) }
}

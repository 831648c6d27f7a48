import Foundation
import Mixtures

/// Numbers of successes among trials, with a probability p ~ Beta(2, 3) of its own: an expert without features that reads trials.
struct BinomialExpert: IndependentModel, Predictive {
  /// p(p, 1 − p).
  static var prior: Dirichlet { get throws { try Dirichlet(concentration: [2, 3]) } }

  /// q(p, 1 − p).
  var posterior: Dirichlet

  init() throws { posterior = try Self.prior }

  static var measure: Measure { .counting }
  static var acceptsTrials: Bool { true }

  var statisticsCount: Int { 2 }
  var divergence: Double { (try? posterior.divergence(from: Self.prior)) ?? .nan }

  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows {
      let (y, n) = (tile.response[i], tile.trials?[i] ?? 1)
      scores[i] = y > n ? -.infinity : logChoices(n, y) + y * posterior.meanLog[0] + (n - y) * posterior.meanLog[1]
    }
  }

  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    for i in tile.rows {
      statistics[0] += responsibilities[i] * tile.response[i]
      statistics[1] += responsibilities[i] * ((tile.trials?[i] ?? 1) - tile.response[i])
    }
  }

  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    let prior = try Self.prior.concentration
    posterior = try Dirichlet(concentration: [prior[0] + statistics[0], prior[1] + statistics[1]])
  }

  func parameters(for data: DataSummary) -> [ParameterEstimate] {
    [ParameterEstimate("probability", value: posterior.mean[0], standardError: posterior.standardDeviations[0])]
  }

  func predictive(_ tile: Tile) -> [BetaBinomial] {
    tile.rows.map {
      BetaBinomial(trials: tile.trials?[$0] ?? 1, a: posterior.concentration[0], b: posterior.concentration[1])
    }
  }

  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows {
      scores[i] = binomialLogProbability(tile.response[i], tile.trials?[i] ?? 1, posterior.mean[0])
    }
  }
}

/// A number of successes whose probability is Beta(a, b) distributed.
struct BetaBinomial: UnivariateDistribution {
  var support: ResponseSupport { .counts }
  var trials: Double
  var a: Double
  var b: Double

  var mean: Double { trials * a / (a + b) }
  var variance: Double { trials * a * b * (a + b + trials) / ((a + b) * (a + b) * (a + b + 1)) }

  func logDensity(at value: Double) -> Double {
    guard value >= 0, value <= trials else { return -.infinity }
    return logChoices(trials, value) + logBeta(value + a, trials - value + b) - logBeta(a, b)
  }

  func cumulative(at value: Double) -> Double {
    guard value < trials else { return 1 }
    return stride(from: 0, through: value, by: 1).reduce(0) { $0 + exp(logDensity(at: $1)) }
  }

  func sample(using source: inout RandomSource) -> Double {
    Double(source.binomial(trials: Int(trials), probability: source.dirichlet(concentration: [a, b])[0]))
  }
}

/// ln C(n, y) + y ln p + (n − y) ln(1 − p), and −∞ above n.
func binomialLogProbability(_ y: Double, _ n: Double, _ p: Double) -> Double {
  y > n ? -.infinity : logChoices(n, y) + y * log(p) + (n - y) * log(1 - p)
}

private func logChoices(_ n: Double, _ y: Double) -> Double { lgamma(n + 1) - lgamma(y + 1) - lgamma(n - y + 1) }
private func logBeta(_ a: Double, _ b: Double) -> Double { lgamma(a) + lgamma(b) - lgamma(a + b) }

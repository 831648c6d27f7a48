import Mixtures

/// An expert for responses around a mean, with variance one.
protocol MeanExpert: IndependentModel {
  var mean: Double { get set }
}

extension MeanExpert {
  static var measure: Measure { .lebesgue }
  var statisticsCount: Int { 2 }
  var divergence: Double { 0 }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows { scores[i] = -0.5 * (tile.response[i] - mean) * (tile.response[i] - mean) }
  }
  /// Σ r and Σ r (y − mean).
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    for i in tile.rows {
      statistics[0] += responsibilities[i]
      statistics[1] += responsibilities[i] * (tile.response[i] - mean)
    }
  }
}

/// An expert that moves past its best mean, further every time: the ELBO must fall, and the replay must name it.
struct OvershootingExpert: MeanExpert {
  var mean = 0.0
  mutating func update(from statistics: Span<Double>, resum: Resum<OvershootingExpert>) {
    mean += 2.5 * statistics[1] / statistics[0] + 0.1
  }
}

/// An expert whose every update asks for the sums of a trial, and must find what a pass over all rows gives.
struct AskingExpert: MeanExpert {
  var mean = 0.0
  mutating func update(from statistics: Span<Double>, resum: Resum<AskingExpert>) throws {
    let step = statistics[1] / statistics[0]
    var trial = self
    trial.mean += step
    let sums = try resum(trial)
    // The same weight, and no mean residual left: the responsibilities did not move.
    guard isClose(sums[0], statistics[0], relative: 1e-12), abs(sums[1]) < 1e-9 * statistics[0] else {
      throw DataError("resum gave \(sums)")
    }
    self = trial
  }
}

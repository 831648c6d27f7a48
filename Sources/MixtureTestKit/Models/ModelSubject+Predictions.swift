import Foundation
import GSL
import MixtureCore

// Laws of what experts predict. Types that are not `Predictive` predict nothing, and keep them.
extension ModelSubject {
  /// ln p(y | x, E θ) summed over y, with few rows behind the experts; and beside the predictive densities, with very many.
  func likelihoodAtMean(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let (uncertain, measure) = (try examination.uncertain(), try measure)
    guard let experts = uncertain.part.predictive else { return [] }
    let totals = try experts.enumerated().compactMap { k, expert in
      let row = uncertain.rows.selecting([uncertain.labels.firstIndex(of: k) ?? 0])
      let total = try expert.totalAtMean(row, isContinuous: measure == .lebesgue)
      return abs(total - 1) <= 1e-6 ? nil : "expert \(k): the likelihood at the mean integrates to \(total)"
    }
    let densities = try experts.enumerated().flatMap { k, expert in
      differences(
        "expert \(k): log predictive densities of a tile, and of its distributions",
        try expert.logDensities(uncertain.rows),
        try expert.logDensitiesOfDistributions(uncertain.rows), tolerance: examination.tolerance)
    }
    return try totals + densities + likelihoodAtMeanOfMany(examination)
  }

  /// As if each row had been observed a million times, so that nothing but the mean is left of q.
  private func likelihoodAtMeanOfMany(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let many = examination.rows.weighing { _ in 1e6 }
    var trial = try examination.updated(0)
    for _ in 0..<10 { try trial.update(many, examination.nearTruth) }
    return try (trial.predictive ?? []).enumerated().flatMap { k, expert in
      let own = examination.rows.selecting(examination.labels.indices.filter { examination.labels[$0] == k })
      return differences(
        "expert \(k), from rows that weigh a million: log likelihoods at the mean, and log predictive densities",
        try expert.logLikelihoodsAtMean(own), try expert.logDensities(own), tolerance: 1e-4)
    }
  }

  /// Scores and likelihoods at the mean are those of the row alone.
  func weightlessScores(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let experts = try examination.updated(1).predictive ?? []
    return try examination.weightlessScores()
      + differences(
        "likelihoods at the mean of rows of weight one, and of other weights",
        try experts.flatMap { try $0.logLikelihoodsAtMean(examination.rows) },
        try experts.flatMap { try $0.logLikelihoodsAtMean(examination.rows.unevenlyWeighted) },
        tolerance: examination.tolerance)
  }
}

extension Predictive {
  /// The distributions of the numbers as which the rows' responses are told, one row's after another's.
  ///
  /// - Throws: as ``distributions(_:)``, and a `DataError` unless all rows have as many.
  func marginals(_ tile: Tile) throws -> [Distribution.Marginal] {
    let marginals = try distributions(tile).map(\.marginals)
    guard let count = marginals.first?.count, count > 0, marginals.allSatisfy({ $0.count == count }) else {
      throw DataError("rows have \(Set(marginals.map(\.count)).sorted()) marginals, which must be equal and not 0")
    }
    return marginals.flatMap(\.self)
  }

  /// The logarithms of the predictive densities of the rows' responses.
  func logDensities(_ rows: some TileSource) throws -> [Double] {
    try ofRows(rows) { try logPredictiveDensity($0, into: &$1) }
  }

  /// The same, asked of the distributions.
  fileprivate func logDensitiesOfDistributions(_ rows: some TileSource) throws -> [Double] {
    var result: [Double] = []
    try rows.forEachTile { tile, _ in
      for (i, distribution) in try distributions(tile).enumerated() {
        result.append(distribution.logDensity(at: .response(ofRow: i, in: tile)))
      }
    }
    return result
  }

  /// ln p(y | x, E θ) of each row.
  func logLikelihoodsAtMean(_ rows: some TileSource) throws -> [Double] {
    try ofRows(rows) { try logLikelihoodAtMean($0, into: &$1) }
  }

  /// What `write` makes of each row.
  private func ofRows(
    _ rows: some TileSource, _ write: (Tile, inout MutableSpan<Double>) throws -> Void
  ) throws -> [Double] {
    var result: [Double] = []
    try rows.forEachTile { tile, _ in
      // What the buffer held before must not matter.
      var scores = [Double](repeating: 7, count: tile.capacity)
      var span = scores.mutableSpan
      try write(tile, &span)
      result += scores.prefix(tile.rowCount)
    }
    return result
  }

  /// ∫ p(y | x, E θ) dy for the features of one row; not a number where the likelihood of its own response is none.
  fileprivate func totalAtMean(_ row: LawRows, isContinuous: Bool) throws -> Double {
    guard try logLikelihoodsAtMean(row).allSatisfy({ !$0.isNaN }) else { return .nan }
    let tile = row.makeTile()
    try row.load(0, into: tile)
    let place = try marginals(tile)[0].place
    // Where the expert throws, the density is missing from the integral.
    let density = Expectation(mean: place.centre, variance: place.spread * place.spread, isContinuous: isContinuous) { y in
      ((try? logLikelihoodsAtMean(row.responding(y))) ?? []).reduce(0) { $0 + exp($1) }
    }
    return density.total { _ in 1 }
  }
}

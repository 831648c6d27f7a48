import GSL
import MixtureCore
import Mixtures
import SyntheticData

/// What a fitted mixture says of rows that it is scored on.
struct HeldOutRows {
  /// Responsibilities given the response: K numbers for each row of the table.
  let responsibilities: [Double]
  /// The mean predictive weight of each expert.
  let meanWeights: [Double]
  /// The number of the assignment of each row; equal for rows of one group.
  let assignments: [Int]
  /// ln p(y_i | x_i) of each assignment; empty unless the mixture predicts.
  let logDensities: [Double]
  /// Where in its predictive distribution the response of each row lies, P(y ≤ y_i), of counts randomised, in any order; likewise.
  let ranks: [Double]

  /// - Throws: `DataError` for a column that is missing or unfit, or what the mixture throws.
  init(_ fit: FittedMixture, _ table: Table, predicts: Bool, threads: Int) throws {
    let mixture = fit.mixture
    let rows = try fit.design.observations(of: table, heldOut: true)
    let assignments = try fit.design.assignments(of: table) ?? Array(0..<table.rowCount)
    let parts = try Self.parts(
      of: rows, mixture, predictive: predicts ? fit.predictiveMixture : nil, threads: threads)
    let shares = parts.flatMap(\.responsibilities)
    self.assignments = assignments
    responsibilities = assignments.flatMap { shares[$0] }
    meanWeights = (0..<mixture.expertCount).map { k in
      parts.reduce(0) { $0 + $1.weights[k] } / Double(table.rowCount)
    }
    logDensities = parts.flatMap(\.logDensities)
    ranks = parts.flatMap(\.ranks)
  }

  /// The number of the expert that is most responsible for each row.
  var mostResponsible: [Int] {
    let count = meanWeights.count
    return assignments.indices.map { row in
      (0..<count).max { responsibilities[row * count + $0] < responsibilities[row * count + $1] } ?? 0
    }
  }

  /// What is said of some tiles: one row an assignment, and the sums of the rows' weights.
  private struct Part: Sendable {
    var responsibilities: [[Double]]
    var weights: [Double]
    var logDensities: [Double] = []
    var ranks: [Double] = []
  }

  private static let tilesPerPart = 16

  private static func parts(
    of rows: Observations, _ mixture: MixtureModel, predictive: MixtureModel?, threads: Int
  ) throws -> [Part] {
    var parts: [Part] = []
    try forEachInOrder((rows.tileCount + tilesPerPart - 1) / tilesPerPart, threads: threads) { index in
      let start = index * tilesPerPart
      let tiles = TileRange(rows, start..<min(start + tilesPerPart, rows.tileCount))
      let weights = try mixture.weights(tiles).reduce(into: [Double](repeating: 0, count: mixture.expertCount)) {
        sum, row in
        for k in sum.indices { sum[k] += row[k] }
      }
      // A row that no expert can have is as much one's as another's.
      let nobodys = [Double](repeating: 1 / Double(mixture.expertCount), count: mixture.expertCount)
      let shares = try mixture.responsibilities(tiles).map { $0.allSatisfy(\.isFinite) ? $0 : nobodys }
      var part = Part(responsibilities: shares, weights: weights)
      if let predictive {
        part.logDensities = try predictive.logPredictiveDensities(tiles)
        part.ranks = try zip(predictive.predict(tiles), tiles.responses()).map { $0.rank(of: $1.value, row: $1.row) }
      }
      return part
    } consume: {
      parts.append($0)
    }
    return parts
  }
}

extension TileSource {
  /// The number and the response of each row, where there is one column of it.
  fileprivate func responses() throws -> [(row: Int, value: Double)] {
    let tile = makeTile()
    return try (0..<tileCount).flatMap { index in
      try load(index, into: tile)
      return zip(tile.rowNumbers, tile.response.prefix(tile.rowCount)).map { ($0, $1) }
    }
  }
}

extension MixtureDistribution {
  /// P(Y ≤ value), which is uniform where the distribution is right; of a count P(Y < value) + U P(Y = value) with U uniform, drawn from the
  /// number of the row (Brockwell 2007, "Universal residuals").
  fileprivate func rank(of value: Double, row: Int) -> Double {
    let upTo = cumulative(at: value)
    guard support != .numbers else { return upTo }
    let below = cumulative(at: value - 1)
    var source = RandomSource(seed: 0).split(UInt64(row))
    return below + source.uniform() * (upTo - below)
  }
}

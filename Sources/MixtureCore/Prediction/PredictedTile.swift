import GSL

/// What a mixture predicts of the rows of a tile, shared by the rows' ``MixtureDistribution``: one column of distributions for each expert and
/// marginal, whose types are hidden once a column, not once a row.
final class PredictedTile: Sendable {
  /// The weights π_k of the assignments, one column an expert.
  private let weights: [Double]
  private let stride: Int
  private let assignmentOfRow: [Int]?
  /// Marginal m of expert k at m · K + k.
  private let columns: [any DistributionColumn]
  let expertCount: Int
  let rowCount: Int

  init(
    rowCount: Int, weights: [Double], stride: Int, assignmentOfRow: [Int]?, columns: [any DistributionColumn],
    expertCount: Int
  ) {
    (self.rowCount, self.weights, self.stride) = (rowCount, weights, stride)
    (self.assignmentOfRow, self.columns, self.expertCount) = (assignmentOfRow, columns, expertCount)
  }

  var marginalCount: Int { expertCount == 0 ? 0 : columns.count / expertCount }

  func weight(ofExpert k: Int, row: Int) -> Double { weights[k * stride + (assignmentOfRow?[row] ?? row)] }

  func column(ofExpert k: Int, marginal: Int) -> any DistributionColumn { columns[marginal * expertCount + k] }
}

/// One distribution a row, all of one type.
protocol DistributionColumn: Sendable {
  func distribution(_ row: Int) -> any UnivariateDistribution
  func support(_ row: Int) -> ResponseSupport
  func mean(_ row: Int) -> Double
  func variance(_ row: Int) -> Double
  func logDensity(_ row: Int, at value: Double) -> Double
  func cumulative(_ row: Int, at value: Double) -> Double
  func exceedance(_ row: Int, at value: Double) -> Double
  func sample(_ row: Int, using source: inout RandomSource) -> Double
}

private struct Distributions<Distribution: UnivariateDistribution>: DistributionColumn {
  let distributions: [Distribution]

  func distribution(_ row: Int) -> any UnivariateDistribution { distributions[row] }
  func support(_ row: Int) -> ResponseSupport { distributions[row].support }
  func mean(_ row: Int) -> Double { distributions[row].mean }
  func variance(_ row: Int) -> Double { distributions[row].variance }
  func logDensity(_ row: Int, at value: Double) -> Double { distributions[row].logDensity(at: value) }
  func cumulative(_ row: Int, at value: Double) -> Double { distributions[row].cumulative(at: value) }
  func exceedance(_ row: Int, at value: Double) -> Double { distributions[row].exceedance(at: value) }
  func sample(_ row: Int, using source: inout RandomSource) -> Double { distributions[row].sample(using: &source) }
}

extension UnivariateDistribution {
  /// A column of this distribution alone.
  var asColumn: any DistributionColumn { Distributions(distributions: [self]) }
}

extension Predictive {
  /// The distributions of a tile's rows, a column for each marginal.
  func columns(_ tile: Tile) throws -> [any DistributionColumn] {
    let rows = try distributions(tile)
    guard let first = rows.first else { return [] }
    // A number is its own marginal, and needs no list of them.
    if let rows = rows as? [Distribution.Marginal] { return [Distributions(distributions: rows)] }
    let marginals = rows.map(\.marginals)
    return first.marginals.indices.map { m in Distributions(distributions: marginals.map { $0[m] }) }
  }
}

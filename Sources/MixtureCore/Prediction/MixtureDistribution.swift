import Foundation
import GSL

/// The predictive distribution of one response under a mixture: Σ_k π_k p_k(y).
public struct MixtureDistribution: UnivariateDistribution {
  private let tile: PredictedTile
  private let row: Int
  private let marginal: Int

  /// What a tile says of a number of one of its rows.
  init(_ tile: PredictedTile, row: Int, marginal: Int = 0) { (self.tile, self.row, self.marginal) = (tile, row, marginal) }

  /// A mixture of `components`.
  public init(weights: [Double], components: [any UnivariateDistribution]) {
    precondition(weights.count == components.count, "one weight a component")
    self.init(
      PredictedTile(
        rowCount: 1, weights: weights, stride: 1, assignmentOfRow: nil, columns: components.map(\.asColumn),
        expertCount: weights.count), row: 0)
  }

  /// The experts' weights π_k, which sum to one.
  public var weights: [Double] { (0..<tile.expertCount).map { tile.weight(ofExpert: $0, row: row) } }

  /// The experts' distributions p_k.
  public var components: [any UnivariateDistribution] { (0..<tile.expertCount).map { column($0).distribution(row) } }

  /// That of the components, or of the one with the most values.
  public var support: ResponseSupport {
    var widest = ResponseSupport.yesOrNo
    for k in 0..<tile.expertCount {
      switch column(k).support(row) {
      case .numbers: return .numbers
      case .counts: widest = .counts
      case .yesOrNo: break
      }
    }
    return widest
  }

  /// The mean Σ_k π_k mean_k; NaN where a component has none.
  public var mean: Double { sum { $0.mean(row) } }

  /// The variance Σ π_k (variance_k + mean_k²) − mean², as the mean variance plus the variance of the means.
  public var variance: Double {
    let mean = self.mean
    return sum { expert in
      let distance = expert.mean(row) - mean
      return expert.variance(row) + distance * distance
    }
  }

  /// The standard deviation.
  public var standardDeviation: Double { variance.squareRoot() }

  /// The density at `value`.
  public func density(at value: Double) -> Double { exp(logDensity(at: value)) }

  /// The log density ln Σ_k π_k p_k(value), in nats.
  public func logDensity(at value: Double) -> Double {
    logSumOfExponentials(
      (0..<tile.expertCount).map { k in
        log(tile.weight(ofExpert: k, row: row)) + column(k).logDensity(row, at: value)
      })
  }

  /// The probability up to a value, Σ_k π_k P_k(y ≤ value).
  public func cumulative(at value: Double) -> Double { sum { $0.cumulative(row, at: value) } }

  /// The probability beyond a value, Σ_k π_k P_k(y > value).
  public func exceedance(at value: Double) -> Double { sum { $0.exceedance(row, at: value) } }

  /// The value that the response does not exceed with the given probability, to 1e-12 standard deviations; of a count the least that has at
  /// least this probability up to it.
  ///
  /// - Throws: ``ArgumentError`` unless 0 < probability < 1; ``DataError`` where the distribution has left the range of numbers.
  public func quantile(_ probability: Double) throws -> Double {
    try Self.require(probability)
    return try quantile(below: probability, above: 1 - probability) { cumulative(at: $0) - probability }
  }

  /// The equal-tailed interval that holds the response with the given probability, or of a count with at least that.
  ///
  /// - Throws: ``ArgumentError`` unless 0 < probability < 1; ``DataError`` where the distribution has left the range of numbers.
  public func interval(_ probability: Double) throws -> ClosedRange<Double> {
    try Self.require(probability)
    let tail = (1 - probability) / 2
    let lower = try quantile(tail)
    // From above, for 1 − tail may be no other number than 1.
    let upper = max(lower, try quantile(below: 1 - tail, above: tail) { tail - exceedance(at: $0) })
    guard lower <= upper else { throw outOfRange }
    return lower...upper
  }

  private static func require(_ probability: Double) throws {
    guard probability > 0, probability < 1 else {
      throw ArgumentError(Self.self, argument: "probability", value: probability, need: "above 0 and below 1")
    }
  }

  private var outOfRange: DataError {
    DataError(
      "a distribution of mean \(mean) and standard deviation \(standardDeviation) has no quantiles in the range of numbers")
  }

  /// The root of an increasing function that has the probabilities `below` and `above` at its sides.
  private func quantile(below: Double, above: Double, of function: (Double) -> Double) throws -> Double {
    let (mean, deviation) = (self.mean, standardDeviation)
    guard support == .numbers else { return try wholeQuantile(of: function) }
    if deviation == 0 { return mean }
    guard !mean.isInfinite, below > 0, above > 0 else { throw outOfRange }
    guard deviation.isFinite, mean.isFinite else { return try quantileWithoutMoments(of: function) }
    guard deviation > 0 else { throw outOfRange }
    // By Chebyshev's inequality the quantile lies within this many standard deviations of the mean.
    let lower = mean - deviation * (above / below).squareRoot() - deviation
    let upper = mean + deviation * (below / above).squareRoot() + deviation
    return try root(in: lower...upper, absoluteTolerance: 1e-12 * deviation, of: function)
  }

  /// The least whole number from 0 on at which an increasing function is not negative: by false position in ln(y + 1), of which distributions of
  /// counts are smooth functions however wide they are, with every third step in the middle.
  private func wholeQuantile(of function: (Double) -> Double) throws -> Double {
    var (below, above) = ((place: 0.0, value: function(0)), (place: 1.0, value: 0.0))
    if below.value >= 0 { return 0 }
    if mean.isFinite { above.place = max(1, mean.rounded(.up)) }
    above.value = function(above.place)
    var factor = 2.0
    while above.value < 0 {
      guard above.place < .greatestFiniteMagnitude else { throw outOfRange }
      (below, above.place) = (above, min(above.place * factor, .greatestFiniteMagnitude))
      (above.value, factor) = (function(above.place), min(factor * factor, 1e64))
    }
    // The values as false position takes them (Illinois: an end that stays counts half).
    var (low, high, steps) = (below.value, above.value, 0)
    // Beyond 2⁵³ there is nothing between two neighbours.
    while above.place - below.place > max(1, below.place.ulp) {
      steps += 1
      let (first, last) = (log1p(below.place), log1p(above.place))
      let share = steps % 3 == 0 || high == low ? 0.5 : low / (low - high)
      let guess = expm1(first + share * (last - first)).rounded(.down)
      let place = min(max(guess, below.place + max(1, below.place.ulp)), above.place - max(1, below.place.ulp))
      let value = function(place)
      if value < 0 {
        (below, low, high) = ((place, value), value, 0.5 * high)
      } else {
        (above, high, low) = ((place, value), value, 0.5 * low)
      }
    }
    return above.place
  }

  /// The root where a component has no mean or no variance: within the reach of doubling, from the moments that there are.
  private func quantileWithoutMoments(of function: (Double) -> Double) throws -> Double {
    let finite = (0..<tile.expertCount).map { column($0).variance(row) }.filter(\.isFinite).max() ?? 0
    let centre = mean.isFinite ? mean : 0
    var reach = max(finite.squareRoot(), abs(centre) * 1e-6, mean.isFinite ? .leastNormalMagnitude : 1e-30)
    while function(centre - reach) > 0 || function(centre + reach) < 0 {
      reach *= 2
      guard reach.isFinite else { throw outOfRange }
    }
    let place = try root(in: (centre - reach)...(centre + reach), absoluteTolerance: 1e-12 * reach, of: function)
    guard !mean.isFinite else { return place }
    // The centre may be far from the distribution, and its width less than a tolerance by the reach.
    let near = 2e-12 * reach
    guard function(place - near) < 0, function(place + near) > 0 else { return place }
    return try root(in: (place - near)...(place + near), absoluteTolerance: abs(place).ulp, of: function)
  }

  /// Whether it is within the numbers. A component may have no mean or no variance, or one that is out of range; one that has overflowed itself has
  /// no probability left there.
  var isWithinNumbers: Bool {
    let limit = Double.greatestFiniteMagnitude
    if mean.isFinite && variance.isFinite { return true }
    let wide = (0..<tile.expertCount).map(column).filter { !$0.mean(row).isFinite || !$0.variance(row).isFinite }
    return !wide.isEmpty
      && wide.allSatisfy { $0.cumulative(row, at: limit) - $0.cumulative(row, at: -limit) > 0.5 }
  }

  /// A draw: an expert by its weight, then a response from its distribution.
  public func sample(using source: inout RandomSource) -> Double {
    column(source.categorical(weights: weights)).sample(row, using: &source)
  }

  private func column(_ k: Int) -> any DistributionColumn { tile.column(ofExpert: k, marginal: marginal) }

  private func sum(_ term: (any DistributionColumn) -> Double) -> Double {
    var sum = 0.0
    for k in 0..<tile.expertCount { sum += tile.weight(ofExpert: k, row: row) * term(column(k)) }
    return sum
  }
}

import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import MixtureTestKit

/// Responses that scatter about an unknown level: y ~ N(μ, σ²), μ ~ N(0, 25), q(μ) = N(mean, 1 / precision), σ² a point. It
/// keeps all laws, unless it has the fault that breaks one of them.
struct FaultyExpert: IndependentModel, Predictive {
  var fault: ModelLaw?
  /// Another mistake, of those that one law finds beside its own.
  var slip: Slip?

  /// Mistakes that passed all laws once.
  enum Slip: String, CaseIterable, Codable {
    case sumsWithoutOffset, predictionsWithoutOffset, predictsAssignments, memoOfAllCopies, bufferOfTheType, floorOfItsOwn,
      noFewRows
    case infiniteScore

    /// The law that finds it.
    var law: ModelLaw {
      switch self {
      case .sumsWithoutOffset, .predictionsWithoutOffset: .offset
      case .predictsAssignments: .grouped
      case .memoOfAllCopies: .copy
      case .bufferOfTheType: .split
      case .floorOfItsOwn: .units
      case .noFewRows: .stationary
      case .infiniteScore: .expectedLogLikelihood
      }
    }
  }

  /// What all copies of an expert remember of it; forgotten in an update.
  private final class Memo: @unchecked Sendable { var divergence: Double? }
  private var memo = Memo()
  nonisolated(unsafe) private static let buffer = UnsafeMutablePointer<Double>.allocate(capacity: 1000)

  var takesHalfSteps = false
  /// Whether it has a flat prior and a point for its level.
  var isPoint = false
  /// Whether it predicts the first row of a tile alone.
  var predictsOneRow = false
  /// Whether its likelihood at the mean is that at level zero.
  var forgetsLevel = false
  var precision = 1 / 25.0
  var variance = 1.0
  private var ownMean = 0.0
  private var sharedMean: Box?

  /// What a copy of the expert shares with the original.
  private final class Box: Codable, @unchecked Sendable {
    var mean = 0.0
  }

  init(fault: ModelLaw? = nil, takesHalfSteps: Bool = false, priorVariance: Double = 25) {
    self.fault = fault
    self.takesHalfSteps = takesHalfSteps
    // The prior's deviation for its variance, everywhere alike.
    self.priorVariance = fault == .prior ? priorVariance.squareRoot() : priorVariance
    if fault == .copy { sharedMean = Box() }
  }

  private var priorVariance: Double
  static let measure = Measure.lebesgue
  var statisticsCount: Int { 3 }

  var mean: Double {
    get { sharedMean?.mean ?? ownMean }
    set { if let sharedMean { sharedMean.mean = newValue } else { ownMean = newValue } }
  }

  static var acceptsOffset: Bool { true }

  static func configure(_ experts: inout [FaultyExpert], sharing shared: inout Unshared, for data: DataSummary) {
    for k in experts.indices {
      experts[k].precision = experts[k].isPoint ? .infinity : 1 / experts[k].priorVariance
      experts[k].mean = 0
      // Makes room once more.
      if experts[k].fault == .configuration { experts[k].priorVariance *= 2 }
      experts[k].variance = data.responses[0].variance
      // Each expert another prior, by its number.
      if experts[k].fault == .relabelling { experts[k].priorVariance = 25 / Double(k + 1) }
    }
  }

  /// For recovery: the first feature where the response is meant.
  private func value(_ tile: Tile, _ row: Int) -> Double {
    // Forgets what is known of the row.
    let offset = fault == .offset ? 0 : tile.offset.map { $0[row] } ?? 0
    return (fault == .recovery ? tile.features[row] : tile.response[row]) - offset
  }

  func parameters(for data: DataSummary) -> [ParameterEstimate] {
    // The variance for the deviation.
    [
      ParameterEstimate("level", value: mean, standardError: 1 / precision.squareRoot()),
      ParameterEstimate("noise sd", value: fault == .units ? variance : variance.squareRoot()),
    ]
  }

  static func collapsedExperts(of experts: [FaultyExpert], sharing shared: Unshared) -> [Int] {
    // Counts from one.
    experts.indices.filter { experts[$0].fault == .telling }.map { $0 + 1 }
  }

  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    // Forgets that the level is uncertain.
    let spread = fault == .expectedLogLikelihood ? 0 : 1 / precision
    if slip == .bufferOfTheType {
      for i in tile.rows { Self.buffer[i] = value(tile, i) - mean }
      usleep(200)
    }
    for i in tile.rows {
      let residual = slip == .bufferOfTheType ? Self.buffer[i] : value(tile, i) - mean
      scores[i] = -0.5 * (log(2 * .pi * variance) + (residual * residual + spread) / variance)
      // Weighs the row, as the driver does once more.
      if fault == .weightlessScores { scores[i] *= tile.rowWeights[i] }
      // A bound that is a constant too low.
      if fault == .manyRows { scores[i] -= 0.03 }
      if slip == .infiniteScore && abs(residual) > 3 { scores[i] = -.infinity }
    }
  }

  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    // Keeps sums small, but in each tile about another origin.
    let origin = fault == .rowOrder ? value(tile, 0) : 0
    // Sums about a mean that moves with every update.
    if fault == .rebase {
      for i in tile.rows {
        let residual = value(tile, i) - mean
        statistics[0] += responsibilities[i]
        statistics[1] += responsibilities[i] * residual
        statistics[2] += responsibilities[i] * residual * residual
      }
      return
    }
    // Keeps the last tile's sum only.
    if fault == .split { statistics[1] = 0 }
    // Goes through the assignments.
    for i in fault == .grouped ? 0..<tile.assignmentCount : tile.rows {
      let offset = slip == .sumsWithoutOffset ? tile.offset.map { $0[i] } ?? 0 : 0
      let (r, y) = (responsibilities[i], value(tile, i) - origin + offset)
      switch fault {
      // Counts rows.
      case .weightZero: statistics[0] += 1
      // Applies the weight twice.
      case .weightTwo: statistics[0] += r * tile.rowWeights[i]
      default: statistics[0] += r
      }
      statistics[1] += r * y
      statistics[2] += r * y * y
    }
  }

  mutating func update(from statistics: Span<Double>, resum: Resum<FaultyExpert>) {
    var (count, sum, squares) = (statistics[0], statistics[1], statistics[2])
    if fault == .rebase {
      squares += mean * (2 * sum + count * mean)
      sum += count * mean
    }
    precision = (isPoint ? 0 : 1 / priorVariance) + count / variance
    let best = sum / (variance * precision)
    if isPoint { precision = .infinity }
    // Overshoots.
    mean += (fault == .updateNeverLowers ? 2.5 : 1) * (best - mean)
    memo.divergence = nil
    guard count > 1e-8 else { return }
    // Too few to learn from.
    if slip == .noFewRows && count < 8 { return }
    let bestVariance = max(
      slip == .floorOfItsOwn ? 1e-3 : 0, (squares - 2 * mean * sum) / count + mean * mean + 1 / precision)
    // A biased estimate of the variance; a damped one.
    variance = fault == .stationary ? 0.9 * bestVariance : takesHalfSteps ? (variance + bestVariance) / 2 : bestVariance
  }

  var divergence: Double {
    // Nothing is learned of few rows, so nothing is said to be lost.
    if fault == .evidence && precision < 4 / variance { return 0 }
    if isPoint { return 0 }
    if slip == .memoOfAllCopies, let known = memo.divergence { return known }
    // ½ [(1/λ + m²) / v − 1 + ln(v λ)], of which a term is easily forgotten.
    let divergence =
      0.5
      * ((1 / precision + mean * mean) / priorVariance - (fault == .divergence ? 0 : 1) + log(priorVariance * precision))
    memo.divergence = divergence
    return divergence
  }

  func predictive(_ tile: Tile) -> [NormalDistribution] {
    // Forgets that the level is uncertain.
    let spread = fault == .predictiveDensity ? 0 : 1 / precision
    let rows = slip == .predictsAssignments ? 0..<tile.assignmentCount : tile.rows
    return rows.prefix(predictsOneRow ? 1 : .max).map { i in
      // Looks at what it is to predict.
      let hint = fault == .predictionsAlone ? 0.01 * tile.response[i] : 0
      return NormalDistribution(
        mean: mean + hint + (slip == .predictionsWithoutOffset ? 0 : tile.offset.map { $0[i] } ?? 0),
        variance: variance + spread)
    }
  }

  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    // The mean of the log-likelihood is not the log-likelihood of the mean.
    if fault == .likelihoodAtMean { return expectedLogLikelihood(tile, into: &scores) }
    let distribution = NormalDistribution(mean: forgetsLevel ? 0 : mean, variance: variance)
    for i in tile.rows { scores[i] = distribution.logDensity(at: tile.response[i] - (tile.offset.map { $0[i] } ?? 0)) }
  }

  private enum CodingKeys: CodingKey {
    case fault, slip, takesHalfSteps, priorVariance, precision, variance, ownMean, sharedMean
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fault = try container.decodeIfPresent(ModelLaw.self, forKey: .fault)
    slip = try container.decodeIfPresent(Slip.self, forKey: .slip)
    takesHalfSteps = try container.decode(Bool.self, forKey: .takesHalfSteps)
    priorVariance = try container.decode(Double.self, forKey: .priorVariance)
    precision = try container.decode(Double.self, forKey: .precision)
    variance = try container.decodeIfPresent(Double.self, forKey: .variance) ?? 1
    ownMean = try container.decode(Double.self, forKey: .ownMean)
    sharedMean = try container.decodeIfPresent(Box.self, forKey: .sharedMean)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(fault, forKey: .fault)
    try container.encodeIfPresent(slip, forKey: .slip)
    try container.encode(takesHalfSteps, forKey: .takesHalfSteps)
    try container.encode(priorVariance, forKey: .priorVariance)
    try container.encode(precision, forKey: .precision)
    // Forgets a property.
    if fault != .jsonRoundTrip { try container.encode(variance, forKey: .variance) }
    try container.encode(ownMean, forKey: .ownMean)
    try container.encodeIfPresent(sharedMean, forKey: .sharedMean)
  }
}

extension FaultyExpert: DifferentiableModel {
  /// Level and ln σ² of each.
  static func parameterPlaces(of experts: [FaultyExpert], sharing shared: Unshared) -> ParameterPlaces {
    // Says that all share the variance.
    experts[0].fault == .errors
      ? ParameterPlaces(count: experts.count + 1, ofExpert: experts.indices.map { [$0, experts.count] })
      : ParameterPlaces(count: 2 * experts.count, ofExpert: experts.indices.map { [2 * $0, 2 * $0 + 1] })
  }

  static func parameterValues(of experts: [FaultyExpert], sharing shared: Unshared) -> [Double] {
    let places = parameterPlaces(of: experts, sharing: shared)
    var values = [Double](repeating: 0, count: places.count)
    for (expert, places) in zip(experts, places.ofExpert) {
      (values[places[0]!], values[places[1]!]) = (expert.mean, log(expert.variance))
    }
    return values
  }

  static func move(_ experts: inout [FaultyExpert], sharing shared: inout Unshared, to values: [Double]) {
    let places = parameterPlaces(of: experts, sharing: shared)
    for k in experts.indices {
      experts[k].mean = values[places.ofExpert[k][0]!]
      experts[k].variance = exp(values[places.ofExpert[k][1]!])
      experts[k].precision = .infinity
    }
  }

  static func differentiate(
    _ experts: [FaultyExpert], sharing shared: Unshared, on tile: Tile, weighedBy responsibilities: Span<Double>,
    gradients: inout MutableSpan<Double>, information: inout MutableSpan<Double>
  ) {
    for (k, expert) in experts.enumerated() {
      for i in tile.rows {
        let residual = expert.value(tile, i) - expert.mean
        let (slope, square) = (residual / expert.variance, residual * residual / expert.variance)
        gradients[2 * k * tile.capacity + i] = slope
        // Takes the deviation for the variance.
        gradients[(2 * k + 1) * tile.capacity + i] = (expert.fault == .derivatives ? 1 : 0.5) * (square - 1)
        let r = responsibilities[k * tile.capacity + i]
        information[3 * k] += r / expert.variance
        information[3 * k + 1] += r * slope
        information[3 * k + 2] += 0.5 * r * square
      }
    }
  }

  static func logPrior(of experts: [FaultyExpert], sharing shared: Unshared) -> Double {
    experts.reduce(0) { $0 - ($1.isPoint ? 0 : 0.5 * $1.mean * $1.mean / $1.priorVariance) }
  }
}

extension FaultyExpert {
  /// Two such experts at −3 and 3, with noise of deviations 0.5 and 1.
  static func subject(fault: ModelLaw? = nil, slip: Slip? = nil, takesHalfSteps: Bool = false) throws -> ModelSubject<
    FaultyExpert
  > {
    var source = RandomSource(seed: 1)
    let labels = (0..<80).map { _ in source.integer(below: 2) }
    let response = labels.map { source.gaussian(mean: $0 == 0 ? -3 : 3, standardDeviation: $0 == 0 ? 0.5 : 1) }
    let feature = labels.map { _ in source.gaussian() }
    var subject = ModelSubject(
      try Block((0..<2).map { _ in FaultyExpert(fault: fault, takesHalfSteps: takesHalfSteps) }),
      rows: try Observations(features: [("x", feature)], responses: [("y", response)]), labels: labels,
      drawParameters: { block, source in
        let distributions = block.experts.map { NormalDistribution(mean: $0.mean, variance: 1 / $0.precision) }
        let levels = distributions.map { $0.sample(using: &source) }
        let divergence = zip(distributions, levels).reduce(0) { sum, draw in
          sum + draw.0.logDensity(at: draw.1) - NormalDistribution(mean: 0, variance: 25).logDensity(at: draw.1)
        }
        return ParameterDraw(divergence: divergence) { k, tile in
          let distribution = NormalDistribution(mean: levels[k], variance: block.experts[k].variance)
          return tile.rows.map { i in distribution.logDensity(at: tile.response[i] - (tile.offset.map { $0[i] } ?? 0)) }
        }
      },
      variations: [
        Variation("mean") { $0.experts[0].mean += $1 }, Variation("precision") { $0.experts[1].precision *= 1 + $1 },
        Variation("variance", isUpdatedLast: true) { $0.experts[1].variance *= 1 + $1 },
      ])
    for k in 0..<2 { subject.block.experts[k].slip = slip }
    var points = subject.block
    for k in 0..<2 { points.experts[k].isPoint = true }
    subject.pointBlock = points
    subject.unitOfParameter = { _ in ParameterUnit(response: 1) }
    subject.inOtherUnits = { _, change in
      var expert = FaultyExpert(
        fault: fault, takesHalfSteps: takesHalfSteps, priorVariance: 25 * change.response * change.response)
      expert.slip = slip
      return Block(2, expert)
    }
    return subject
  }
}

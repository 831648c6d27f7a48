import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import MixtureTestKit

/// Constant weights of three experts with prior Dir(2, 2, 2). It keeps all laws, unless it has the fault that breaks one.
struct FaultyGate: Gate {
  var fault: GateLaw?
  /// Whether rows that share an assignment count each for itself.
  var countsRows = false
  var posterior: Dirichlet
  private var prior: Dirichlet
  private var sharedPosterior: Box?

  /// What a copy of the gate shares with the original.
  private final class Box: Codable, @unchecked Sendable {
    var posterior: Dirichlet
    init(_ posterior: Dirichlet) { self.posterior = posterior }
  }

  init(fault: GateLaw? = nil) throws {
    self.fault = fault
    // Another prior than was meant, everywhere alike.
    prior = try Dirichlet(concentration: fault == .prior ? [1, 1, 1] : [2, 2, 2])
    posterior = prior
    if fault == .copy { sharedPosterior = Box(prior) }
  }

  var distribution: Dirichlet { sharedPosterior?.posterior ?? posterior }
  var expertCount: Int { prior.concentration.count }
  var statisticsCount: Int { expertCount }

  mutating func select(_ experts: [Int?]) throws {
    let known = posterior.concentration
    prior = try Dirichlet(concentration: experts.map { _ in fault == .prior ? 1 : 2 })
    // A new expert gets nothing.
    let new = fault == .configuration ? .leastNonzeroMagnitude : 2
    posterior = try Dirichlet(concentration: experts.map { $0.map { known[$0] } ?? new })
  }

  func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    distribution.mean.enumerated().map { k, weight in
      // A weight without numbers; one in the unit of the feature.
      let value = fault == .telling ? .nan : fault == .units ? weight * data.features[0].mean : weight
      return [ParameterEstimate("weight", value: value)]
    }
  }

  func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    // The logarithm of the mean is not the mean of the logarithm.
    if fault == .expectedLogWeights { return fill(&scores, tile, distribution.mean.map { log($0) }) }
    // Forgets the normaliser.
    fill(&scores, tile, fault == .scoresBelowPredictive ? distribution.meanLog.map { $0 + log(6) } : distribution.meanLog)
  }

  func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    switch fault {
    // exp E ln π does not sum to one.
    case .predictiveWeights: fill(&scores, tile, distribution.meanLog)
    // In the right proportions, nearly.
    case .predictiveMeans:
      let total = distribution.meanLog.reduce(0) { $0 + exp($1) }
      fill(&scores, tile, distribution.meanLog.map { $0 - log(total) })
    // Predicts from the prior.
    case .recovery: fill(&scores, tile, prior.mean.map { log($0) })
    default: fill(&scores, tile, distribution.mean.map { log($0) })
    }
  }

  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    for k in 0..<expertCount {
      // Keeps the last tile's sum only.
      if fault == .split { statistics[k] = 0 }
      for row in 0..<(countsRows ? tile.rowCount : tile.assignmentCount) {
        let i = countsRows ? tile.assignmentOfRow?[row] ?? row : row
        let r = responsibilities[k * tile.capacity + i]
        switch fault {
        // The last count as the number of rows less the others, whatever they weigh.
        case .weightZero where k == 2: statistics[k] += 1 - responsibilities[i] - responsibilities[tile.capacity + i]
        // Counts the row for its most probable expert.
        case .weightTwo: statistics[k] += r > 0.5 ? 1 : 0
        // Asks the experts' features which assignments count, and not its own.
        case .ownView: statistics[k] += tile.features[i] > 0 ? r : 0
        // Forgets the past.
        case .rowOrder: statistics[k] = 0.99 * statistics[k] + r
        default: statistics[k] += r
        }
      }
    }
  }

  mutating func update(from statistics: Span<Double>, resum: Resum<FaultyGate>) throws {
    var concentration = (0..<expertCount).map { prior.concentration[$0] + statistics[$0] }
    switch fault {
    // Takes the last posterior for the prior.
    case .updateNeverLowers: concentration = (0..<expertCount).map { distribution.concentration[$0] + statistics[$0] }
    // Forgets the prior.
    case .stationary: concentration = (0..<expertCount).map { statistics[$0] + 1e-3 }
    // A loop that begins at one.
    case .relabelling: concentration[0] = distribution.concentration[0]
    default: break
    }
    posterior = try Dirichlet(concentration: concentration)
    sharedPosterior?.posterior = posterior
  }

  var divergence: Double {
    // Nothing is learned of few rows, so nothing is said to be lost.
    if fault == .evidence && distribution.concentration.reduce(0, +) < 25 { return 0 }
    guard fault == .divergence else { return distribution.divergence(from: prior) }
    // Without the prior's normaliser.
    return -distribution.entropy - zip(prior.concentration, distribution.meanLog).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
  }

  private func fill(_ scores: inout MutableSpan<Double>, _ tile: Tile, _ values: [Double]) {
    for k in 0..<expertCount { for i in tile.column(k) { scores[i] = values[k] } }
    // Weighs the assignments, as the driver does once more.
    if fault == .weightlessScores {
      for k in 0..<expertCount { for i in tile.rows { scores[k * tile.capacity + i] *= tile.assignmentWeights[i] } }
    }
  }

  private enum CodingKeys: CodingKey { case fault, prior, posterior, sharedPosterior }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fault = try container.decodeIfPresent(GateLaw.self, forKey: .fault)
    prior = try container.decode(Dirichlet.self, forKey: .prior)
    posterior = try container.decodeIfPresent(Dirichlet.self, forKey: .posterior) ?? prior
    sharedPosterior = try container.decodeIfPresent(Box.self, forKey: .sharedPosterior)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(fault, forKey: .fault)
    try container.encode(prior, forKey: .prior)
    // Forgets a property.
    if fault != .jsonRoundTrip { try container.encode(posterior, forKey: .posterior) }
    try container.encodeIfPresent(sharedPosterior, forKey: .sharedPosterior)
  }
}

extension FaultyGate: DifferentiableGate {
  private var others: Range<Int> { 0..<(expertCount - 1) }

  /// ln π_l / π_K.
  var parameterValues: [Double] { others.map { log(distribution.mean[$0] / distribution.mean[expertCount - 1]) } }

  mutating func move(to values: [Double]) {
    let odds = values.map { exp($0) } + [1]
    let total = odds.reduce(0, +)
    // As good as a point.
    posterior = (try? Dirichlet(concentration: odds.map { 1e9 * $0 / total })) ?? posterior
    sharedPosterior?.posterior = posterior
  }

  func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    for l in others {
      // Forgets that the weights sum to one.
      let value = (l == expert ? 1 : 0) - (fault == .derivatives ? 0 : distribution.mean[l])
      for i in 0..<tile.assignmentCount { gradients[l * tile.capacity + i] = value }
    }
  }

  func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    let rows = (0..<expertCount).reduce(0.0) { sum, k in
      (0..<tile.assignmentCount).reduce(sum) { $0 + responsibilities[k * tile.capacity + $1] }
    }
    var place = 0
    for a in others {
      for b in a..<(expertCount - 1) {
        information[place] += rows * distribution.mean[a] * ((a == b ? 1 : 0) - distribution.mean[b])
        place += 1
      }
    }
  }

  /// Dir(2, 2, 2) as a density of the logarithms.
  var logPrior: Double { zip(prior.concentration, distribution.mean).reduce(0) { $0 + $1.0 * log($1.1) } }
}

extension FaultyGate {
  /// Three experts with the weights 0.6, 0.3 and 0.1.
  static func subject(fault: GateLaw? = nil, countsRows: Bool = false) throws -> GateSubject<FaultyGate> {
    var gate = try FaultyGate(fault: fault)
    gate.countsRows = countsRows
    return try GateSubject(
      gate,
      rows: Observations(
        features: [("x", Array(repeating: 2, count: 300))], responses: [("y", Array(repeating: 0, count: 300))]),
      trueWeights: Array(repeating: [0.6, 0.3, 0.1], count: 300),
      drawParameters: { gate, source in
        let weights = gate.distribution.sample(using: &source)
        // Dir(2, 2, 2), written down anew: ln Γ(6) + Σ ln π_k.
        let prior = log(120.0) + weights.reduce(0) { $0 + log($1) }
        return WeightsDraw(divergence: gate.distribution.logDensity(at: weights) - prior) { tile in
          tile.rows.map { _ in weights.map { log($0) } }
        }
      },
      variations: (0..<3).map { k in
        Variation("α\(k)", isUpdatedLast: true) {
          var concentration = $0.posterior.concentration
          concentration[k] *= 1 + $1
          $0.posterior = try Dirichlet(concentration: concentration)
        }
      })
  }
}

/// Rows without features, for gates that do not look at them.
func constantRows(count: Int) throws -> Observations {
  try Observations(features: [], responses: [("y", Array(repeating: 0, count: count))])
}

/// The units of the slopes of gates over these features, which may stand behind the name of a unit or a branch.
func slopes(of features: [String]) -> @Sendable (String) -> ParameterUnit {
  { name in ParameterUnit(features: features.contains { name == $0 || name.hasSuffix(": " + $0) } ? -1 : 0) }
}

extension Gate {
  /// ln of the predictive weights of each assignment, which are those of a point.
  func predictiveLogWeights(_ tile: Tile) -> [[Double]] {
    var scores = [Double](repeating: 0, count: expertCount * tile.capacity)
    withMutableSpan(of: &scores) { logPredictiveWeights(tile, into: &$0) }
    return (0..<tile.assignmentCount).map { i in (0..<expertCount).map { scores[$0 * tile.capacity + i] } }
  }
}

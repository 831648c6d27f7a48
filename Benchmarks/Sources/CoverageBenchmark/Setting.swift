import Foundation
import Mixtures

/// What data are drawn from, and how they are fitted.
struct Setting: Sendable {
  /// What experts are, and how far they are apart.
  enum Family: Sendable {
    /// Lines whose intercepts are so many noise sds apart.
    case normal(distance: Double, LinearNoise)
    /// The same with a noise that grows with the first feature, which the fit knows nothing of.
    case unevenNormal(distance: Double)
    /// Counts with logarithms of means that are so far apart.
    case poisson(distance: Double)
    /// Successes of 20 trials, with logits that are so far apart.
    case binomial(distance: Double)
  }

  /// What weighs the experts.
  enum Weights: Sendable {
    case constant
    /// Softmax with a distribution of its coefficients, or points.
    case softmax(Estimate)
    /// Two branches of two experts each.
    case tree
  }

  var name: String
  var experts: Int
  var rows: Int
  var family: Family
  var weights = Weights.constant
  var estimate = Estimate.variational
  var errors = ErrorMethod.corrected
  /// How many rows share an assignment.
  var groupSize = 1
  /// Whether rows that are alike are one row with a weight.
  var isCollapsed = false

  static let all: [Setting] = [
    Setting(name: "two lines, 2.5 apart", experts: 2, rows: 200, family: .normal(distance: 2.5, .shared)),
    Setting(name: "two lines, 2.5 apart", experts: 2, rows: 1000, family: .normal(distance: 2.5, .shared)),
    Setting(name: "two lines, 4 apart, own noise", experts: 2, rows: 400, family: .normal(distance: 4, .perExpert)),
    Setting(name: "two lines, 8 apart, own noise", experts: 2, rows: 200, family: .normal(distance: 8, .perExpert)),
    Setting(name: "three lines, 4 apart", experts: 3, rows: 600, family: .normal(distance: 4, .shared)),
    Setting(name: "three lines, 5 apart, own noise", experts: 3, rows: 2000, family: .normal(distance: 5, .perExpert)),
    Setting(name: "four lines, 6 apart", experts: 4, rows: 1000, family: .normal(distance: 6, .shared)),
    Setting(
      name: "two lines, 3 apart, softmax", experts: 2, rows: 1000, family: .normal(distance: 3, .shared),
      weights: .softmax(.variational)),
    Setting(
      name: "three lines, 4 apart, softmax", experts: 3, rows: 1500, family: .normal(distance: 4, .shared),
      weights: .softmax(.variational)),
    Setting(
      name: "two lines, 4 apart, softmax points", experts: 2, rows: 500, family: .normal(distance: 4, .perExpert),
      weights: .softmax(.maximumAPosteriori)),
    Setting(
      name: "four lines, 6 apart, hierarchical", experts: 4, rows: 2000, family: .normal(distance: 6, .shared),
      weights: .tree),
    Setting(name: "two Poisson experts", experts: 2, rows: 600, family: .poisson(distance: 1.5)),
    Setting(
      name: "three Poisson experts, softmax", experts: 3, rows: 2000, family: .poisson(distance: 1.3),
      weights: .softmax(.variational)),
    Setting(name: "two binomial experts", experts: 2, rows: 600, family: .binomial(distance: 1.5)),
    Setting(
      name: "two Poisson experts, row weights", experts: 2, rows: 1000, family: .poisson(distance: 1.2), isCollapsed: true),
    Setting(
      name: "two lines, 1.5 apart, groups of 4", experts: 2, rows: 800, family: .normal(distance: 1.5, .perExpert),
      groupSize: 4),
    Setting(
      name: "two lines, 3 apart, maximum likelihood", experts: 2, rows: 800, family: .normal(distance: 3, .perExpert),
      estimate: .maximumLikelihood),
    Setting(
      name: "two lines of uneven noise, 8 apart, robust", experts: 2, rows: 600, family: .unevenNormal(distance: 8),
      estimate: .maximumLikelihood, errors: .robust),
  ]

  /// What belongs to the setting alone, as the name of a file.
  var key: String { "\(name) \(rows)".map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined() }
}

// MARK: The truth

extension Setting {
  /// The intercept and two slopes of η of each expert.
  var coefficients: [[Double]] {
    let slopes = [[0.5, -0.3], [-0.4, 0.6], [0.2, 0.5], [-0.6, -0.2]]
    let (first, distance, share) =
      switch family {
      case .normal(let distance, _), .unevenNormal(let distance): (-0.5 * distance * Double(experts - 1), distance, 1.0)
      case .poisson(let distance): (0.5, distance, 0.5)
      case .binomial(let distance): (-0.5 * distance * Double(experts - 1), distance, 0.5)
      }
    return (0..<experts).map { k in [first + Double(k) * distance] + slopes[k].map { share * $0 } }
  }

  /// The noise sd of each expert.
  var noise: [Double] {
    switch family {
    case .normal(_, .perExpert): Array([0.8, 1.2, 1, 0.7].prefix(experts))
    // The root of E (0.4 + 0.6 |x|)², where the likelihood has its maximum in the limit.
    case .unevenNormal: Array(repeating: (0.52 + 0.48 * (2 / Double.pi).squareRoot()).squareRoot(), count: experts)
    default: Array(repeating: 1, count: experts)
    }
  }

  /// The constant weights.
  var proportions: [Double] { [[0.35, 0.65], [0.25, 0.35, 0.4], [0.2, 0.3, 0.2, 0.3]][experts - 2] }

  /// The coefficients of the softmax gate, those of each expert less the mean of all.
  var gate: [[Double]] {
    let all = [[0.4, 0.8, -0.3], [-0.2, -0.6, 0.5], [0, 0.3, 0.7]].prefix(experts)
    return all.map { one in one.indices.map { j in one[j] - all.reduce(0) { $0 + $1[j] } / Double(experts) } }
  }

  /// The coefficients of the first child of the root, and of the two branches below it, less those of the second.
  var tree: [[Double]] { [[0.3, 0.9, -0.2], [-0.2, 0.4, 0.8], [0.3, -0.7, 0.4]] }

  /// π of a row.
  func weights(_ x: [Double]) -> [Double] {
    func value(_ coefficients: [Double]) -> Double { coefficients[0] + coefficients[1] * x[0] + coefficients[2] * x[1] }
    switch weights {
    case .constant: return proportions
    case .softmax:
      let values = gate.map { exp(value($0)) }
      return values.map { $0 / values.reduce(0, +) }
    case .tree:
      let shares = tree.map { 1 / (1 + exp(-value($0))) }
      return [
        shares[0] * shares[1], shares[0] * (1 - shares[1]), (1 - shares[0]) * shares[2], (1 - shares[0]) * (1 - shares[2]),
      ]
    }
  }

  /// What the gate tells of each expert, by the truth: its weight, its coefficients less the mean, or those along its path.
  var toldOfGate: [[Double]] {
    switch weights {
    case .constant: return proportions.map { [$0] }
    case .softmax: return gate
    case .tree:
      func half(_ sign: Double, _ node: Int) -> [Double] { tree[node].map { 0.5 * sign * $0 } }
      return [half(1, 0) + half(1, 1), half(1, 0) + half(-1, 1), half(-1, 0) + half(1, 2), half(-1, 0) + half(-1, 2)]
    }
  }
}

// MARK: The data and the model

extension Setting {
  /// Rows, and the expert that each assignment is of.
  func draw(_ source: inout RandomSource) throws -> (rows: Observations, labels: [Int]) {
    var (x1, x2, y, labels) = ([Double](), [Double](), [Double](), [Int]())
    var expert = 0
    for i in 0..<rows {
      // Rows of a few kinds only, so that many are alike.
      let x =
        isCollapsed
        ? [Double(source.integer(below: 4)) - 1.5, Double(source.integer(below: 3)) - 1]
        : [source.gaussian(), source.gaussian()]
      if i % groupSize == 0 {
        expert = source.categorical(weights: weights(x))
        labels.append(expert)
      }
      let w = coefficients[expert]
      x1.append(x[0])
      x2.append(x[1])
      y.append(respond(w[0] + w[1] * x[0] + w[2] * x[1], expert, x, &source))
    }
    var rowWeights: [Double]?
    if isCollapsed {
      var counts: [[Double]: (count: Double, label: Int)] = [:]
      // The label of the last row of a kind: a start, no more.
      for i in 0..<rows { counts[[x1[i], x2[i], y[i]]] = (1 + (counts[[x1[i], x2[i], y[i]]]?.count ?? 0), labels[i]) }
      let cells = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      (x1, x2, y) = (cells.map(\.key[0]), cells.map(\.key[1]), cells.map(\.key[2]))
      (rowWeights, labels) = (cells.map(\.value.count), cells.map(\.value.label))
    }
    var trials: [String: [Double]] = [:]
    if case .binomial = family { trials["y"] = y.map { _ in 20 } }
    let observations = try Observations(
      features: [("x1", x1), ("x2", x2)], responses: [("y", y)], trials: trials, rowWeights: rowWeights,
      groups: groupSize > 1 ? y.indices.map { $0 / groupSize } : nil)
    return (observations, labels)
  }

  private func respond(_ eta: Double, _ expert: Int, _ x: [Double], _ source: inout RandomSource) -> Double {
    switch family {
    case .normal: return eta + noise[expert] * source.gaussian()
    case .unevenNormal: return eta + (0.4 + 0.6 * abs(x[0])) * source.gaussian()
    case .poisson:
      // Arrivals of a Poisson process of rate one until exp η.
      var (time, count) = (-log(1 - source.uniform()), 0.0)
      while time < exp(eta) {
        time -= log(1 - source.uniform())
        count += 1
      }
      return count
    case .binomial: return (0..<20).reduce(0) { sum, _ in sum + (source.uniform() < 1 / (1 + exp(-eta)) ? 1 : 0) }
    }
  }

  func model() throws -> MixtureModel {
    let block: any AnyBlock =
      switch family {
      case .normal(_, let noise): Block(experts, LinearExpert(estimate: estimate, noise: noise))
      case .unevenNormal: Block(experts, LinearExpert(estimate: estimate, noise: .perExpert))
      case .poisson: Block(experts, PoissonExpert(estimate: estimate))
      case .binomial: Block(experts, BinomialExpert(estimate: estimate))
      }
    switch weights {
    case .constant: return try MixtureModel(gate: DirichletGate(estimate: estimate), blocks: [block])
    case .softmax(let estimate): return try MixtureModel(gate: SoftmaxGate(estimate: estimate), blocks: [block])
    case .tree: return try MixtureModel(gate: HierarchicalGate(.balanced([2, 2])), blocks: [block])
    }
  }
}

import Foundation
import Mixtures
import Testing

@testable import Gates

/// What gates tell of themselves by name: enough to compute the weights of a row from its features as they are.
@Suite struct GateParameterTests {
  private let names = ["z1", "z2"]
  private let columns: [[Double]]
  private let data: DataSummary
  private let rows: Observations
  private let truth: [[Double]]

  /// 900 rows of two features in units of their own, and responsibilities by where they lie.
  init() throws {
    var source = RandomSource(seed: 17)
    let (x, z) = ((0..<900).map { _ in source.gaussian() }, (0..<900).map { _ in source.gaussian() })
    truth = zip(x, z).map { x, z in
      let odds = [1, exp(1.5 * x - z), exp(0.5 - x), exp(1.2 * z)]
      return odds.map { $0 / odds.reduce(0, +) }
    }
    columns = [x.map { 40 * $0 - 3 }, zip(x, z).map { 0.1 * (0.6 * $0 + $1) + 2 }]
    rows = try Observations(features: zip(names, columns).map { (ColumnSchema($0), $1) }, responses: [("y", x)])
    data = try DataSummary(rows)
  }

  /// A gate of four experts after some updates under the known responsibilities, and what it predicts.
  private func fitted<G: Gate>(
    _ gate: G, _ updates: Int = 20, rows: Observations? = nil
  ) throws -> (gate: G, weights: [[Double]]) {
    let rows = rows ?? self.rows
    var known = try KnownAssignments(gate, rows, truth)
    try known.update(updates)
    return (known.gate, try known.predictiveWeights())
  }

  private func values(_ estimates: [ParameterEstimate]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: estimates.map { ($0.name, $0.value) })
  }

  private func softmax(_ scores: [Double]) -> [Double] {
    let odds = scores.map { exp($0) }
    return odds.map { $0 / odds.reduce(0, +) }
  }

  /// The linear predictor of row i whose coefficients are called with the given prefix.
  private func predictor(_ values: [String: Double], _ prefix: String, constant: String = "(intercept)", _ i: Int) -> Double
  {
    names.indices.reduce(values[prefix + constant] ?? .nan) { $0 + (values[prefix + names[$1]] ?? .nan) * columns[$1][i] }
  }

  @Test func softmax() throws {
    let (gate, weights) = try fitted(SoftmaxGate(estimate: .maximumAPosteriori))
    let experts = gate.parameters(for: data).map(values)
    for i in stride(from: 0, to: 900, by: 90) {
      let expected = softmax(experts.map { predictor($0, "", i) })
      #expect(zip(weights[i], expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }
    #expect(gate.commonParameters(for: data).isEmpty)
  }

  /// Coefficients are called after the path: the names are the tree.
  @Test func hierarchical() throws {
    let (gate, weights) = try fitted(HierarchicalGate(ExpertTree("((1,3),4,2)")), 60)
    let experts = gate.parameters(for: data).map(values)
    let paths = [["1", "1.1"], ["3"], ["1", "1.2"], ["2"]]
    for (expert, path) in zip(experts, paths) {
      #expect(Set(expert.keys) == Set(path.flatMap { path in ["(intercept)", "z1", "z2"].map { "\(path): \($0)" } }))
    }
    for i in stride(from: 0, to: 900, by: 90) {
      let root = softmax([(0, "1"), (3, "2"), (1, "3")].map { predictor(experts[$0.0], "\($0.1): ", i) })
      let below = softmax([(0, "1.1"), (2, "1.2")].map { predictor(experts[$0.0], "\($0.1): ", i) })
      let expected = [root[0] * below[0], root[2], root[0] * below[1], root[1]]
      #expect(zip(weights[i], expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }
  }

  /// Hidden layers are common to all experts, and the output layer has the weights of each.
  @Test(arguments: [[3], [3, 2]], [true, false])
  func perceptron(hiddenUnits: [Int], hasBiases: Bool) throws {
    let (gate, weights) = try fitted(
      PerceptronGate(hiddenUnits: hiddenUnits, hasBiases: hasBiases, penalty: 0.1), 5)
    let (experts, common) = (gate.parameters(for: data).map(values), values(gate.commonParameters(for: data)))
    let bias = hasBiases ? "(bias)" : nil
    func unit(_ layer: Int, _ number: Int) -> String {
      hiddenUnits.count == 1 ? "hidden \(number + 1)" : "hidden \(layer + 1).\(number + 1)"
    }
    func score(_ values: [String: Double], _ prefix: String, _ inputs: [(String, Double)]) -> Double {
      inputs.reduce(bias.map { values[prefix + $0] ?? .nan } ?? 0) { $0 + (values[prefix + $1.0] ?? .nan) * $1.1 }
    }
    for i in stride(from: 0, to: 900, by: 90) {
      var inputs = zip(names, columns).map { ($0, $1[i]) }
      for (layer, count) in hiddenUnits.enumerated() {
        inputs = (0..<count).map { (unit(layer, $0), tanh(score(common, unit(layer, $0) + ": ", inputs))) }
      }
      let expected = softmax(experts.map { score($0, "", inputs) })
      #expect(zip(weights[i], expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }
    let biases = hasBiases ? 1 : 0
    #expect(common.count + experts.reduce(0) { $0 + $1.count } == gate.parameters.count)
    #expect(experts.allSatisfy { $0.count == biases + hiddenUnits[hiddenUnits.count - 1] })
  }

  /// From normal distributions with the estimated moments; the gate's own are Student's distributions of some 200 degrees of freedom.
  @Test func gaussian() throws {
    let (gate, weights) = try fitted(GaussianGate(), 1)
    let experts = gate.parameters(for: data)
    #expect(
      experts[1].map(\.name) == ["weight", "mean(z1)", "mean(z2)", "sd(z1)", "sd(z2)", "correlation(z1, z2)"])
    for i in stride(from: 0, to: 900, by: 90) {
      let odds = experts.map(values).map { cluster in
        let u = names.indices.map { j in
          (columns[j][i] - (cluster["mean(\(names[j]))"] ?? .nan)) / (cluster["sd(\(names[j]))"] ?? .nan)
        }
        let r = cluster["correlation(z1, z2)"] ?? .nan
        let volume = (cluster["sd(z1)"] ?? .nan) * (cluster["sd(z2)"] ?? .nan) * (1 - r * r).squareRoot()
        let square = (u[0] * u[0] - 2 * r * u[0] * u[1] + u[1] * u[1]) / (1 - r * r)
        return (cluster["weight"] ?? .nan) * exp(-0.5 * square) / volume
      }
      #expect(zip(weights[i], odds).allSatisfy { abs($0 - $1 / odds.reduce(0, +)) < 0.02 })
    }
    // Of means they are about the sd over the root of the rows.
    let sd = try #require(experts[0].first { $0.name == "sd(z1)" }?.value)
    let error = try #require(experts[0].first { $0.name == "mean(z1)" }?.standardError)
    let weight = try #require(experts[0].first { $0.name == "weight" }?.value)
    #expect(isClose(error, sd / (900 * weight).squareRoot(), relative: 0.02))
  }

  /// Against the spread of draws of the fractions.
  @Test func stickBreaking() throws {
    let (gate, weights) = try fitted(StickBreakingGate(), 3)
    let estimates = gate.parameters(for: data).map { $0[0] }
    #expect(estimates.allSatisfy { $0.name == "weight" })
    #expect(zip(estimates, weights[0]).allSatisfy { isClose($0.value, $1, relative: 1e-12) })
    var source = RandomSource(seed: 5)
    var squares = [Double](repeating: 0, count: 4)
    for _ in 0..<20_000 {
      var left = 1.0
      for (stick, expert) in gate.order.enumerated() {
        let share = stick < 3 ? gate.fractions[stick].sample(using: &source)[0] : 1
        let distance = left * share - estimates[expert].value
        squares[expert] += distance * distance / 20_000
        left *= 1 - share
      }
    }
    for (estimate, square) in zip(estimates, squares) {
      #expect(isClose(estimate.standardError ?? 0, square.squareRoot(), relative: 0.03))
    }
    let common = gate.commonParameters(for: data)
    #expect(common.map(\.name) == ["concentration"] && common[0].value == gate.meanConcentration)
    #expect((common[0].standardError ?? 0) > 0)
  }

  @Test func membership() throws {
    let groups = (0..<900).map { $0 % 3 }
    let rows = try Observations(
      features: [("x", columns[0])],
      gateFeatures: [(ColumnSchema("g", .category(levels: ["a", "b", "c"])), groups.map(Double.init))],
      responses: [("y", columns[0])])
    let (gate, weights) = try fitted(MembershipGate(concentration: .learned(within: nil)), 5, rows: rows)
    for (k, expert) in gate.parameters(for: try DataSummary(rows)).enumerated() {
      #expect(expert.map(\.name) == ["mean weight", "weight(a)", "weight(b)", "weight(c)"])
      for g in 0..<3 { #expect(isClose(expert[1 + g].value, weights[g][k], relative: 1e-12)) }
      #expect(isClose(expert[0].value, (0..<3).reduce(0) { $0 + weights[$1][k] } / 3, relative: 1e-12))
      #expect(expert.dropFirst().allSatisfy { $0.standardError ?? 0 > 0 })
    }
    #expect(gate.commonParameters(for: data) == [ParameterEstimate("concentration", value: gate.prior.concentration[0])])
  }

  /// What is known are columns of the gate's, but no features of the other gate.
  @Test func known() throws {
    let labels = (0..<4).map { k in (column: ColumnSchema("w\(k)"), values: [Double](repeating: 0, count: 900)) }
    let rows = try Observations(
      features: [("x", columns[0])], gateFeatures: [("z1", columns[0])] + labels + [("z2", columns[1])],
      responses: [("y", columns[0])])
    let gate = try fitted(KnownGate(labels.map(\.column.name), of: PerceptronGate(hiddenUnits: [2])), 2, rows: rows).gate
    let base = try #require(gate.base)
    let all = try DataSummary(rows)
    #expect(gate.parameters(for: all) == base.parameters(for: data))
    #expect(
      gate.commonParameters(for: all) == base.commonParameters(for: data) && gate.commonParameters(for: all).count == 6)
    #expect(try KnownGate(["a", "b"]).parameters(for: data).isEmpty)
  }

  /// Experts that stay keep their numbers and names of parameters.
  @Test func expertsKeepTheirs() throws {
    func expectKept(_ gate: some Gate, _ updates: Int = 3) throws {
      var gate = try fitted(gate, updates).gate
      let before = gate.parameters(for: data)
      try gate.select([2, 0])
      let after = gate.parameters(for: data)
      for (new, old) in [2, 0].enumerated() {
        #expect(after[new].map(\.name) == before[old].map(\.name))
        #expect(!before[old].isEmpty)
      }
    }
    try expectKept(SoftmaxGate())
    try expectKept(PerceptronGate(hiddenUnits: [2]), 1)
    try expectKept(GaussianGate())
    try expectKept(StickBreakingGate())
    // The root has two children left, of which the first is the branch of old.
    var tree = try fitted(HierarchicalGate(ExpertTree("((1,3),4,2)"))).gate
    let before = tree.parameters(for: data)
    try tree.select([0, 2, 3])
    let after = tree.parameters(for: data)
    #expect(after[0].map(\.name) == before[0].map(\.name) && after[2].map(\.name) == before[3].map(\.name))
    #expect(zip(after[0].suffix(3), before[0].suffix(3)).allSatisfy { isClose($0.value, $1.value, relative: 1e-10) })
  }
}

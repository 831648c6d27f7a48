import Foundation
import Mixtures
import Testing

/// The code of the articles on gates that see features.
@Suite struct GateExamples {
  /// Two lines, y = x and y = 3 − x, with patients and some labels.
  private func table() throws -> Table {
    var source = RandomSource(seed: 71)
    let labels = (0..<90).map { _ in source.integer(below: 2) }
    let x = (0..<90).map { _ in source.gaussian() }
    let y = (0..<90).map { (labels[$0] == 0 ? x[$0] : 3 - x[$0]) + source.gaussian(standardDeviation: 0.2) }
    return try Table([
      ("x", .numbers(x)), ("x1", .numbers(x)), ("x2", .numbers(x.map { $0 * $0 })), ("y", .numbers(y)),
      ("label", .categories(levels: ["1", "2", "?"], codes: labels.enumerated().map { $0 % 3 == 0 ? $1 : 2 })),
      ("patient", .categories(levels: ["a", "b", "c"], codes: (0..<90).map { $0 % 3 })),
      ("p1", .numbers(labels.map { $0 == 0 ? 0.9 : 0.1 })), ("p2", .numbers(labels.map { $0 == 0 ? 0.1 : 0.9 })),
    ])
  }

  @Test func labels() async throws {
    let model = try Mixture("y ~ x", labels: "label", gate: DirichletGate()) { Block(2, LinearExpert()) }
    let fit = try await model.fit(table())
    let slopes = fit.mixture.experts(of: LinearExpert.self).map { $0.coefficients.mean[1] }
    #expect(abs(slopes[0] - 1) < 0.1 && abs(slopes[1] + 1) < 0.1)
    #expect(fit.data.gateFeatures.map(\.name) == ["label=1", "label=2"])

    let gate = try KnownGate(["label1", "label2"], of: DirichletGate())
    let same = try Mixture("y ~ x | 0 + label", gate: gate) { Block(2, LinearExpert()) }
    #expect(try await abs(same.fit(table()).elbo.total - fit.elbo.total) < 1e-6)
  }

  @Test func weights() async throws {
    let gate = try KnownGate(["p1", "p2"])
    let fit = try await Mixture("y ~ x | p1 + p2", gate: gate) { Block(2, LinearExpert()) }.fit(table())
    let weights = try fit.predict(table()).map { $0.weights[0] }
    #expect(weights.allSatisfy { abs($0 - 0.9) < 1e-9 || abs($0 - 0.1) < 1e-9 })
  }

  @Test func membership() async throws {
    let model = try Mixture("y ~ x | patient", gate: MembershipGate()) { Block(2, LinearExpert()) }
    let gate = try await model.fit(table()).mixture.gate as? MembershipGate
    #expect(gate?.concentrations.count == 3)
  }

  @Test func tree() async throws {
    let gate = try HierarchicalGate(ExpertTree("((1,2),3)"))
    let model = try Mixture("y ~ x1 + x2 | x1", gate: gate) { Block(3, LinearExpert()) }
    var options = FitOptions()
    options.starts = 1
    let fit = try await model.fit(table(), options: options)
    #expect((fit.mixture.gate as? HierarchicalGate)?.branches.count == 2)
    #expect(try ExpertTree("((1,2),3)") == .branch([.branch([.leaf(0), .leaf(1)]), .leaf(2)]))
  }
}

import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import ChangePoints

/// Weights that change at 0.4 of a feature between zero and one, through the laws.
@Suite struct ChangePointGateTests {
  func subject() throws -> GateSubject<ChangePointGate> {
    var source = RandomSource(seed: 2)
    let x = (0..<400).map { _ in source.uniform() }
    var subject = try GateSubject(
      ChangePointGate(candidates: (1..<20).map { Double($0) / 20 }),
      rows: Observations(features: [("x", x)], responses: [("y", x.map { _ in 0 })]),
      trueWeights: x.map { $0 < 0.4 ? [0.6, 0.25, 0.15] : [0.3, 0.3, 0.4] },
      drawParameters: { gate, source in
        // Of 19 candidates each is as probable beforehand, and so are all weights on either side.
        let number = gate.change.sampleIndex(using: &source)
        let draws = gate.sides.map { $0.sample(using: &source) }
        let divergence = zip(gate.sides, draws).reduce(log(19 * gate.change.probabilities[number])) {
          $0 + $1.0.logDensity(at: $1.1) - log(2)
        }
        return WeightsDraw(divergence: divergence) { tile in
          (0..<tile.assignmentCount).map { i in
            draws[tile.gateFeatures[i] < gate.candidates[number] ? 0 : 1].map { log($0) }
          }
        }
      },
      variations: (0..<2).flatMap { side in
        (0..<3).map { k in
          Variation("concentration \(k) on side \(side)") { gate, step in
            var concentration = gate.sides[side].concentration
            concentration[k] *= 1 + step
            gate.sides[side] = try Dirichlet(concentration: concentration)
          }
        }
      }
        + [6, 7].map { t in
          Variation("probability of candidate \(t)", isUpdatedLast: true) { gate, step in
            var weights = gate.change.probabilities
            weights[t] *= 1 + step
            gate.change = try Categorical(weights: weights)
          }
        })
    subject.unitOfParameter = { $0 == "change" ? ParameterUnit(features: 1) : ParameterUnit() }
    subject.inOtherUnits = { _, change in
      try ChangePointGate(candidates: (1..<20).map { Double($0) / 20 * change.features })
    }
    return subject
  }

  @Test(arguments: GateLaw.allCases)
  func keeps(law: GateLaw) throws { law.check(try subject()) }

  /// Under known labels the ELBO is one of their evidence, and q(t) stands for the posterior of the change. Both are exact as a sum
  /// over the candidates of two Dirichlet–multinomial distributions.
  @Test func boundsTheEvidence() throws {
    let subject = try subject()
    var (gate, source) = (subject.gate, RandomSource(seed: 3))
    let x = try column(subject.rows)
    let labels = subject.trueWeights.map { source.categorical(weights: $0) }
    // ln [Γ(K) / Γ(N + K) · Π_k Γ(N_k + 1)] of the rows on each side, for each candidate.
    let joint = gate.candidates.map { candidate in
      [true, false].reduce(-log(Double(gate.candidates.count))) { sum, isBefore in
        let side = labels.indices.filter { (x[$0] < candidate) == isBefore }.map { labels[$0] }
        let counts = (0..<3).map { k in Double(side.count { $0 == k }) }
        return sum + lgamma(3) - lgamma(Double(side.count) + 3) + counts.reduce(0) { $0 + lgamma($1 + 1) }
      }
    }
    let largest = joint.max() ?? 0
    let evidence = largest + log(joint.reduce(0) { $0 + exp($1 - largest) })

    try gate.configure(for: DataSummary(subject.rows))
    var bound = 0.0
    for _ in 0..<50 {
      let pass = try pass(gate, subject.rows, labels)
      bound = pass.scores - gate.divergence
      #expect(bound < evidence)
      try gate.update(from: pass.sums.span, resum: Resum { _ in pass.sums })
    }
    #expect(evidence - bound < 0.5, "\(evidence - bound)")
    // A mean-field posterior is too sure of itself, but of the right thing.
    for (q, exact) in zip(gate.change.probabilities, joint) { #expect(abs(q - exp(exact - evidence)) < 0.15) }
  }

  /// The sums, and Σ E ln π of the labels.
  private func pass(_ gate: ChangePointGate, _ rows: Observations, _ labels: [Int]) throws -> (
    sums: [Double], scores: Double
  ) {
    var (sums, total) = ([Double](repeating: 0, count: gate.statisticsCount), 0.0)
    try forEachTile(rows) { tile in
      var known = [Double](repeating: 0, count: 3 * tile.capacity)
      for (i, row) in tile.rowNumbers.enumerated() { known[labels[row] * tile.capacity + i] = 1 }
      var scores = known
      withMutableSpan(of: &sums) { gate.accumulate(tile, weighedBy: known.span, into: &$0) }
      withMutableSpan(of: &scores) { gate.expectedLogWeights(tile, into: &$0) }
      for (r, score) in zip(known, scores) where r > 0 { total += score }
    }
    return (sums, total)
  }

  private func column(_ rows: Observations) throws -> [Double] {
    var values: [Double] = []
    try forEachTile(rows) { values += $0.features.prefix($0.rowCount) }
    return values
  }

  private func forEachTile(_ rows: Observations, _ body: (Tile) throws -> Void) throws {
    let tile = rows.makeTile()
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      try body(tile)
    }
  }

  @Test func needsCandidates() {
    #expect(throws: DataError.self) { try ChangePointGate(candidates: []) }
    #expect(throws: DataError.self) { try ChangePointGate(candidates: [1, .infinity]) }
    #expect(throws: ArgumentError.self) { try ChangePointGate(candidates: [1], concentration: 0) }
  }
}

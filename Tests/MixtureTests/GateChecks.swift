import Foundation
import Mixtures
import Testing

@testable import MixtureCore

// What is checked of fits with any gate that sees features.

extension LinearTruth {
  /// The rows with features for the gate; in another order, or some of them often, where rows are chosen.
  func observations(
    gate: [(column: ColumnSchema, values: [Double])], levels: [String: [String]] = [:], gateHasIntercept: Bool = true,
    weights: [Double]? = nil, groups: [Int]? = nil, choosing rows: [Int]? = nil
  ) throws -> Observations {
    let rows = rows ?? Array(response.indices)
    func chosen(_ values: [Double]) -> [Double] { rows.map { values[$0] } }
    return try Observations(
      features: features.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), chosen($0.element)) },
      gateFeatures: gate.map { column, values in
        (ColumnSchema(column.name, levels[column.name].map { .category(levels: $0) } ?? .number), chosen(values))
      }, responses: [("y", chosen(response))],
      rowWeights: weights, groups: groups, gateHasIntercept: gateHasIntercept)
  }

  /// Nearly the true labels, for a start that needs no search.
  func start(choosing rows: [Int]? = nil) throws -> Start {
    let count = coefficients.count
    return .responsibilities(
      try ResponsibilityTable(
        (rows ?? Array(response.indices)).map { i in (0..<count).map { $0 == labels[i] ? 0.8 : 0.2 / Double(count - 1) } }))
  }
}

/// Options for so many passes of one restart.
func passes(_ count: Int, isAccelerated: Bool = false) -> FitOptions {
  var options = FitOptions()
  options.starts = 1
  options.maximumIterations = count
  options.tolerance = .absolute(0)
  options.threads = 1
  options.isAccelerated = isAccelerated
  return options
}

/// The ELBOs of passes that are kept never fall, for one noise and every prior, plain and accelerated.
func expectBoundNeverFalls(
  _ gate: any Gate, _ rows: Observations, noise: LinearNoise, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  for kind in PriorKind.allCases where kind != .flat {
    for isAccelerated in [true, false] {
      let model = try MixtureModel(
        gate: gate, blocks: [Block(gate.expertCount, LinearExpert(prior: kind.make(dimension: 3), noise: noise))])
      let fit = try model.fitBlocking(rows, from: .recipe(.localised), options: passes(25, isAccelerated: isAccelerated))
      for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
        #expect(
          after.total >= before.total - max(before.rounding, after.rounding), "\(noise), \(kind)",
          sourceLocation: sourceLocation)
      }
    }
  }
}

/// A weight of two is the row twice.
func expectWeightsCount(
  _ gate: any Gate, _ truth: LinearTruth, gateFeatures: [(column: ColumnSchema, values: [Double])],
  levels: [String: [String]] = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let twice = truth.response.indices.flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
  let model = try MixtureModel(gate: gate, blocks: [Block(gate.expertCount, LinearExpert())])
  let weighted = try model.fitBlocking(
    truth.observations(
      gate: gateFeatures, levels: levels, weights: truth.response.indices.map { $0 % 3 == 0 ? 2 : 1 }),
    from: truth.start(),
    options: passes(15))
  let repeated = try model.fitBlocking(
    truth.observations(gate: gateFeatures, levels: levels, choosing: twice), from: truth.start(choosing: twice),
    options: passes(15))
  for (a, b) in zip(weighted.elboTrace, repeated.elboTrace) {
    #expect(isClose(a.total, b.total, relative: 1e-9), sourceLocation: sourceLocation)
  }
}

/// The weights of the experts in some rows.
func weights(_ mixture: MixtureModel, _ rows: Observations) throws -> [[Double]] {
  try mixture.predict(rows).map(\.weights)
}

/// What went through a file has the same bytes, and predicts the same to the bit.
func expectFileKeepsEverything(
  _ fit: FittedMixture, _ table: Table, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let urls = (0..<2).map { _ in FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json") }
  defer { for url in urls { try? FileManager.default.removeItem(at: url) } }
  try fit.write(to: urls[0])
  let read = try FittedMixture(contentsOf: urls[0])
  try read.write(to: urls[1])
  #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]), sourceLocation: sourceLocation)
  #expect(read.elboTrace == fit.elboTrace, sourceLocation: sourceLocation)
  #expect(try read.responsibilities(table) == fit.responsibilities(table), sourceLocation: sourceLocation)
  #expect(try read.predict(table).map(\.weights) == fit.predict(table).map(\.weights), sourceLocation: sourceLocation)
}

import Foundation
import GSL
import Mixtures
import References
import Testing

@testable import Gates
@testable import MixtureCore

/// The softmax gate by itself, under known responsibilities: against another program, finite differences and an integral.
@Suite struct SoftmaxGateTests {
  private struct Reference: Decodable {
    struct Fit: Decodable {
      var penalty: Double
      var objective: Double
      var contrasts: [[Double]]
    }
    var x, z, weights: [Double]
    var responsibilities: [[Double]]
    var fits: [Fit]

    func rows(map: (Double, Double) -> (Double, Double) = { ($0, $1) }) throws -> Observations {
      let mapped = zip(x, z).map(map)
      return try Observations(
        features: [("u", z)], gateFeatures: [("x", mapped.map(\.0)), ("z", mapped.map(\.1))], responses: [("y", x)],
        rowWeights: weights)
    }
  }

  private let reference: Reference

  init() throws { reference = try References.Reference.load("softmax") }

  private func gate(penalty: Double, isVariational: Bool = false) throws -> SoftmaxGate {
    penalty > 0
      ? try SoftmaxGate(penalty: penalty, estimate: isVariational ? .variational : .maximumAPosteriori)
      : try SoftmaxGate(estimate: .maximumLikelihood)
  }

  /// With known responsibilities a gate is a multinomial logistic regression, which has one optimum; it is that of scipy's minimiser.
  @Test(arguments: [0, 1, 2], [false, true])
  func knownResponsibilitiesGiveALogisticRegression(index: Int, isVariational: Bool) throws {
    let fit = reference.fits[index]
    guard fit.penalty > 0 || !isVariational else { return }
    var known = try KnownAssignments(
      gate(penalty: fit.penalty, isVariational: isVariational), reference.rows(), reference.responsibilities)
    try known.update(60)
    for (k, expected) in fit.contrasts.enumerated() {
      let found = known.gate.coefficients(ofExpert: k + 1, lessThoseOf: 0)
      #expect(found.map(\.name) == ["(intercept)", "x", "z"])
      #expect(zip(found, expected).allSatisfy { isClose($0.value, $1, relative: 1e-6) }, "\(found), not \(expected)")
      #expect(found.allSatisfy { ($0.standardError ?? 0 > 0) == isVariational })
    }
    let objective = try known.sums().objective - 0.5 * fit.penalty * known.squaredMeans
    #expect(isClose(objective, fit.objective, relative: 1e-10))
  }

  @Test(arguments: [0.0, 1])
  func gradientAndCurvatureAreDerivatives(penalty: Double) throws {
    var known = try KnownAssignments(gate(penalty: penalty), reference.rows(), reference.responsibilities)
    var source = RandomSource(seed: 4)
    known.gate.node.coefficients = (0..<9).map { _ in source.gaussian() }
    let (gradient, sums) = (try known.gradient(), try known.sums())
    let curvature = sums.curvature(penalty: 0)
    let scale = gradient.map(abs).max()!
    for k in 0..<3 {
      for j in 0..<3 {
        var sides: [(objective: Double, gradient: [Double])] = []
        for step in [-1e-4, 1e-4] {
          var moved = known
          moved.gate.node.coefficients[3 * k + j] += step
          sides.append((try moved.sums().objective, try moved.gradient()))
        }
        #expect(abs((sides[1].objective - sides[0].objective) / 2e-4 - gradient[3 * k + j]) < 1e-7 * scale)
        // The curvature has, beside that of the objective, ½ Σ w x xᵀ for the sum over the experts.
        for i in 0..<9 {
          let extra = 0.5 / 3 * sums.square[i % 3, j]
          let expected = extra - (sides[1].gradient[i] - sides[0].gradient[i]) / 2e-4
          #expect(abs(curvature[i, 3 * k + j] - expected) < 1e-7 * scale)
        }
      }
    }
  }

  /// From any means, one update does not lower the objective, and many end where the gradient is zero.
  @Test(arguments: [0.0, 0.01, 1], [1, 5, 15] as [Double])
  func updatesAreMonotoneAndEndAtRest(penalty: Double, distance: Double) throws {
    var known = try KnownAssignments(gate(penalty: penalty), reference.rows(), reference.responsibilities)
    var source = RandomSource(seed: 6)
    let means = (0..<2).map { _ in (0..<3).map { _ in source.gaussian(standardDeviation: distance) } }
    known.gate.node.coefficients = means.flatMap(\.self) + zip(means[0], means[1]).map { -$0 - $1 }
    var last = -Double.infinity
    for _ in 0..<150 {
      let value = try known.sums().objective - 0.5 * penalty * known.squaredMeans
      #expect(value >= last - 1e-12 * abs(last))
      last = value
      try known.update(1)
    }
    let rest = zip(try known.gradient(), known.gate.node.coefficients).map { $0 - penalty * $1 }
    #expect(rest.allSatisfy { abs($0) < 1e-8 * reference.weights.reduce(0, +) })
    #expect(known.gate.warnings.isEmpty)
  }

  /// Two experts whose densities are constants, and the evidence as an integral over the difference of their coefficients,
  /// δ ~ N(0, 2 / λ I) for intercept and slope.
  @Test(arguments: [0.5, 1, 4] as [Double], [[1.0, 0], [0.9, 0.1], [0.7, 0.3]])
  func neverExceedsExactEvidence(penalty: Double, shares: [Double]) throws {
    let x: [Double] = [-1.5, -0.8, -0.3, 0.1, 0.4, 0.9, 1.2, 2]
    let densities = x.enumerated().map { i, _ in i % 3 == 0 || i < 4 ? shares : [shares[1], shares[0]] }
    let rows = try Observations(features: [("x", x)], responses: [("y", x)])
    var known = try KnownAssignments(SoftmaxGate(penalty: penalty), rows, densities)
    // Coordinate ascent over q(V) and q(Z), r ∝ exp(E ln π) f.
    var value = 0.0
    for _ in 0..<200 {
      let scores = try known.scores().enumerated().map { i, row in zip(row, densities[i]).map { $0 + log($1) } }
      let sums = scores.map { row in log(row.reduce(0) { $0 + exp($1) }) }
      value = sums.reduce(0, +) - known.gate.divergence
      known.responsibilities = zip(scores, sums).map { row, sum in row.map { exp($0 - sum) } }
      try known.update(1)
    }
    let standardization = known.gate.standardization
    let standard = x.map { ($0 - standardization.centres[0]) / standardization.scales[0] }
    let (deviation, step) = ((2 / penalty).squareRoot(), 0.05)
    var evidence = 0.0
    for u in stride(from: -8.0, through: 8, by: step) {
      for v in stride(from: -8.0, through: 8, by: step) {
        var product = exp(-0.5 * (u * u + v * v)) / (2 * .pi) * step * step
        for (i, s) in standard.enumerated() {
          let first = 1 / (1 + exp(-deviation * (u + v * s)))
          product *= first * densities[i][0] + (1 - first) * densities[i][1]
        }
        evidence += product
      }
    }
    #expect(value < log(evidence))
    #expect(value > log(evidence) - 2, "a bound far below is no check")
  }

  @Test(arguments: [0.0, 1])
  func affineChangesOfFeaturesChangeNothing(penalty: Double) throws {
    func weights(_ rows: Observations) throws -> [Double] {
      var known = try KnownAssignments(
        gate(penalty: penalty, isVariational: penalty > 0), rows, reference.responsibilities)
      try known.update(60)
      return try known.predictiveWeights().flatMap(\.self)
    }
    let plain = try weights(reference.rows())
    let moved = try weights(reference.rows { (1e3 - 40 * $0, 1e-3 * $1 + 7) })
    #expect(zip(plain, moved).allSatisfy { isClose($0, $1, relative: 1e-8) })
    // Without a penalty any linear map will do.
    let mixed = try weights(reference.rows { ($0 + 0.1 * $1, $0 - 0.2 * $1 + 3) })
    #expect(zip(plain, mixed).allSatisfy { isClose($0, $1, relative: 1e-7) } == (penalty == 0))
  }

  /// Standard errors are in the units of the data too; of two experts' difference they are the same from either side.
  @Test func standardErrorsHaveUnits() throws {
    func gate(_ rows: Observations) throws -> SoftmaxGate {
      var known = try KnownAssignments(SoftmaxGate(), rows, reference.responsibilities)
      try known.update(30)
      return known.gate
    }
    let (plain, scaled) = (try gate(reference.rows()), try gate(reference.rows { (10 * $0, $1) }))
    func errors(_ gate: SoftmaxGate, _ k: Int, _ l: Int?) throws -> [Double] {
      try gate.coefficients(ofExpert: k, lessThoseOf: l).map { try #require($0.standardError) }
    }
    let first = try errors(plain, 1, 2)
    #expect(try errors(plain, 2, 1) == first && first.allSatisfy { $0 > 0 })
    #expect(try errors(plain, 1, 1) == [0, 0, 0])
    #expect(isClose(try errors(scaled, 1, 2)[1], first[1] / 10, relative: 1e-10))
    // (1 − 1/3) C against 2 C.
    #expect(isClose(try errors(plain, 0, nil)[1], first[1] / 3.0.squareRoot(), relative: 1e-12))
  }

  /// Labels that a line separates have no finite optimum: the coefficients stay finite, and the gate says so.
  @Test func separableLabelsStayFinite() throws {
    let x = (0..<40).map { Double($0) }
    let rows = try Observations(features: [("x", x)], responses: [("y", x)])
    let labels = x.map { $0 < 17 ? [1.0, 0] : [0, 1] }
    var free = try KnownAssignments(SoftmaxGate(estimate: .maximumLikelihood), rows, labels)
    try free.update(200)
    let weights = try free.predictiveWeights()
    #expect(free.gate.coefficients(ofExpert: 0).allSatisfy { $0.value.isFinite && abs($0.value) < 1e3 })
    #expect(zip(weights, labels).allSatisfy { abs($0[0] - $1[0]) < 1e-3 })
    #expect(free.gate.warnings.count == 1)
    var bounded = try KnownAssignments(SoftmaxGate(estimate: .maximumAPosteriori), rows, labels)
    try bounded.update(200)
    #expect(bounded.gate.warnings.isEmpty && bounded.gate.coefficients(ofExpert: 0).allSatisfy { abs($0.value) < 20 })
  }

  @Test func dependentFeaturesAreNoTrouble() throws {
    let rows = try Observations(
      features: [("u", reference.x)],
      gateFeatures: [("x", reference.x), ("twice", reference.x.map { 2 * $0 }), ("one", reference.x.map { _ in 1 })],
      responses: [("y", reference.x)])
    var known = try KnownAssignments(SoftmaxGate(estimate: .maximumLikelihood), rows, reference.responsibilities)
    try known.update(60)
    let simple = try Observations(
      features: [("u", reference.x)], gateFeatures: [("x", reference.x)], responses: [("y", reference.x)])
    var alone = try KnownAssignments(SoftmaxGate(estimate: .maximumLikelihood), simple, reference.responsibilities)
    try alone.update(60)
    let pairs = zip(try known.predictiveWeights().flatMap(\.self), try alone.predictiveWeights().flatMap(\.self))
    #expect(pairs.allSatisfy { isClose($0, $1, relative: 1e-6) })
  }

  /// Grouped rows are one assignment each, and weights count.
  @Test func groupsAndWeightsCount() throws {
    let (z, y) = (Array(reference.z.prefix(40)), Array(reference.x.prefix(40)))
    func twice(_ values: [Double]) -> [Double] { values.flatMap { [$0, $0] } }
    let table = Array(reference.responsibilities.prefix(40))
    func sums(_ rows: Observations, _ table: [[Double]]) throws -> [Double] {
      var known = try KnownAssignments(SoftmaxGate(), rows, table)
      try known.update(3)
      return try known.statistics()
    }
    func rows(_ z: [Double], _ y: [Double], weights: [Double]? = nil, groups: [Int]? = nil) throws -> Observations {
      try Observations(
        features: [("u", y)], gateFeatures: [("z", z)], responses: [("y", y)], rowWeights: weights, groups: groups)
    }
    let plain = try sums(rows(z, y), table)
    let grouped = try sums(rows(twice(z), twice(y), groups: (0..<80).map { $0 / 2 }), table)
    #expect(zip(plain, grouped).allSatisfy { abs($0 - $1) < 1e-9 })
    let weighted = try sums(rows(z, y, weights: z.map { _ in 2 }), table)
    let doubled = try sums(rows(twice(z), twice(y)), table.flatMap { [$0, $0] })
    #expect(zip(weighted, doubled).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test func expertsComeAndGo() throws {
    var known = try KnownAssignments(SoftmaxGate(), reference.rows(), reference.responsibilities)
    try known.update(20)
    let before = try known.predictiveWeights()
    known.gate.select([2, 0])
    for (row, old) in zip(try known.predictiveWeights(), before) {
      #expect(isClose(row[0] / row[1], old[2] / old[0], relative: 1e-9))
    }
    known.gate.select([0, 1, nil])
    for row in try known.predictiveWeights() { #expect(isClose(row[2] * row[2], row[0] * row[1], relative: 1e-9)) }
    #expect(throws: ArgumentError.self) { try SoftmaxGate(penalty: 0) }
  }
}

extension KnownAssignments where G == SoftmaxGate {
  var squaredMeans: Double { dot(gate.node.coefficients, gate.node.coefficients) }

  func sums() throws -> SoftmaxSums {
    let values = try statistics()
    return gate.node.sums(values.span)
  }

  /// Of Σ r ln π with respect to the means, from what the update is given.
  func gradient() throws -> [Double] {
    let (sums, node) = (try sums(), gate.node)
    // What the curvature has for the sum over the experts is no part of the objective's.
    let total = (0..<gate.expertCount).map(node.column).reduce(node.coefficients.prefix(node.dimension).map { _ in 0 }) {
      zip($0, $1).map(+)
    }
    let extra = (sums.square * total).map { 0.5 / Double(gate.expertCount) * $0 }
    let product = sums.curvature(penalty: 0) * node.coefficients
    return sums.sums.enumerated().map { $1 - product[$0] + extra[$0 % node.dimension] }
  }
}

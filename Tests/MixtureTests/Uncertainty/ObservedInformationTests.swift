import Foundation
import GSL
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts
@testable import Gates
@testable import MixtureCore

/// The information of the observed rows about all parameters of a mixture, against second differences of its log-likelihood.
@Suite struct ObservedInformationTests {
  /// Mixtures of each family, and under each gate, at points near where a few iterations have led them.
  enum Composition: String, CaseIterable {
    case normal, ownNoise, fixedNoise, student, studentOwn, poisson, binomial, bernoulli, twoBlocks, background, fixedWeight
    case sticks, softmax, softmaxPoints, tree, perceptron, deepPerceptron, known

    func model() throws -> MixtureModel {
      let constant = try DirichletGate()
      switch self {
      case .normal: return try MixtureModel(gate: constant, blocks: [Block(3, LinearExpert())])
      case .ownNoise:
        return try MixtureModel(
          gate: try DirichletGate(concentration: 2, estimate: .maximumAPosteriori),
          blocks: [Block(2, LinearExpert(noise: .perExpert))])
      case .fixedNoise:
        return try MixtureModel(
          gate: try DirichletGate(estimate: .maximumLikelihood),
          blocks: [Block(2, LinearExpert(noise: .fixed(variance: 0.7)))])
      case .student: return try MixtureModel(gate: constant, blocks: [Block(2, StudentExpert())])
      case .studentOwn:
        return try MixtureModel(
          gate: constant, blocks: [Block(2, StudentExpert(noise: .perExpert, degreesOfFreedom: .fixed(4)))])
      case .poisson: return try MixtureModel(gate: constant, blocks: [Block(2, PoissonExpert())])
      case .binomial: return try MixtureModel(gate: constant, blocks: [Block(2, BinomialExpert())])
      case .bernoulli: return try MixtureModel(gate: constant, blocks: [Block(2, BernoulliExpert())])
      case .twoBlocks:
        return try MixtureModel(gate: constant, blocks: [Block(2, LinearExpert()), Block(1, StudentExpert())])
      case .background:
        return try MixtureModel(gate: constant, blocks: [Block(1, LinearExpert()), Block(1, BackgroundExpert())])
      case .fixedWeight:
        var gate = try DirichletGate()
        try gate.select([nil, nil, nil])
        try gate.fixWeight(ofExpert: 1, at: 0.2)
        return try MixtureModel(gate: gate, blocks: [Block(3, LinearExpert())])
      case .sticks: return try MixtureModel(gate: StickBreakingGate(), blocks: [Block(3, LinearExpert())])
      case .softmax: return try MixtureModel(gate: SoftmaxGate(penalty: 0.5), blocks: [Block(3, LinearExpert())])
      case .softmaxPoints:
        return try MixtureModel(gate: SoftmaxGate(estimate: .maximumLikelihood), blocks: [Block(2, PoissonExpert())])
      case .tree:
        return try MixtureModel(gate: HierarchicalGate(ExpertTree("((1,2),3)")), blocks: [Block(3, LinearExpert())])
      case .perceptron: return try MixtureModel(gate: PerceptronGate(hiddenUnits: [2]), blocks: [Block(3, LinearExpert())])
      case .deepPerceptron:
        return try MixtureModel(
          gate: PerceptronGate(hiddenUnits: [3, 2], activation: .sigmoid, hasBiases: false),
          blocks: [Block(2, LinearExpert())])
      case .known:
        return try MixtureModel(
          gate: KnownGate(["known 1", "known 2"], of: SoftmaxGate()), blocks: [Block(2, LinearExpert())])
      }
    }

    func rows(isGrouped: Bool) throws -> Observations {
      var source = RandomSource(seed: 11)
      let count = 90
      let groups = (0..<count).map { isGrouped ? $0 / 3 : $0 }
      let ofGroup = (0..<count).map { _ in source.gaussian() }
      let x = (0..<count).map { _ in 1 + source.gaussian() }
      let z = groups.map { ofGroup[$0] }
      let trials = (0..<count).map { _ in Double(1 + source.integer(below: 9)) }
      let y = (0..<count).map { i in
        let eta = groups[i] % 2 == 0 ? 0.2 + 0.5 * x[i] : 1.2 - 0.4 * x[i]
        return switch self {
        case .poisson, .softmaxPoints: Double(source.poisson(mean: exp(eta)))
        case .binomial: Double(source.binomial(trials: Int(trials[i]), probability: 1 / (1 + exp(-eta))))
        case .bernoulli: source.uniform() < 1 / (1 + exp(-eta)) ? 1.0 : 0.0
        default: 3 * eta + source.gaussian()
        }
      }
      var gateFeatures: [(column: ColumnSchema, values: [Double])] = [(ColumnSchema("z"), z)]
      if self == .known {
        for k in 0..<2 {
          gateFeatures.append((ColumnSchema("known \(k + 1)"), groups.map { $0 % 7 == 0 ? Double(($0 + k) % 2) : 0.5 }))
        }
      }
      return try Observations(
        features: [(ColumnSchema("x"), x)], gateFeatures: gateFeatures, responses: [("y", y)],
        trials: self == .binomial ? ["y": trials] : [:], rowWeights: groups.map { 1 + 0.5 * Double($0 % 3) },
        groups: isGrouped ? groups : nil)
    }
  }

  @Test(arguments: Composition.allCases, [false, true])
  func isMinusTheSecondDerivative(_ composition: Composition, isGrouped: Bool) throws {
    let rows = try composition.rows(isGrouped: isGrouped)
    var options = FitOptions()
    options.maximumIterations = 6
    options.starts = 1
    let fit = try composition.model().fitBlocking(rows, from: .recipe(.random), options: options)
    // Points, so that the bound of the log-likelihood is exact.
    let before = ParameterLayout(fit.mixture)
    let mixture = before.moved(fit.mixture, to: before.values)
    let layout = ParameterLayout(mixture)
    #expect(layout.count > 0 && layout.values.count == layout.count)
    let engine = try PassEngine(rows: rows, for: mixture, threads: 1)
    let sums = try engine.information(of: mixture, layout, withScoreSquares: true)
    let prior = try layout.priorCurvature()

    func logLikelihood(_ values: [Double]) throws -> Double {
      let moved = layout.moved(mixture, to: values)
      return try PassEngine(rows: rows, for: moved, threads: 1).statistics(of: moved).logSum
    }
    func logPrior(_ values: [Double]) throws -> Double { try ParameterLayout(layout.moved(mixture, to: values)).logPrior() }
    try expect(sums.observed, isCurvatureOf: logLikelihood, at: layout.values, "likelihood")
    try expect(prior, isCurvatureOf: logPrior, at: layout.values, "prior")
  }

  private func expect(
    _ matrix: Matrix, isCurvatureOf function: ([Double]) throws -> Double, at values: [Double], _ name: String
  ) throws {
    // To fourth order: two steps, one twice the other.
    func differences(_ factor: Double) throws -> Matrix {
      let step = 2e-3 * factor
      func moved(_ a: Int, _ stepsOfA: Double, _ b: Int, _ stepsOfB: Double) throws -> Double {
        var point = values
        point[a] += stepsOfA * step
        point[b] += stepsOfB * step
        return try function(point)
      }
      return try Matrix(
        symmetricOfOrder: values.count,
        throwing: { a, b in
          let sum = try moved(a, 1, b, 1) - moved(a, 1, b, -1) - moved(a, -1, b, 1) + moved(a, -1, b, -1)
          return -sum / (4 * step * step)
        })
    }
    let (near, far) = (try differences(1), try differences(2))
    for a in 0..<values.count {
      for b in 0...a {
        let expected = (4 * near[a, b] - far[a, b]) / 3
        let size = 1 + abs(matrix[a, a] * matrix[b, b]).squareRoot()
        #expect(abs(matrix[a, b] - expected) < 2e-5 * size, "\(name) \(a) \(b): \(matrix[a, b]) for \(expected)")
      }
    }
  }

  /// Where nothing determines how two experts share their rows, errors are not told, and it is said which experts.
  @Test func redundantExpertsAreNamed() throws {
    var source = RandomSource(seed: 3)
    let x = (0..<60).map { _ in source.gaussian() }
    let y = x.map { 1 + 2 * $0 + source.studentT(degreesOfFreedom: 2) }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    var options = FitOptions()
    options.maximumIterations = 2
    options.isAccelerated = false
    let expert = LinearExpert(estimate: .maximumLikelihood, noise: .perExpert)
    let shares = try ResponsibilityTable(x.indices.map { $0 % 2 == 0 ? [0.501, 0.499] : [0.499, 0.501] })
    let fit = try MixtureModel(gate: DirichletGate(estimate: .maximumLikelihood), blocks: [Block(2, expert)])
      .fitBlocking(rows, from: .responsibilities(shares), options: options)
    let warning = try #require(fit.errors?.warnings.first)
    #expect(warning.contains("experts 1 and 2") || warning.contains("experts 2 and 1"), "\(warning)")
    #expect(warning.contains("redundant"))
    #expect(fit.parameters.joined().allSatisfy { $0.standardError == nil })
    #expect(fit.covariance == nil)
  }
}

extension Matrix {
  fileprivate init(symmetricOfOrder order: Int, throwing entry: (_ a: Int, _ b: Int) throws -> Double) rethrows {
    self.init(rows: order, columns: order)
    for a in 0..<order {
      for b in 0...a {
        let value = try entry(a, b)
        (self[a, b], self[b, a]) = (value, value)
      }
    }
  }
}

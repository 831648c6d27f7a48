import Foundation
import GSL
import Mixtures
import Synchronization
import Testing

@testable import Experts
@testable import MixtureCore

/// Acceleration: the same optima in fewer passes, and where it keeps out of the way.
@Suite struct AccelerationTests {
  /// From random responsibilities that are given, before which no passes with points are made.
  private func reports(
    _ model: MixtureModel, _ rows: Observations, isAccelerated: Bool, seed: UInt64 = 1
  ) throws -> (fit: Fit, reports: [IterationReport]) {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = 20_000
    options.tolerance = .absolute(1e-11)
    options.seed = seed
    options.isAccelerated = isAccelerated
    let reports = Mutex<[IterationReport]>([])
    let start = try ResponsibilityTable(
      (0..<rows.rowCount).map { i in
        var stream = RandomSource(seed: seed).split(UInt64(i))
        return stream.dirichlet(concentration: Array(repeating: 1, count: model.expertCount))
      })
    let fit = try model.fitBlocking(rows, from: .responsibilities(start), options: options) { report in
      reports.withLock { $0.append(report) }
    }
    return (fit, reports.withLock { $0 })
  }

  /// Rows of two lines half a standard deviation of the noise apart.
  private func overlapping() throws -> Observations {
    var source = RandomSource(seed: 3)
    let x = (0..<1000).map { _ in source.gaussian() }
    let y = x.map { x in source.gaussian(mean: (source.uniform() < 0.5 ? 0.25 : -0.25) * (1 + x)) }
    return try Observations(features: [("x", x)], responses: [("y", y)])
  }

  @Test(arguments: [Estimate.variational, .maximumLikelihood], [LinearNoise.shared, .perExpert])
  func fiveTimesFewerPassesWhereExpertsOverlap(estimate: Estimate, noise: LinearNoise) throws {
    let rows = try overlapping()
    let model = try MixtureModel(
      gate: DirichletGate(estimate: estimate),
      blocks: [
        Block(2, LinearExpert(estimate: estimate, prior: GaussianPrior(covariance: .fixed(variance: 4)), noise: noise))
      ])
    let (plain, plainReports) = try reports(model, rows, isAccelerated: false)
    let (fast, fastReports) = try reports(model, rows, isAccelerated: true)
    #expect(plainReports.allSatisfy { $0.step == .plain })
    #expect(plain.stopReason == .converged && fast.stopReason == .converged)
    #expect(fast.elbo.total > plain.elbo.total - 1e-8)
    func passes(_ reports: [IterationReport]) -> Int? {
      reports.first { $0.step != .rejected && $0.elbo.total >= plain.elbo.total - 1e-8 }?.iteration
    }
    let (slow, quick) = (try #require(passes(plainReports)), try #require(passes(fastReports)))
    #expect(5 * quick <= slow, "\(quick) passes instead of \(slow)")
  }

  /// In sum over ten starts; one start may cost a pass or two more.
  @Test func noMorePassesOnEasyData() throws {
    let rows = try LinearTruth(rows: 1000, features: 2, experts: 2, noise: 0.2, seed: 6).observations()
    let model = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert())])
    var passes = [0, 0]
    for seed in 1...10 {
      let pair = try [false, true].map { try reports(model, rows, isAccelerated: $0, seed: UInt64(seed)) }
      #expect(abs(pair[0].fit.elbo.total - pair[1].fit.elbo.total) < 1e-7)
      for (index, (_, reports)) in pair.enumerated() {
        passes[index] += reports.first { $0.elbo.total >= pair[0].fit.elbo.total - 1e-8 }!.iteration
      }
    }
    #expect(Double(passes[1]) <= 1.1 * Double(passes[0]), "\(passes)")
  }

  /// A pass that was not kept shows a lower bound, and the next one starts from where the fit was.
  @Test func rejectedPassesAreReportedAndLeaveNoTrace() throws {
    let model = try MixtureModel(
      gate: DirichletGate(estimate: .maximumLikelihood),
      blocks: [Block(2, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))])
    let (fit, reports) = try reports(model, overlapping(), isAccelerated: true)
    #expect(reports.contains { $0.step == .rejected } && reports.contains { $0.step == .accelerated })
    for report in reports {
      let change = report.change ?? 0
      #expect(report.step == .plain ? change >= -report.elbo.rounding : (report.step == .rejected) == (change < 0))
    }
    #expect(reports.filter { $0.step != .rejected }.map(\.elbo) == fit.elboTrace)
    #expect(reports.map(\.iteration) == Array(1...reports.count) && fit.starts[0].iterations == reports.count)
    // A plain step has the last word.
    #expect(reports.last?.step == .plain)
  }

  /// Sums of no responsibilities have no other pass: a part that asks for one is not accelerated.
  @Test func aPartThatAsksForAnotherPassTakesPlainSteps() throws {
    let model = try MixtureModel(
      gate: DirichletGate(), blocks: [Block([AskingExpert(), AskingExpert()])])
    let (fit, reports) = try reports(model, overlapping(), isAccelerated: true)
    #expect(fit.stopReason == .converged && reports.count > 10)
    #expect(reports.allSatisfy { $0.step == .plain })
  }
}

/// The extrapolation by itself, on maps x ↦ M x + b.
@Suite struct ExtrapolationTests {
  private let mixture = try? MixtureModel(
    gate: DirichletGate(), blocks: [Block([0...1.0, 0...2].map(UniformExpert.init))])

  /// The sums after so many steps from `start`, each recorded, and the extrapolation.
  private func extrapolation(_ matrix: Matrix, _ offset: [Double], from start: [Double], steps: Int) throws -> [Double] {
    let mixture = try #require(mixture)
    let layout = StatisticsLayout(mixture)
    let used = matrix.rows
    var acceleration = Acceleration()
    var x = start
    func sums(_ x: [Double]) -> Statistics {
      Statistics(values: x + Array(repeating: 0, count: layout.count - used), layout: layout)
    }
    for _ in 0..<steps {
      let next = zip(matrix * x, offset).map(+)
      acceleration.record(sums(x), of: mixture, sums(next), of: mixture)
      x = next
    }
    return Array(try #require(acceleration.extrapolation(layout)).values[..<used])
  }

  @Test func findsTheFixedPointOfALinearMapInAsManyStepsAsDimensions() throws {
    let matrix = Matrix(rows: 2, columns: 2, elements: [0.9, 0.05, 0.2, 0.7])
    let found = try extrapolation(matrix, [1, 2], from: [50, -3], steps: 3)
    // (I − M) x = b.
    let exact = try Matrix(rows: 2, columns: 2, elements: [0.1, -0.05, -0.2, 0.3]).solving([1, 2])
    #expect(zip(found, exact).allSatisfy { isClose($0, $1, relative: 1e-8) })
  }

  @Test func leavesARepellingFixedPointAtTwiceTheDistance() throws {
    // x ↦ 1.01 x + 1 leaves −100.
    let found = try extrapolation(Matrix(rows: 1, columns: 1, elements: [1.01]), [1], from: [-90], steps: 2)
    let last = 1.01 * (1.01 * -90 + 1) + 1
    #expect(isClose(found[0] + 100, 2 * (last + 100), relative: 1e-6))
  }

  /// After a restart one more.
  @Test func twoPairsAreNeeded() throws {
    let mixture = try #require(mixture)
    let layout = StatisticsLayout(mixture)
    var acceleration = Acceleration()
    for (count, value) in [1.0, 0.5, 0.25].enumerated() {
      #expect((acceleration.extrapolation(layout) != nil) == (count >= 2))
      let sums = [value, value / 2].map { Statistics(values: Array(repeating: $0, count: layout.count), layout: layout) }
      acceleration.record(sums[0], of: mixture, sums[1], of: mixture)
    }
    acceleration.restart()
    #expect(acceleration.extrapolation(layout) == nil)
  }
}

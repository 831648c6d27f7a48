import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// A numerical breakdown of one start ends that start; where all break down, the message is about the data.
@Suite struct BreakdownTests {
  /// Twenty rows of two lines, and one response far from all others, as first row.
  private static func outlier(_ response: Double, scale: Double = 1) throws -> Table {
    var source = RandomSource(seed: 3)
    let x = (0..<20).map { _ in source.gaussian() }
    var y = x.enumerated().map { ($0.offset % 2 == 0 ? 1 + 2 * $0.element : -1 - 2 * $0.element) + source.gaussian() * 0.3 }
    y[0] = response
    return try Table([("x", .numbers(x)), ("y", .numbers(y.map { scale * $0 }))])
  }

  private func model(_ prior: GaussianPrior, _ noise: LinearNoise, gate: (any Gate)? = nil) throws -> Mixture {
    try Mixture("y ~ x", gate: gate) { Block(2, LinearExpert(prior: prior, noise: noise)) }
  }

  /// One row of its own has no plane, and without a prior nothing else decides. Five seeds.
  @Test(arguments: [1e5, 1e6], [LinearNoise.perExpert, .shared])
  func anOutlierUnderAFlatPriorIsNoFaultOfFormulas(response: Double, noise: LinearNoise) async throws {
    let table = try Self.outlier(response)
    for seed in UInt64(1)...5 {
      do {
        let fit = try await model(GaussianPrior(covariance: .flat), noise).fit(table, seed: seed)
        // Nobody is left without rows.
        #expect(fit.effectiveRows.allSatisfy { $0 > 1.5 }, "\(fit.effectiveRows)")
      } catch MixtureError.allStartsFailed(let reason, let failures, let count) {
        #expect(reason.contains("expert") && reason.contains("about y = \(Float(response))"), "\(reason)")
        #expect(reason.contains("take fewer experts, or a prior") && failures > 0 && count == 50)
      }
    }
  }

  /// Under a prior the same rows are fitted.
  @Test func anOutlierUnderAPriorIsFitted() async throws {
    let fit = try await model(GaussianPrior(), .perExpert).fit(Self.outlier(1e5), seed: 1)
    #expect(fit.elbo.total.isFinite && fit.starts.allSatisfy { $0.failure == nil })
  }

  /// Under a prior in the units of the data, both coefficients decide where the plane is at the rows: they nearly cancel.
  @Test(arguments: UInt64(1)...3)
  func dataFarFromTheOriginUnderAFixedPriorAreFitted(seed: UInt64) async throws {
    var source = RandomSource(seed: 5)
    let x = (0..<100).map { _ in source.gaussian() }
    let y = x.enumerated().map { ($0.offset % 2 == 0 ? 0.5 + 2 * $0.element : -1 - $0.element) + source.gaussian() * 0.3 }
    let table = try Table([("x", .numbers(x.map { 1e9 + $0 })), ("y", .numbers(y.map { 1e9 + $0 }))])
    let fit = try await model(GaussianPrior(covariance: .fixed(variance: 1)), .shared).fit(table, seed: seed)
    #expect(fit.starts.allSatisfy { $0.failure == nil }, "\(fit.starts.compactMap(\.failure))")
    // The prior lets no plane but y = x through rows so far away.
    let largest = fit.effectiveRows.indices.max { fit.effectiveRows[$0] < fit.effectiveRows[$1] }!
    let line = fit.mixture.experts(of: LinearExpert.self)[largest].coefficients
    #expect(abs(line.mean[1] - 1) < 1e-7 && abs(line.mean[0]) < 5)
    // An expert without rows is as its prior has it.
    for (k, expert) in fit.mixture.experts(of: LinearExpert.self).enumerated() where fit.effectiveRows[k] < 1e-8 {
      #expect(expert.coefficients.standardDeviations.allSatisfy { abs($0 - 1) < 1e-6 })
    }
  }

  /// Weights over 24 decades put all but nothing on one row: squares about zero of a cluster with one row would cancel.
  @Test(arguments: UInt64(1)...4)
  func weightsOverManyDecadesRaiseNoFalseAlarm(seed: UInt64) async throws {
    var source = RandomSource(seed: seed)
    let x = (0..<200).map { source.gaussian() + ($0 % 2 == 0 ? 2 : -2) }
    let y = x.enumerated().map { ($0.offset % 2 == 0 ? 0.5 + 2 * $0.element : -1 - $0.element) + source.gaussian() * 0.3 }
    let weights = x.map { _ in pow(10, source.uniform() * 24 - 12) }
    let table = try Table([("x", .numbers(x)), ("y", .numbers(y)), ("w", .numbers(weights))])
    for gate: any Gate in [try GaussianGate(), try DirichletGate()] {
      var model = try model(GaussianPrior(), .shared, gate: gate)
      model.rowWeights = "w"
      var options = FitOptions()
      options.starts = 3
      let fit = try await model.fit(table, seed: seed, options: options)
      #expect(fit.starts.allSatisfy { $0.failure == nil }, "\(fit.starts.compactMap(\.failure))")
    }
  }

  /// Where rows weigh next to nothing the ELBO is a small sum of terms that are not.
  @Test(arguments: [1e-6, 1e-9])
  func tinyWeightsRaiseNoFalseAlarm(weight: Double) async throws {
    let table = try Self.outlier(1).adding("w", weight)
    for gate: any Gate in [try DirichletGate(), try GaussianGate(), try StickBreakingGate(), try SoftmaxGate()] {
      for noise in [LinearNoise.shared, .perExpert, .gamma(), .perExpertGamma()] {
        var model = try model(GaussianPrior(), noise, gate: gate)
        model.rowWeights = "w"
        for seed in UInt64(1)...3 {
          let fit = try await model.fit(table, seed: seed)
          #expect(fit.starts.allSatisfy { $0.failure == nil }, "\(gate) \(noise): \(fit.starts.compactMap(\.failure))")
        }
      }
    }
  }

  /// Rows in two clusters, told apart by a feature of zeros and ones that is then constant within each.
  private static func split() throws -> Table {
    var source = RandomSource(seed: 8)
    let c = (0..<60).map { Double($0 % 2) }
    let x = c.map { _ in source.gaussian() }
    let y = zip(c, x).map { (1 - 2 * $0) * (10 + 2 * $1) + source.gaussian() * 0.2 }
    return try Table([("x", .numbers(x)), ("c", .numbers(c)), ("y", .numbers(y))])
  }

  @Test func aFeatureThatIsConstantWithinAnExpertIsNamed() async throws {
    let labels = try ResponsibilityTable(labels: (0..<60).map { $0 % 2 }, expertCount: 2)
    func model(_ estimate: Estimate) throws -> Mixture {
      try Mixture("y ~ x + c") { Block(2, LinearExpert(estimate: estimate, noise: .perExpert)) }
    }
    // A point stays where the rows are indifferent, and a distribution has no width there.
    let error = await #expect(throws: MixtureError.self) {
      let flat = LinearExpert(prior: GaussianPrior(covariance: .flat), noise: .perExpert)
      return try await Mixture("y ~ x + c") { Block(2, flat) }.fit(Self.split(), from: .responsibilities(labels))
    }
    let text = try #require(error.map { "\($0)" })
    #expect(text.contains("expert 1: feature c is constant among its rows") && text.contains("leave it out"), "\(text)")
    for (estimate, words) in [(Estimate.variational, "only the prior"), (.maximumLikelihood, "could be anything there")] {
      let fit = try await model(estimate).fit(Self.split(), from: .responsibilities(labels))
      for k in 1...2 {
        let fact = "feature c is constant among the rows of expert \(k): "
        #expect(fit.warnings.contains { $0.contains(fact) && $0.contains(words) }, "\(fit.warnings)")
      }
    }
  }
}

extension Table {
  /// The table with a column of one value.
  fileprivate func adding(_ name: String, _ value: Double) throws -> Table {
    try Table(columnNames.map { ($0, try column($0)) } + [(name, .numbers(Array(repeating: value, count: rowCount)))])
  }
}

import Foundation
import MixtureCore
import Mixtures
import Testing

/// Rows of which the likelihood has no maximum: finite under a prior, and named; without one named with what to do.
@Suite struct SeparationTests {
  /// Data that are separated, and by what.
  enum Separated: String, CaseIterable, Sendable {
    /// All responses change at one value of x.
    case completely
    /// They change at one value of x, where they are mixed.
    case quasiCompletely
    /// A combination of two features separates, and neither does alone.
    case byACombination
    /// One level of a category has zeros only.
    case byALevel
    /// The level that has no column of its own.
    case byTheFirstLevel

    var names: String {
      switch self {
      case .completely, .quasiCompletely: "x"
      case .byACombination: "x and z"
      case .byALevel: "gc"
      case .byTheFirstLevel: "gb and gc"
      }
    }

    /// Counts are separated only by what all counts above zero have in common.
    func separates(_ family: FamilyCase) -> Bool { family != .poisson || self == .byALevel || self == .byTheFirstLevel }

    /// Rows with responses from 0 to `most`, which is the number of trials of successes.
    func rows(most: Double, trials: Double?) throws -> Observations {
      let count = 60
      var source = RandomSource(seed: 11)
      let x = (0..<count).map { Double($0 % 12) - 5.5 }
      let z = x.map { _ in source.gaussian() }
      let level = (0..<count).map { $0 % 3 }
      func column(_ number: Int) -> [Double] { level.map { $0 == number ? 1 : 0 } }
      let mixed = (0..<count).map { Double($0 / 12 % 2) * most }
      let features: [(column: ColumnSchema, values: [Double])]
      let y: [Double]
      switch self {
      case .completely: (features, y) = ([("x", x)], x.map { $0 > 0 ? most : 0 })
      case .quasiCompletely:
        (features, y) = ([("x", x)], x.indices.map { x[$0] == 0.5 ? mixed[$0] : x[$0] > 0 ? most : 0 })
      case .byACombination:
        (features, y) = ([("x", x), ("z", z)], zip(x, z).map { $0 + 3 * $1 > 0.3 ? most : 0 })
      case .byALevel:
        (features, y) = ([("gb", column(1)), ("gc", column(2))], level.indices.map { level[$0] == 2 ? 0 : mixed[$0] })
      case .byTheFirstLevel:
        (features, y) = ([("gb", column(1)), ("gc", column(2))], level.indices.map { level[$0] == 0 ? 0 : mixed[$0] })
      }
      return try Observations(
        features: features, responses: [("y", y)],
        trials: trials.map { trials in ["y": y.map { _ in trials }] } ?? [:])
    }
  }

  private func rows(_ data: Separated, _ family: FamilyCase) throws -> Observations {
    switch family {
    case .binomial: try data.rows(most: 4, trials: 4)
    case .bernoulli: try data.rows(most: 1, trials: nil)
    default: try data.rows(most: 3, trials: nil)
    }
  }

  @Test(arguments: FamilyCase.counting, Separated.allCases)
  func isNamed(family: FamilyCase, data: Separated) throws {
    let rows = try rows(data, family)
    for estimate in FamilyCase.estimates {
      let fit = try family.fit(rows, estimate)
      try expectFinite(fit, rows)
      guard data.separates(family) else {
        #expect(!fit.warnings.contains { $0.contains("separated") }, "\(estimate): \(fit.warnings)")
        continue
      }
      let warning = fit.warnings.first { $0.hasPrefix("the rows of expert 1 are separated") }
      #expect(warning?.contains("by \(data.names): ") == true, "\(estimate): \(fit.warnings)")
      #expect(
        warning?.contains(estimate == .maximumLikelihood ? "take a prior" : "which only the prior keeps finite") == true)
    }
  }

  /// A prior of no width, too: where the coefficients have a distribution, this has no end either, and the fit does not break off without a word.
  @Test(arguments: FamilyCase.counting)
  func withAFlatPrior(family: FamilyCase) throws {
    let rows = try rows(.byALevel, family)
    do {
      let fit = try family.fit(rows, .variational, prior: GaussianPrior(covariance: .flat))
      #expect(fit.warnings.contains { $0.contains("separated") && $0.contains("take a prior") }, "\(fit.warnings)")
    } catch MixtureError.allStartsFailed(let reason, _, _) {
      #expect(reason.contains("prior"), "\(reason)")
    }
  }

  @Test(arguments: FamilyCase.counting, FamilyCase.estimates)
  func allAlikeIsNamed(family: FamilyCase, estimate: Estimate) throws {
    let x = (0..<30).map { Double($0 % 7) }
    let trials = family == .binomial ? ["y": x.map { _ in 3.0 }] : [:]
    for experts in [1, 2] {
      for (value, fact) in [
        (0.0, ["y is 0 in every row", "no trial of y is a success"]),
        (family == .binomial ? 3 : 1, ["y is 1 in every row", "every trial of y is a success"]),
      ] where !(family == .poisson && value > 0) {
        let rows = try Observations(features: [("x", x)], responses: [("y", x.map { _ in value })], trials: trials)
        let fit = try family.fit(rows, experts: experts, estimate)
        try expectFinite(fit, rows)
        let said = fit.warnings.filter { warning in fact.contains { warning.hasPrefix($0) } }
        #expect(said.count == 1, "\(fit.warnings)")
        #expect(
          said.first?.contains(estimate == .maximumLikelihood ? "take a prior" : "only the prior keeps") == true)
      }
    }
  }

  /// Of two experts one has separated rows, which its labels tell.
  @Test(arguments: FamilyCase.estimates)
  func onlyTheExpertWithSuchRowsIsNamed(estimate: Estimate) throws {
    var source = RandomSource(seed: 4)
    let count = 120
    let x = (0..<count).map { _ in source.gaussian() }
    let y = x.indices.map { i in
      i % 2 == 0 ? (x[i] > 0.2 ? 1.0 : 0) : (source.uniform() < 1 / (1 + exp(-0.5 * x[i])) ? 1 : 0)
    }
    let table = try Table([
      ("x", .numbers(x)), ("y", .numbers(y)),
      ("group", .categories(levels: ["even", "odd"], codes: (0..<count).map { $0 % 2 })),
    ])
    let model = try Mixture("y ~ x", labels: "group") {
      Block(2, BernoulliExpert(estimate: estimate))
    }
    let fit = try model.fitBlocking(table)
    #expect(fit.warnings.count { $0.contains("separated") } == 1)
    #expect(fit.warnings.contains { $0.hasPrefix("the rows of expert even are separated") }, "\(fit.warnings)")
  }

  /// Strong effects are no separation: here the likelihood has a maximum. Data with two rows out of order, however steep; effects of many
  /// standard deviations; a rare yes in the midst; features that nearly depend on each other; counts from 0 to a million.
  enum Strong: String, CaseIterable, Sendable {
    case twoRowsOutOfOrder, steep, rare, nearlyDependent, manyOrders

    func rows(seed: UInt64, _ family: FamilyCase) throws -> Observations {
      var source = RandomSource(seed: seed)
      let count = 200
      let x = (0..<count).map { _ in source.gaussian() }
      let z = x.map { $0 + 1e-4 * source.gaussian() }
      let order = x.indices.sorted { x[$0] < x[$1] }
      let trials = family == .binomial ? 6.0 : 1
      func outcome(_ eta: Double) -> Double {
        family == .poisson
          ? Double(source.poisson(mean: exp(min(eta, 16))))
          : Double(source.binomial(trials: Int(trials), probability: 1 / (1 + exp(-eta))))
      }
      var y: [Double]
      switch self {
      case .twoRowsOutOfOrder:
        y = x.map { _ in 0 }
        for place in 100..<count { y[order[place]] = trials }
        y.swapAt(order[99], order[100])
      case .steep: y = x.map { outcome(family == .poisson ? 4 * $0 : 12 * $0) }
      case .rare:
        y = x.map { _ in 0 }
        y[order[90]] = 1
        y[order[130]] = 1
      case .nearlyDependent: y = x.map { outcome($0) }
      case .manyOrders: y = x.map { outcome(family == .poisson ? 3 + 5 * $0 : 5 * $0) }
      }
      // A row on either side of the border, so that no seed separates.
      if self == .steep && family != .poisson { (y[order[40]], y[order[160]]) = (trials, 0) }
      var features: [(column: ColumnSchema, values: [Double])] = [("x", x)]
      if self == .nearlyDependent { features.append(("z", z)) }
      return try Observations(
        features: features, responses: [("y", y)],
        trials: family == .binomial ? ["y": x.map { _ in trials }] : [:])
    }
  }

  @Test(arguments: Strong.allCases, FamilyCase.counting)
  func strongEffectsAreNotNamed(data: Strong, family: FamilyCase) throws {
    for seed in UInt64(1)...3 {
      let rows = try data.rows(seed: seed, family)
      for estimate in FamilyCase.estimates {
        let fit = try family.fit(rows, estimate)
        #expect(!fit.warnings.contains { $0.contains("separated") }, "seed \(seed), \(estimate): \(fit.warnings)")
      }
    }
  }

  /// A model file keeps what was found.
  @Test func aFileKeepsIt() throws {
    let rows = try rows(.completely, .bernoulli)
    let fit = try FamilyCase.bernoulli.fit(rows, .variational)
    let block = try #require(fit.mixture.blocks[0] as? Block<BernoulliExpert>)
    let read = try JSONDecoder().decode(Block<BernoulliExpert>.self, from: JSONEncoder().encode(block))
    let (kept, found) = (read.warnings(names: ["1"]), block.warnings(names: ["1"]))
    #expect(kept == found && kept.contains { $0.contains("separated") })
  }
}

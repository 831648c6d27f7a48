import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// Columns multiplied by powers of two give the same fit, in other units.
@Suite struct UnitsTests {
  private let table: Table

  init() throws {
    var source = RandomSource(seed: 4)
    let x = (0..<150).map { _ in 3 + 2 * source.gaussian() }
    let z = x.map { _ in source.uniform() * 10 }
    let y = x.indices.map { i in
      (i % 2 == 0 ? 1 + 2 * x[i] - z[i] : 20 - x[i] + 0.5 * z[i]) + source.gaussian()
    }
    table = try Table([("x", .numbers(x)), ("z", .numbers(z)), ("y", .numbers(y))])
  }

  /// The table with x, z and y multiplied by 2 to the powers given.
  private func scaled(_ exponents: [Int]) throws -> Table {
    try Table(
      zip(table.columnNames, exponents).map { name, exponent in
        (name, .numbers(try table.numbers(name).map { Double(sign: .plus, exponent: exponent, significand: $0) }))
      })
  }

  private func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

  enum Setting: CaseIterable, Sendable {
    case plain, perExpert, softmax, gaussian, perceptron, hierarchical, stickBreaking, likelihood, background, diagonal

    func model(_ exponents: [Int]) throws -> Mixture {
      let gate: any Gate =
        switch self {
        case .softmax: try SoftmaxGate()
        case .gaussian: try GaussianGate()
        case .perceptron: try PerceptronGate(hiddenUnits: [2])
        case .hierarchical: try HierarchicalGate()
        case .stickBreaking: try StickBreakingGate()
        default: try DirichletGate()
        }
      let expert =
        switch self {
        case .likelihood: LinearExpert(estimate: .maximumLikelihood)
        case .perExpert, .gaussian: LinearExpert(noise: .perExpert)
        case .diagonal: LinearExpert(prior: GaussianPrior(covariance: .diagonal))
        case .hierarchical:
          // A rate in squared units of the response.
          LinearExpert(noise: .gamma(shape: 1, rate: Double(sign: .plus, exponent: 2 * exponents[2], significand: 0.5)))
        default: LinearExpert()
        }
      return try Mixture("y ~ x + z", gate: gate) {
        Block(2, expert)
        if self == .background { Block(1, BackgroundExpert(), named: "rest") }
      }
    }
  }

  @Test(arguments: Setting.allCases, [[500, -500, 500], [-500, 500, -500], [0, 300, -300], [7, 0, -3]])
  func powersOfTwoChangeUnitsOnly(setting: Setting, exponents: [Int]) async throws {
    var options = FitOptions()
    (options.starts, options.maximumIterations) = (2, 300)
    let fit = try await setting.model([0, 0, 0]).fit(table, seed: 1, options: options)
    let other = try await setting.model(exponents).fit(scaled(exponents), seed: 1, options: options)
    let unit = power(exponents[2])
    #expect(other.elboTrace.map(\.inUnitsOfFit) == fit.elboTrace.map(\.inUnitsOfFit))
    let features = setting == .gaussian ? Double(exponents[0] + exponents[1]) : 0
    #expect(abs(other.elbo.total - fit.elbo.total + 150 * (Double(exponents[2]) + features) * log(2)) < 1e-9 * 150 * 700)
    #expect(other.starts.map(\.iterations) == fit.starts.map(\.iterations) && other.reachedBest == fit.reachedBest)
    #expect(other.effectiveRows == fit.effectiveRows)
    #expect(try other.weights(scaled(exponents)) == fit.weights(table))
    #expect(try other.responsibilities(scaled(exponents)) == fit.responsibilities(table))
    let parameters = [fit, other].map { fit in fit.mixture.blocks.map { $0.parameters(for: fit.data) } }
    for (own, scaled) in zip(parameters[0].joined().joined(), parameters[1].joined().joined()) {
      let factor = unit / (own.name == "x" ? power(exponents[0]) : own.name == "z" ? power(exponents[1]) : 1)
      #expect(isClose(scaled.value, own.value * factor, relative: 1e-12), "\(own.name): \(scaled.value) for \(own.value)")
      #expect((scaled.standardError == nil) == (own.standardError == nil))
      if let error = scaled.standardError { #expect(isClose(error, own.standardError! * factor, relative: 1e-12)) }
    }
    for (own, scaled) in zip(try fit.predict(table), try other.predict(scaled(exponents))) {
      #expect(isClose(scaled.mean, own.mean * unit, relative: 1e-12))
      #expect(isClose(scaled.standardDeviation, own.standardDeviation * unit, relative: 1e-12))
      #expect(isClose(try scaled.quantile(0.9), try own.quantile(0.9) * unit, relative: 1e-9))
    }
    // Likelihoods are per unit of the data.
    let rows = (try fit.observations(table), try other.observations(scaled(exponents)))
    let likelihoods = (try fit.mixture.logLikelihood(rows.0), try other.mixture.logLikelihood(rows.1))
    #expect(abs(likelihoods.1 - likelihoods.0 + 150 * Double(exponents[2]) * log(2)) < 1e-9 * 150 * 350)
    let densities = (try fit.mixture.logPredictiveDensity(rows.0), try other.mixture.logPredictiveDensity(rows.1))
    #expect(abs(densities.1 - densities.0 + 150 * Double(exponents[2]) * log(2)) < 1e-9 * 150 * 350)
  }

  /// What a user gives in the units of the data.
  enum Given: CaseIterable, Sendable {
    case coefficient, prior, priorOfColumns, coefficientUnderPrior, coefficientUnderPriorOfColumns, priorOfPoint, couplings,
      couplingsUnderPrior

    var fixesCoefficient: Bool { [.coefficient, .coefficientUnderPrior, .coefficientUnderPriorOfColumns].contains(self) }
    var isOfColumns: Bool { [.priorOfColumns, .coefficientUnderPriorOfColumns].contains(self) }

    /// A prior where the response is multiplied by `unit`.
    func prior(_ unit: Double) throws -> GaussianPrior {
      let means = [[1 * unit, 2 * unit, -unit]]
      let fixed = GaussianPrior.Covariance.fixed(variance: 50 * unit * unit)
      let coupling = try MeanCoupling(
        matrix: Matrix(rows: 2, columns: 2, elements: [2, 0.5, 0.5, 1].map { $0 * unit * unit }), coefficients: [2, 1])
      return switch self {
      case .coefficient: GaussianPrior()
      case .couplings: GaussianPrior(mean: .coupled(coupling, startingAt: means))
      case .couplingsUnderPrior: GaussianPrior(covariance: fixed, mean: .coupled(coupling, startingAt: means))
      default: GaussianPrior(covariance: fixed, mean: .given(means))
      }
    }
  }

  /// Numbers that a user gives are in the units of the data.
  @Test(arguments: [500, -500, 100, 20], Given.allCases)
  func settingsScaleLikewise(exponent: Int, given: Given) async throws {
    let square = power(2 * exponent)
    func fit(_ exponents: [Int], _ unit: Double, _ square: Double) async throws -> FittedMixture {
      let estimate: Estimate = given == .priorOfPoint ? .maximumAPosteriori : .variational
      let expert = LinearExpert(
        estimate: estimate, prior: try given.prior(unit), noise: .perExpert, standardizes: !given.isOfColumns)
      var block = Block(2, expert)
      if given.fixesCoefficient { block.fix("x", ofExpert: 0, at: 2 * unit) }
      block.fixNoiseVariance(ofExpert: 1, at: 1.5 * square)
      let model = try Mixture("y ~ x + z") { block }
      return try await model.fit(
        scaled(exponents), from: .coefficients([[unit, 2 * unit, -unit], [20 * unit, -unit, 0.5 * unit]]))
    }
    let (one, other) = (try await fit([0, 0, 0], 1, 1), try await fit([0, 0, exponent], power(exponent), square))
    #expect(one.starts.map(\.iterations) == other.starts.map(\.iterations))
    #expect(isClose(one.elbo.inUnitsOfFit, other.elbo.inUnitsOfFit, relative: 1e-12))
    for (a, b) in zip(one.mixture.experts(of: LinearExpert.self), other.mixture.experts(of: LinearExpert.self)) {
      for (own, scaled) in zip(a.coefficients.mean, b.coefficients.mean) {
        #expect(isClose(scaled, own * power(exponent), relative: 1e-12))
      }
      for (own, scaled) in zip(a.coefficients.standardDeviations, b.coefficients.standardDeviations) {
        #expect(isClose(scaled, own * power(exponent), relative: 1e-12))
      }
      #expect(isClose(b.noiseVariance, a.noiseVariance * square, relative: 1e-12))
    }
    if given.fixesCoefficient {
      #expect(other.mixture.experts(of: LinearExpert.self)[0].coefficients.mean[1] == 2 * power(exponent))
    }
  }

  /// A model file keeps the units.
  @Test func filesKeepUnits() async throws {
    let fit = try await Setting.gaussian.model([0, 0, 0]).fit(scaled([400, -300, 500]), seed: 1)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try fit.write(to: url)
    let again = try FittedMixture(contentsOf: url)
    let rows = try scaled([400, -300, 500])
    #expect(try again.predict(rows).map(\.mean) == fit.predict(rows).map(\.mean))
    #expect(again.data == fit.data)
    // A warm start knows the columns in the units of its own fit.
    let next = try await Setting.gaussian.model([0, 0, 0]).fit(scaled([0, 0, 0]), from: .mixture(fit.mixture))
    #expect(next.elbo.total.isFinite)
  }

  @Test(arguments: [(1e155, "reaches"), (1e-160, "varies by"), (3e306, "reaches")])
  func whatIsOutOfRangeIsNamed(scale: Double, words: String) async throws {
    let y = try table.numbers("y").map { $0 * scale }
    let table = try Table([("x", table.column("x")), ("z", table.column("z")), ("height", .numbers(y))])
    let error = await #expect(throws: DataError.self) {
      try await Mixture("height ~ x + z") { Block(2, LinearExpert()) }.fit(table)
    }
    let text = error?.description ?? ""
    #expect(text.contains("column height \(words)") && text.contains("it by 1e"), "\(text)")
  }

  @Test func featuresOutOfRangeAreNamed() async throws {
    for scale in [1e305, 1e-305] {
      let x = try table.numbers("x").map { $0 * scale }
      let table = try Table([("width", .numbers(x)), ("y", table.column("y"))])
      let error = await #expect(throws: DataError.self) {
        try await Mixture("y ~ width") { Block(2, LinearExpert()) }.fit(table)
      }
      #expect(error?.description.contains("column width") ?? false, "\(String(describing: error))")
    }
  }

  @Test(arguments: [1e308, 1e200, 1e-200])
  func weightsOutOfRangeAreRefused(weight: Double) async throws {
    let weights = Table.Column.numbers(Array(repeating: weight, count: table.rowCount))
    let table = try Table([("x", table.column("x")), ("y", table.column("y")), ("w", weights)])
    let error = await #expect(throws: DataError.self) {
      try await Mixture("y ~ x", rowWeights: "w") { Block(2, LinearExpert()) }.fit(table)
    }
    #expect(error?.description.contains("row weights sum to") ?? false, "\(String(describing: error))")
  }

  @Test func aTermThatLeavesTheRangeIsNamed() async throws {
    let x = try table.numbers("x").map { $0 * 1e95 }
    let table = try Table([("x", .numbers(x)), ("y", table.column("y"))])
    for (term, name) in [("I(x^4)", "x^4"), ("x:I(x^3)", "x:I(x^3)")] {
      let error = await #expect(throws: DataError.self) {
        try await Mixture("y ~ \(term)") { Block(2, LinearExpert()) }.fit(table)
      }
      #expect(error?.description.contains(name) ?? false, "\(String(describing: error))")
    }
    // A cube is in range, and its square is not.
    let fit = try await Mixture("y ~ I(x^3)") { Block(2, LinearExpert()) }.fit(table)
    #expect(fit.elbo.total.isFinite)
  }
}

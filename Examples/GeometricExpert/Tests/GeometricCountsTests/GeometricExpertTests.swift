import Foundation
import GSL
import GeometricCounts
import MixtureTestKit
import Mixtures
import Testing

/// The expert through the laws, against another program, and in a mixture with another family.
@Suite struct GeometricExpertTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  private func subject() throws -> ModelSubject<GeometricExpert> {
    var source = RandomSource(seed: 1)
    let labels = (0..<120).map { _ in source.integer(below: 2) }
    let x = labels.map { _ in source.uniform() * 2 - 1 }
    let y = zip(labels, x).map { label, x in
      GeometricFamily().sample(eta: label == 0 ? -4 + x : 6 - x, trials: 1, scale: Unscaled(), using: &source)
    }
    var subject = ModelSubject(
      Block(2, GeometricExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)))),
      rows: try Observations(features: [("x", x)], responses: [("y", y)]), labels: labels,
      exceptions: [
        .rebase: .absent(reason: "slopes at other coefficients are known to first order only"),
        .stationary: .inequality(reason: "nothing outside the library moves q(w)"),
      ])
    subject.drawParameters = { block, source in
      let prior = NormalDistribution(mean: 0, variance: 5)
      let coefficients = block.experts.map { $0.coefficients.sample(using: &source) }
      let divergence = zip(block.experts, coefficients).reduce(0) { sum, expert in
        expert.1.reduce(sum + expert.0.coefficients.logDensity(at: expert.1)) { $0 - prior.logDensity(at: $1) }
      }
      return ParameterDraw(divergence: divergence) { k, tile in
        tile.rows.map { i in
          let eta = coefficients[k][0] + coefficients[k][1] * tile.features[i] + (tile.offset?[i] ?? 0)
          return GeometricFamily().logDensity(ResponseCell(tile.response[i]), eta: eta, scale: Unscaled())
        }
      }
    }
    subject.inOtherUnits = { _, change in
      let covariance = try Matrix(diagonal: [5, 5 / (change.features * change.features)])
      return Block(2, GeometricExpert(prior: GaussianPrior(covariance: .given(covariance))))
    }
    subject.unitOfParameter = { ParameterUnit(features: $0 == "x" ? -1 : 0) }
    return subject
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test(arguments: PredictiveLaw.allCases)
  func predicts(law: PredictiveLaw) throws { law.check(try PredictiveSubject(predicting: subject())) }

  /// What `generate.py` wrote.
  private struct Reference: Decodable { var coefficients: [Double], logLikelihood: Double }

  @Test func agreesWithScipy() async throws {
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: Self.folder.appendingPathComponent("reference.json")))
    let table = try Table(csv: Self.folder.appendingPathComponent("rows.csv"))
    let model = try Mixture("y ~ x") { Block(1, GeometricExpert(estimate: .maximumLikelihood), named: "counts") }
    var options = FitOptions()
    options.tolerance = .absolute(1e-11)
    let fit = try await model.fit(table, options: options)
    let coefficients = try fit.expert("counts", as: GeometricExpert.self).coefficients.mean
    #expect(abs(fit.elbo.total - reference.logLikelihood) < 1e-6)
    for (a, b) in zip(coefficients, reference.coefficients) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func standsBesideAnotherFamily() async throws {
    var source = RandomSource(seed: 5)
    let x = (0..<400).map { _ in source.uniform() * 4 - 2 }
    let y = x.enumerated().map { i, x in
      i % 2 == 0
        ? GeometricFamily().sample(eta: 1 + 0.5 * x, trials: 1, scale: Unscaled(), using: &source)
        : Double(source.poisson(mean: exp(4 - 0.3 * x)))
    }
    let model = try Mixture("y ~ x") {
      Block(1, GeometricExpert(), named: "geometric")
      Block(1, PoissonExpert(), named: "Poisson")
    }
    let fit = try await model.fit(Table([("x", .numbers(x)), ("y", .numbers(y))]), seed: 1)
    let geometric = try fit.expert("geometric", as: GeometricExpert.self).coefficients
    let poisson = try fit.expert("Poisson", as: PoissonExpert.self).coefficients
    // Five standard errors: a false alarm in some 10⁶ seeds.
    for (q, truth) in [(geometric, [1, 0.5]), (poisson, [4, -0.3])] {
      for j in 0..<2 { #expect(abs(q.mean[j] - truth[j]) < 5 * q.standardDeviations[j], "\(q.mean)") }
    }

    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try PartRegistry.register(GeometricExpert.self)
    try fit.write(to: file)
    let read = try FittedMixture(contentsOf: file)
    let new = try Table([("x", .numbers([-1, 0.5, 2]))])
    for (a, b) in zip(try fit.predict(new), try read.predict(new)) {
      #expect(a.mean == b.mean && a.variance == b.variance && a.density(at: 9) == b.density(at: 9))
      #expect(try a.quantile(0.9) == b.quantile(0.9))
    }
  }
}

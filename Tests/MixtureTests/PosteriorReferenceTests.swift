import Foundation
import Mixtures
import References
import Testing

/// Posterior and predictive distributions of one expert against quadrature (Tests/References/generate_posteriors.py).
@Suite struct PosteriorReferenceTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Prior: Decodable, Sendable {
      var variance: Double?
    }
    struct Noise: Decodable, Sendable {
      enum Kind: String, Decodable { case fixed, gamma, shared }
      var kind: Kind
      var variance, shape, rate: Double?

      var noise: LinearNoise {
        switch kind {
        case .fixed: .fixed(variance: variance!)
        case .gamma: .gamma(shape: shape!, rate: rate!)
        case .shared: .shared
        }
      }
    }
    /// The posterior itself.
    struct Exact: Decodable, Sendable {
      var mean, standardDeviation: [Double]
      var logEvidence: Double
    }
    /// The best normal distribution, or the point of maximum likelihood.
    struct Best: Decodable, Sendable {
      var mean, standardDeviation: [Double]
      var bound: Double
    }
    struct Prediction: Decodable, Sendable {
      var mean, standardDeviation: Double
      var quantiles: [Double]
      var value, logDensity: Double
    }

    var name: String
    var family: ReferenceRegression.Family
    var estimate: String
    var prior: Prior?
    var noise: Noise?
    var scale: Double?
    var degreesOfFreedom: Double?
    var columns, new: [String: ReferenceColumn]
    var exact: Exact?
    var gaussian: Best
    var predictions: [Prediction]
    var testDescription: String { name }

    var isOfPoints: Bool { estimate == "ml" }

    func fit() throws -> FittedMixture {
      try ReferenceRegression(
        family: family, formula: columns["o"] == nil ? "y ~ x" : "y ~ x + offset(o)",
        estimate: isOfPoints ? .maximumLikelihood : .variational,
        prior: prior?.variance.map { GaussianPrior(covariance: .fixed(variance: $0)) } ?? GaussianPrior(),
        noise: noise?.noise ?? .shared, degreesOfFreedom: degreesOfFreedom, hasTrials: columns["n"] != nil
      ).fit(ReferenceColumn.table(columns))
    }
  }

  static let cases: Result<[Case], any Error> = Result { try Reference.load("posteriors") }

  @Test func referencesAreThere() throws { #expect(try Self.cases.get().count == 28) }

  /// Mean, width and ELBO are those of the best normal distribution, or of the maximum.
  @Test(arguments: (try? cases.get()) ?? [])
  func distributionIsTheBest(expected: Case) throws {
    let fit = try expected.fit()
    let best = expected.gaussian
    for (j, estimate) in fit.coefficientsOfOne.enumerated() {
      let size = max(abs(best.mean[j]), best.standardDeviation[j])
      #expect(abs(estimate.value - best.mean[j]) <= 1e-6 * size, "\(estimate.value), not \(best.mean[j])")
      #expect(
        isClose(estimate.standardError ?? 0, best.standardDeviation[j], relative: 1e-6),
        "± \(estimate.standardError ?? 0), not \(best.standardDeviation[j])")
    }
    #expect(agrees(fit.elbo.total, best.bound, to: 1e-7), "\(fit.elbo.total), not \(best.bound)")
    if let scale = expected.scale {
      let found = try #require(fit.parametersOfOne.first { !$0.isCoefficient }).value
      #expect(isClose(found, scale, relative: 1e-6), "\(found), not \(scale)")
    }
  }

  /// What that distribution has to do with the posterior: mean and width are within 3 %, and the ELBO is below the evidence, by what no normal
  /// distribution could make up for.
  ///
  /// A Student expert has a precision of the noise for each row, independent of the coefficients, and that makes it too sure of them: by
  /// √((ν + 1) / (ν + 3)) where there are many rows.
  @Test(arguments: ((try? cases.get()) ?? []).filter { $0.exact != nil })
  func distributionIsNearThePosterior(expected: Case) throws {
    let (fit, exact) = (try expected.fit(), try #require(expected.exact))
    #expect(fit.elbo.total <= exact.logEvidence + 1e-8)
    let isFewRows = expected.name.contains("few rows") || expected.name.contains("far row")
    for (j, estimate) in fit.coefficientsOfOne.enumerated() where !isFewRows {
      #expect(isClose(estimate.value, exact.mean[j], relative: 0.03), "\(estimate.value), not \(exact.mean[j])")
      // Of an uncertain noise the report tells degrees of freedom: the coefficient is as wide as Student's distribution of these.
      let degrees = expected.noise?.kind == .gamma ? try #require(estimate.degreesOfFreedom) : .infinity
      let ofStudent = degrees.isFinite ? (degrees / (degrees - 2)).squareRoot() : 1
      let (width, ofPosterior) = (ofStudent * (try #require(estimate.standardError)), exact.standardDeviation[j])
      if expected.family == .student {
        #expect(width < ofPosterior)
      } else {
        #expect(isClose(width, ofPosterior, relative: 0.03), "± \(width), not \(ofPosterior)")
        #expect(fit.elbo.total > exact.logEvidence - 0.05)
      }
    }
  }

  /// Predictions of new rows by the mixture itself, with the coefficients' uncertainty.
  @Test(arguments: (try? cases.get()) ?? [])
  func predictionsAreThoseOfQuadrature(expected: Case) throws {
    let fit = try expected.fit()
    let new = try ReferenceColumn.table(expected.new)
    let isWhole = expected.family != .normal && expected.family != .student
    let densities = try fit.mixture.logPredictiveDensities(fit.observations(new))
    let found = try fit.mixture.predict(fit.design.predictors(of: new))
    for ((found, density), prediction) in zip(zip(found, densities), expected.predictions) {
      let size = max(abs(prediction.mean), prediction.standardDeviation)
      #expect(abs(found.mean - prediction.mean) <= 1e-6 * size, "mean \(found.mean), not \(prediction.mean)")
      #expect(
        isClose(found.standardDeviation, prediction.standardDeviation, relative: 1e-6),
        "± \(found.standardDeviation), not \(prediction.standardDeviation)")
      for (probability, quantile) in zip([0.05, 0.5, 0.95], prediction.quantiles) {
        let value = try found.quantile(probability)
        #expect(
          isWhole ? value == quantile : abs(value - quantile) <= 1e-6 * size, "\(probability): \(value), not \(quantile)")
      }
      #expect(abs(density - prediction.logDensity) <= 1e-6, "ln p \(density), not \(prediction.logDensity)")
    }
  }
}

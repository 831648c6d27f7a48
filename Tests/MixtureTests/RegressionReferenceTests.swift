import Foundation
import Mixtures
import References
import Testing

/// One expert under maximum likelihood is the regression that statsmodels, R's glm and, of Student's distribution, scipy and mpmath find
/// (Tests/References/generate_regressions.py).
@Suite struct RegressionReferenceTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var family: ReferenceRegression.Family
    var terms: String
    var hasOffset: Bool
    var hasWeights: Bool
    var givenDegreesOfFreedom: Double?
    var columns: [String: ReferenceColumn]
    var coefficients: [Double]
    var logLikelihood: Double
    var scale: Double?
    var degreesOfFreedom: Double?
    var testDescription: String { name }

    var regression: ReferenceRegression {
      ReferenceRegression(
        family: family, formula: "y ~ \(terms)" + (hasOffset ? " + offset(o)" : ""), estimate: .maximumLikelihood,
        degreesOfFreedom: givenDegreesOfFreedom, hasTrials: columns["n"] != nil, hasWeights: hasWeights)
    }
  }

  static let cases: Result<[Case], any Error> = Result { try Reference.load("regressions") }

  @Test func referencesAreThere() throws { #expect(try Self.cases.get().count == 40) }

  @Test(arguments: (try? cases.get()) ?? [])
  func oneExpertIsTheRegression(expected: Case) throws {
    let fit = try expected.regression.fit(ReferenceColumn.table(expected.columns))
    let found = fit.coefficientsOfOne
    #expect(found.count == expected.coefficients.count)
    for (estimate, value) in zip(found, expected.coefficients) {
      #expect(agrees(estimate.value, value, to: 1e-6), "\(estimate.name): \(estimate.value), not \(value)")
      #expect(estimate.standardError == nil)
    }
    #expect(
      agrees(fit.elbo.total, expected.logLikelihood, to: 1e-6), "\(fit.elbo.total), not \(expected.logLikelihood)")
    let scales = fit.parametersOfOne.filter { !$0.isCoefficient }.map(\.value)
    let expectedScales = [expected.scale, expected.degreesOfFreedom].compactMap(\.self)
    #expect(scales.count == expectedScales.count)
    for (scale, value) in zip(scales, expectedScales) { #expect(agrees(scale, value, to: 1e-6), "\(scale), not \(value)") }
  }
}

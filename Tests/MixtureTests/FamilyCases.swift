import Mixtures
import Testing

/// The families of regressions that come with the library, each under every estimate.
enum FamilyCase: String, CaseIterable, Sendable {
  case normal, student, poisson, binomial, bernoulli

  static let counting: [FamilyCase] = [.poisson, .binomial, .bernoulli]
  static let estimates: [Estimate] = [.maximumLikelihood, .maximumAPosteriori, .variational]

  /// As many experts of the family on the usual terms.
  func block(
    _ count: Int, _ estimate: Estimate, prior: GaussianPrior = GaussianPrior(), noise: LinearNoise = .shared
  ) -> any AnyBlock {
    switch self {
    case .normal: Block(count, LinearExpert(estimate: estimate, prior: prior, noise: noise))
    case .student: Block(count, StudentExpert(estimate: estimate, prior: prior, noise: noise))
    case .poisson: Block(count, PoissonExpert(estimate: estimate, prior: prior))
    case .binomial: Block(count, BinomialExpert(estimate: estimate, prior: prior))
    case .bernoulli: Block(count, BernoulliExpert(estimate: estimate, prior: prior))
    }
  }

  func fit(
    _ rows: Observations, experts: Int = 1, _ estimate: Estimate, prior: GaussianPrior = GaussianPrior(), starts: Int = 1
  ) throws -> Fit {
    var options = FitOptions()
    options.starts = starts
    return try MixtureModel(
      gate: DirichletGate(estimate: estimate == .maximumLikelihood ? .maximumLikelihood : .variational),
      blocks: [block(experts, estimate, prior: prior)]
    ).fitBlocking(rows, options: options)
  }
}

/// Every number of a fit that a user sees.
func expectFinite(_ fit: Fit, _ rows: Observations, sourceLocation: SourceLocation = #_sourceLocation) throws {
  var numbers = fit.elboTrace.map(\.total) + fit.effectiveRows
  for parameter in fit.mixture.blocks.flatMap({ $0.parameters(for: fit.data) }).joined() {
    numbers += [parameter.value] + (parameter.standardError.map { [$0] } ?? [])
  }
  for (row, distribution) in try fit.mixture.predict(rows).enumerated() {
    // An expert without rows may have counts whose mean is out of range, but no quantile is.
    #expect(distribution.mean > -.infinity, sourceLocation: sourceLocation)
    // Far out they take long, and rows are much alike.
    if row % 13 == 0 { numbers += [try distribution.quantile(0.05), try distribution.quantile(0.95)] }
    // Where next to nothing is known of a noise its expectation is infinite, but no quantile is.
    #expect(distribution.variance >= 0, sourceLocation: sourceLocation)
  }
  numbers += try fit.mixture.responsibilities(rows).flatMap(\.self)
  numbers += [try fit.mixture.logLikelihood(rows)]
  let areFinite = numbers.allSatisfy(\.isFinite)
  #expect(areFinite, "\(fit.warnings)", sourceLocation: sourceLocation)
}

import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

extension Regression: LocalModel {
  /// That of the family, such as `PoissonExpert`.
  public static var partName: String { Family.expertName }

  /// That of the family, once it is certain that it has densities for the values of the response.
  public static func measures(of responses: [DataSummary.Response], for experts: [Self]) throws -> [Measure] {
    try experts[0].family.check(responses[0], for: Self.self)
    return [Family.measure]
  }

  /// A row's offset adds to η: of a line, the features explain the response less the offset.
  public static var acceptsOffset: Bool { true }

  /// Whether the family knows of trials.
  public static var acceptsTrials: Bool { Family.acceptsTrials }

  /// Families that know of units take any, unless a learned prior sees the coefficients of features as they are.
  public static func acceptsUnits(sharing shared: RegressionShared<Family>) -> Bool {
    Family.acceptsUnits && (shared.standardizes || shared.prior.isInUnitsOfData)
  }

  /// Those in which features and response are standardised.
  public static func units(of experts: [Self], sharing shared: RegressionShared<Family>) -> ColumnUnits? { shared.units }

  /// ln of the unit of each coefficient under a prior that is fixed or a point, −ln of that of each free one that has a distribution and
  /// no prior, and what the scales say.
  public static func divergenceOfUnits(of experts: [Self], sharing shared: RegressionShared<Family>) -> Double {
    let coordinates = experts[0].coordinates
    return divergenceOfCoefficientUnits(experts, shared, coordinates.logUnits(areOriginal: shared.priorIsOriginal))
      + Family.Scale.divergenceOfUnits(of: experts.map(\.scale), shared.scale, unit: coordinates.unit)
  }

  private static func divergenceOfCoefficientUnits(
    _ experts: [Self], _ shared: RegressionShared<Family>, _ logUnits: [Double]
  ) -> Double {
    experts.enumerated().reduce(0) { sum, next in
      let (k, distribution) = (next.offset, next.element.posterior)
      let free = distribution.free.reduce(0) { $0 + logUnits[$1] }
      return sum + (shared.hasPrior(ofExpert: k) ? logUnits.reduce(-free, +) : -free)
    }
  }

  /// The family, which may be anybody's, and the prior of the coefficients, likewise.
  public static func components(of experts: [Self], sharing shared: RegressionShared<Family>) -> [any Part] {
    [shared.family, shared.prior]
  }

  /// Newton's steps of families whose bound is not quadratic are, and those of some scales.
  public static var stepsUnchecked: Bool { !Family.stepIsSafe || Family.Scale.stepsUnchecked }

  /// d (d + 3) / 2 + 2 sums for d coefficients, and those of the scale.
  public var statisticsCount: Int {
    RegressionSums.count(dimension: posterior.dimension, termCount: Family.Scale.termCount)
  }

  /// Keeps fixed values and the prior of the experts that stay.
  public static func select(_ kept: [Int], of experts: inout [Self], sharing shared: inout RegressionShared<Family>) {
    experts = kept.map { experts[$0] }
    shared.select(kept)
  }

  /// Coefficients by name, and what the scale tells, such as the standard deviation of the noise. Of a coefficient that a learned prior has
  /// pruned the width is no standard error, and not told. With less than one degree of freedom those of Welch & Satterthwaite stand for
  /// them: what the prior knows of a coefficient has all.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] {
    let distribution = coefficients
    let names = coefficientNames(features: data.features.map(\.name))
    return zip(names, distribution.mean.indices).map { name, j in
      let share = sharesOfScale.isEmpty ? 1 : max(sharesOfScale[j], 1e-6)
      let isKnown = distribution.standardDeviations[j] > 0 && !prunedCoefficients.contains(j)
      return ParameterEstimate(
        name, value: distribution.mean[j], standardError: isKnown ? distribution.standardDeviations[j] : nil,
        degreesOfFreedom: isKnown ? scale.precisionFreedom.map { $0 / (share * share) } : nil, isCoefficient: true)
    } + scale.parameters(unit: coordinates.unit)
  }

  /// Standardises by the data's moments, and starts every q(w) at its prior, or at the family's start of η, and the scales where their
  /// terms say.
  public static func configure(
    _ experts: inout [Self], sharing shared: inout RegressionShared<Family>, for data: DataSummary
  ) throws {
    let starts = try shared.configure(expertCount: experts.count, for: data)
    let scales = Family.Scale.start(shared.scale, expertCount: experts.count, estimate: shared.estimate, data: data)
    for k in experts.indices {
      experts[k].coordinates = shared.coordinates!
      experts[k].posterior = starts[k]
      experts[k].scale = scales[k]
    }
  }

  /// The response itself for families of residuals, and else what the family makes of it, less any offset.
  public static func startingResponse(of experts: [Self]) -> StartingResponse? {
    guard !Family.isOfResiduals, let family = experts.first?.family else { return nil }
    return { i, tile in
      let cell = ResponseCell(tile.response[i], trials: tile.trials.map { $0[i] } ?? 1)
      return family.startingValue(cell) - (tile.offset.map { $0[i] } ?? 0)
    }
  }

  /// Points under the same prior, where that is not learned: their density would grow without bound.
  public static func becomePoints(_ experts: inout [Self], sharing shared: inout RegressionShared<Family>) -> Bool {
    guard shared.estimate == .variational, let prior = shared.prior as? GaussianPrior, !prior.learnsCovariance else {
      return false
    }
    shared.estimate = .maximumAPosteriori
    for k in experts.indices { experts[k].posterior = Gaussian(point: experts[k].posterior.mean) }
    return true
  }

  /// What the prior takes, Σ_k KL(q(w_k) ‖ p(w_k)), and what the scales take.
  public static func divergence(of experts: [Self], sharing shared: RegressionShared<Family>) throws -> Double {
    // Coefficients whose prior is in the units of the data are compared with it in these.
    let ofUnits =
      shared.priorIsOriginal
      ? divergenceOfCoefficientUnits(experts, shared, experts[0].coordinates.logUnits(areOriginal: true)) : 0
    return try shared.prior.divergence(of: shared.posteriors(experts)) - ofUnits
      + Family.Scale.divergence(of: experts.map(\.scale), shared.scale)
  }

  /// What rounding may take of slopes and spreads: all but nothing, unless the noise of a line is far smaller than the response, or
  /// features are nearly dependent; and of the divergences: little, unless the prior is of coefficients in the units of data far from
  /// their origin.
  public static func cancellingTerms(
    of experts: [Self], sharing shared: RegressionShared<Family>, in statistics: Span<Double>
  ) -> Double {
    experts.enumerated().reduce(0) { sum, next in
      let (k, expert) = next
      let squares = RegressionSquares(
        statistics.extracting(slice(ofExpert: k, experts)), dimension: expert.posterior.dimension)
      // Without a prior the entropy is left, of few terms.
      let prior = (try? shared.coefficientPrior(ofExpert: k)) ?? nil
      return sum + squares.cancellingTerms(in: expert)
        + (prior.map(expert.posterior.cancellingTerms) ?? abs(expert.posterior.entropy))
        + expert.scale.cancellingTerms(shared.scale, weight: squares.weight)
    }
  }
}

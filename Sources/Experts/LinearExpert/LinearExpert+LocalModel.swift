import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

extension LinearExpert: LocalModel {
  /// Densities are per unit of the response, of which there is one.
  public static func measures(of responses: [DataSummary.Response], for experts: [LinearExpert]) throws -> [Measure] {
    try [Measure.lebesgue.checked(on: responses[0], for: Self.self)]
  }

  /// Linear experts take offsets: the features explain the response less the offset.
  public static var acceptsOffset: Bool { true }

  /// Linear experts take any units, unless a learned prior sees the coefficients of features as they are.
  public static func acceptsUnits(sharing shared: LinearShared) -> Bool {
    shared.standardizes || shared.prior.isInUnitsOfData
  }

  /// Those in which features and response are standardised.
  public static func units(of experts: [LinearExpert], sharing shared: LinearShared) -> ColumnUnits? { shared.units }

  /// ln of the unit of each coefficient under a prior that is fixed or a point, −ln of that of each free one that has a distribution and no prior, and
  /// −2 ln u of each noise precision that is a point under a Gamma prior, with u the unit of the response.
  public static func divergenceOfUnits(of experts: [LinearExpert], sharing shared: LinearShared) -> Double {
    let coordinates = experts[0].coordinates
    let isPoint = if case .value = experts[0].precisionOfFit { true } else { false }
    let noises = shared.noisePrior == nil || !isPoint ? 0 : shared.noise.isShared ? 1 : experts.count
    return divergenceOfCoefficientUnits(experts, shared, coordinates.logUnits(areOriginal: shared.priorIsOriginal))
      - 2 * Double(noises) * log(coordinates.unit)
  }

  private static func divergenceOfCoefficientUnits(
    _ experts: [LinearExpert], _ shared: LinearShared, _ logUnits: [Double]
  ) -> Double {
    experts.enumerated().reduce(0) { sum, next in
      let (k, distribution) = (next.offset, next.element.posterior)
      let free = distribution.free.reduce(0) { $0 + logUnits[$1] }
      return sum + (shared.hasPrior(ofExpert: k) ? logUnits.reduce(-free, +) : -free)
    }
  }

  /// The prior of the coefficients, which may be anybody's.
  public static func components(of experts: [LinearExpert], sharing shared: LinearShared) -> [any Part] { [shared.prior] }

  /// d (d + 3) / 2 + 2 sums for d coefficients: Σ r x xᵀ by pairs, Σ r ρ x, Σ r ρ² and Σ r, with residuals ρ.
  public var statisticsCount: Int { LinearSums.count(dimension: posterior.dimension) }

  /// Keeps fixed values and the prior of the experts that stay.
  public static func select(_ kept: [Int], of experts: inout [LinearExpert], sharing shared: inout LinearShared) {
    experts = kept.map { experts[$0] }
    shared.select(kept)
  }

  /// Coefficients by name, and the standard deviation of the noise. Of a coefficient that a learned prior has pruned the width is no
  /// standard error, and not told. With less than one degree of freedom those of Welch & Satterthwaite stand for them: what the prior knows of a
  /// coefficient has all.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] {
    let distribution = coefficients
    let names = coefficientNames(features: data.features.map(\.name))
    return zip(names, distribution.mean.indices).map { name, j in
      let share = sharesOfNoise.isEmpty ? 1 : max(sharesOfNoise[j], 1e-6)
      let isKnown = distribution.standardDeviations[j] > 0 && !prunedCoefficients.contains(j)
      return ParameterEstimate(
        name, value: distribution.mean[j], standardError: isKnown ? distribution.standardDeviations[j] : nil,
        degreesOfFreedom: isKnown ? noiseDistribution.map { 2 * $0.shape / (share * share) } : nil, isCoefficient: true)
    } + [ParameterEstimate("noise sd", value: noiseVariance.squareRoot())]
  }

  /// Standardises by the data's moments, sets the noise's floor at 10⁻¹⁰ Var(y), and starts every q(w) at its prior and the
  /// noise at Var(y), at its fixed value, or at its Gamma prior.
  public static func configure(
    _ experts: inout [LinearExpert], sharing shared: inout LinearShared, for data: DataSummary
  ) throws {
    let starts = try shared.configure(expertCount: experts.count, for: data)
    for k in experts.indices {
      experts[k].coordinates = shared.coordinates!
      experts[k].posterior = starts[k]
      experts[k].precisionOfFit = shared.startingNoisePrecision(ofExpert: k, for: data)
    }
  }

  /// Points under the same prior, where that is not learned: their density would grow without bound.
  public static func becomePoints(_ experts: inout [LinearExpert], sharing shared: inout LinearShared) -> Bool {
    guard shared.estimate == .variational, let prior = shared.prior as? GaussianPrior, !prior.learnsCovariance else {
      return false
    }
    shared.estimate = .maximumAPosteriori
    for k in experts.indices { experts[k].posterior = Gaussian(point: experts[k].posterior.mean) }
    return true
  }

  /// The experts' means and covariances as the columns of two matrices, and the constants of their scores.
  public static func prepare(_ experts: [LinearExpert], sharing shared: LinearShared) -> LinearTables {
    LinearTables(experts)
  }

  /// ½ E ln β_k − ½ ln 2π − ½ E β_k [(y − m_kᵀx)² + xᵀ B_k x]: the residual directly, since its expansion would cancel; the
  /// spread xᵀ B_k x of all experts as one product with the pairwise products of x.
  public static func expectedLogLikelihood(
    _ experts: LinearTables, on tile: Tile, into scores: inout MutableSpan<Double>
  ) {
    if experts.hasSpread {
      let design = tile.design(experts.coordinates.standardization)
      design.multiplyPairs(by: experts.covariances.span, columns: experts.count, into: &scores)
    } else {
      VectorKernels.copy([Double]().span, into: &scores)
    }
    let residuals = experts.residuals(on: tile)
    for k in 0..<experts.count {
      scores.withElements(in: tile.column(k)) {
        VectorKernels.addSquares(
          of: residuals.span.extracting(tile.column(k)), constant: experts.constants[k], factor: experts.factors[k],
          to: &$0)
      }
    }
  }

  /// Adds Σ r x xᵀ, Σ r ρ x, Σ r ρ² and Σ r of every expert, with residuals ρ = y − o − m_kᵀx under the means of the pass.
  public static func accumulate(
    _ experts: LinearTables, on tile: Tile, weighedBy responsibilities: Span<Double>,
    into statistics: inout MutableSpan<Double>
  ) {
    let design = tile.design(experts.coordinates.standardization)
    let (pairs, dimension) = (design.pairCount, design.dimension)
    let slice = LinearSums.count(dimension: dimension)
    design.accumulatePairs(
      weighedBy: responsibilities, columns: experts.count, into: &statistics, stride: slice)
    let residuals = experts.residuals(on: tile)
    design.withScratch(columns: experts.count) { products in
      for k in 0..<experts.count {
        let column = tile.column(k)
        let squares = products.withElements(in: column) {
          VectorKernels.weigh(residuals.span.extracting(column), by: responsibilities.extracting(column), into: &$0)
        }
        statistics[k * slice + pairs + dimension] += squares
        statistics[k * slice + pairs + dimension + 1] += VectorKernels.sum(responsibilities.extracting(column))
      }
      let total = statistics.count
      statistics.withElements(in: pairs..<total) {
        design.accumulate(weighedBy: products.span, columns: experts.count, into: &$0, stride: slice)
      }
    }
  }

  /// Updates q(w_k), then the noise, then the prior, each given the newest of the others.
  public static func update(
    _ experts: inout [LinearExpert], sharing shared: inout LinearShared, from statistics: Span<Double>,
    resum: Resum<Block<LinearExpert>>
  ) throws {
    let sums = sums(experts, statistics)
    let means = experts.map(\.posterior.mean)
    try updatePriorAndCoefficients(&experts, &shared, sums)
    try updateNoise(&experts, shared, sums, meansOfPass: means)
  }

  /// With means that lie s from the earlier ones the residuals are ρ − sᵀx, so Σ r ρ x loses (Σ r x xᵀ) s, and Σ r ρ² loses
  /// 2 sᵀ Σ r ρ x − sᵀ (Σ r x xᵀ) s.
  public static func rebase(
    _ statistics: inout MutableSpan<Double>, from earlier: [LinearExpert], to later: [LinearExpert]
  ) {
    for k in later.indices {
      statistics.withElements(in: slice(ofExpert: k, later)) {
        LinearSums.rebase(&$0, by: zip(later[k].posterior.mean, earlier[k].posterior.mean).map(-))
      }
    }
  }

  /// What rounding of residuals and spreads may take: all but nothing, unless the noise is far smaller than the response, or
  /// features are nearly dependent; and of the divergences: little, unless the prior is of coefficients in the units of data far from
  /// their origin.
  public static func cancellingTerms(
    of experts: [LinearExpert], sharing shared: LinearShared, in statistics: Span<Double>
  ) -> Double {
    experts.enumerated().reduce(0) { sum, next in
      let (k, expert) = next
      let squares = LinearSquares(statistics.extracting(slice(ofExpert: k, experts)), dimension: expert.posterior.dimension)
      // Without a prior the entropy is left, of few terms.
      let prior = (try? shared.coefficientPrior(ofExpert: k)) ?? nil
      return sum + squares.cancellingTerms(in: expert)
        + (prior.map(expert.posterior.cancellingTerms) ?? abs(expert.posterior.entropy))
        + expert.precisionOfFit.cancellingTerms(from: shared.noisePrior)
    }
  }

  private static func sums(_ experts: [LinearExpert], _ statistics: Span<Double>) -> [LinearSums] {
    experts.indices.map {
      LinearSums(statistics.extracting(slice(ofExpert: $0, experts)), dimension: experts[$0].posterior.dimension)
    }
  }

  /// Where the statistics of an expert of a block are; all have the same number of coefficients.
  private static func slice(ofExpert k: Int, _ experts: [LinearExpert]) -> Range<Int> {
    let count = experts[k].statisticsCount
    return (k * count)..<((k + 1) * count)
  }

  /// What the prior takes, Σ_k KL(q(w_k) ‖ p(w_k)), and KL(q(β) ‖ p(β)) for Gamma noise: once if shared, else per expert.
  public static func divergence(of experts: [LinearExpert], sharing shared: LinearShared) throws -> Double {
    let noises = shared.noise.isShared ? experts.prefix(1) : experts[...]
    // Coefficients whose prior is in the units of the data are compared with it in these.
    let ofUnits =
      shared.priorIsOriginal
      ? divergenceOfCoefficientUnits(experts, shared, experts[0].coordinates.logUnits(areOriginal: true)) : 0
    return try shared.prior.divergence(of: shared.posteriors(experts)) - ofUnits
      + noises.reduce(0) { $0 + $1.precisionOfFit.divergence(from: shared.noisePrior) }
  }
}

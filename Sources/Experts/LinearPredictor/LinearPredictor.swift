import ConjugateFamilies
import GSL
import MixtureCore

/// wᵀx with a Gaussian q(w), for experts of your own: everything that they have in common with linear regression.
///
/// Many models of a response come to weighted least squares, by a bound or by another latent number a row: what depends on w of a
/// row's score is then −½ β v E (y − wᵀx)², with a weight v of the row and a precision β. `accumulate` adds up what an update needs,
/// each row weighted by r v, and `update` maximises the ELBO over q(w).
///
/// Inside, features are centred and scaled and the response is centred, so that sums stay accurate far from the origin; an offset
/// of the rows adds to what is predicted.
public struct LinearPredictor: Validatable, Codable, Equatable {
  /// q(w) of the standardised coefficients, that of the intercept first if there is one. Its precision is positive definite.
  public var posterior: Gaussian
  /// p(w) of the standardised coefficients: N(0, f · Var(y) I).
  public private(set) var prior: Gaussian
  /// How coefficients are held.
  public private(set) var coordinates: CoefficientCoordinates
  /// Var(y), what the prior and starting values are measured by.
  public private(set) var typicalVariance = 1.0
  /// f, how many times Var(y) the prior variance of a standardised coefficient is.
  public let priorVarianceFactor: Double

  /// A predictor that takes its shape from the data of its first fit.
  ///
  /// - Parameter priorVarianceFactor: f > 0, which ``configure(for:)`` checks.
  public init(priorVarianceFactor: Double = 100) {
    self.priorVarianceFactor = priorVarianceFactor
    prior = Gaussian(mean: [], precision: Cholesky(identity: 0, scale: 1))
    posterior = prior
    coordinates = CoefficientCoordinates(Standardization(centres: [], scales: [], hasIntercept: false))
  }

  /// Standardises by the data's moments, with an intercept unless the data say that there is none, and starts q(w) at the prior.
  ///
  /// - Throws: `ArgumentError` unless f is positive and finite.
  public mutating func configure(for data: DataSummary) throws {
    try ArgumentError.requirePositive(priorVarianceFactor, of: Self.self, argument: "priorVarianceFactor")
    coordinates = CoefficientCoordinates(ofLineThrough: data, hasIntercept: data.hasIntercept)
    typicalVariance = data.typicalVariance
    let dimension = coordinates.dimension
    prior = Gaussian(
      mean: Array(repeating: 0, count: dimension),
      precision: Cholesky(identity: dimension, scale: 1 / (priorVarianceFactor * typicalVariance)))
    posterior = prior
  }

  /// Checks that coefficients, prior and standardisation belong together.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    for (key, distribution) in [("posterior", posterior), ("prior", prior)] {
      try UnfitValue.at(key) {
        try UnfitValue.checkCount(
          "mean", is: distribution.dimension, mustBe: coordinates.dimension, what: "the features and the intercept")
        try UnfitValue.checkMagnitude("mean", numbers: distribution.mean)
        try UnfitValue.checkCount("free", is: distribution.free.count, mustBe: distribution.dimension, what: "all of them")
      }
    }
    try UnfitValue.checkPositive("typicalVariance", number: typicalVariance)
    try UnfitValue.checkPositive("priorVarianceFactor", number: priorVarianceFactor)
  }

  /// What each row's features predict under q(w).
  public func predictions(_ tile: Tile) -> LinearPredictions {
    LinearPredictions(tile, coefficients: posterior, coordinates: coordinates)
  }

  /// E (y − wᵀx)² under q(w) for each row.
  public func expectedSquares(_ tile: Tile) -> [Double] {
    let (predictions, response) = (predictions(tile), tile.response)
    return tile.rows.map { i in
      let residual = response[i] - predictions.means[i]
      return residual * residual + predictions.variances[i]
    }
  }

  /// How many sums `accumulate` adds to: d (d + 3) / 2 + 2 for d coefficients.
  public var statisticsCount: Int { LinearSums.count(dimension: posterior.dimension) }

  /// Adds the sums of a tile's rows to the first ``statisticsCount`` numbers.
  ///
  /// - Parameters:
  ///   - tile: the rows.
  ///   - rowWeights: r v of each row.
  ///   - statistics: where the sums are, at least ``statisticsCount`` of them.
  /// - Complexity: O(rows · d²) for d coefficients, as matrix products.
  public func accumulate(_ tile: Tile, rowWeights: [Double], into statistics: inout MutableSpan<Double>) {
    precondition(rowWeights.count == tile.rowCount, "one weight a row")
    let design = tile.design(coordinates.standardization)
    let (pairs, dimension, total) = (design.pairCount, design.dimension, statistics.count)
    let weights = rowWeights + [Double](repeating: 0, count: tile.capacity - rowWeights.count)
    var matrices = [[Double]](repeating: [Double](repeating: 0, count: tile.capacity), count: 2)
    coordinates.writeResiduals(on: tile, means: posterior.mean, columns: 1, into: &matrices)
    let residuals = matrices[0]
    design.accumulatePairs(weighedBy: weights.span, columns: 1, into: &statistics, stride: total)
    design.withScratch(columns: 1) { products in
      products.withElements(in: 0..<tile.capacity) { products in
        statistics[pairs + dimension] += VectorKernels.weigh(
          residuals.span.extracting(tile.column(0)), by: weights.span, into: &products)
        statistics.withElements(in: pairs..<total) {
          design.accumulate(weighedBy: products.span, columns: 1, into: &$0, stride: total - pairs)
        }
      }
    }
    statistics[pairs + dimension + 1] += VectorKernels.sum(weights.span)
  }

  /// q(w) at the maximum of −½ β Σ r v E (y − wᵀx)² − KL(q(w) ‖ p(w)), and Σ r v E (y − wᵀx)² under it.
  ///
  /// - Parameters:
  ///   - statistics: what `accumulate` added up in a pass with `posterior` as it is.
  ///   - noisePrecision: β.
  /// - Returns: Σ r v E (y − wᵀx)².
  /// - Throws: `ArgumentError` if a sum is not finite.
  @discardableResult
  public mutating func update(from statistics: Span<Double>, noisePrecision: Double) throws -> Double {
    let (sums, mean) = (LinearSums(statistics, dimension: posterior.dimension), posterior.mean)
    let priorPrecision = prior.precision.matrix
    let factor = try Cholesky(priorPrecision + noisePrecision * sums.crossProducts)
    // The step from the mean of the pass, not the new mean, keeps every digit of a small step.
    let step = factor.solve(
      zip(sums.residualProducts, priorPrecision * mean).map { noisePrecision * $0 - $1 })
    posterior = Gaussian(mean: zip(mean, step).map(+), precision: factor)
    return sums.expectedSquares(step: step, covariance: posterior.covariance)
  }

  /// The divergence KL(q(w) ‖ p(w)).
  public var divergence: Double { posterior.divergence(from: prior) }

  /// q(w) of the coefficients in the units of the data; the intercept, if there is one, comes first.
  public var coefficients: Gaussian { coordinates.original(posterior) }

  /// The coefficients by name, with standard errors.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] {
    let (distribution, names) = (coefficients, data.features.map(\.name))
    return zip((coordinates.hasIntercept ? [LinearExpert.interceptName] : []) + names, distribution.mean.indices).map {
      ParameterEstimate(
        $0, value: distribution.mean[$1], standardError: distribution.standardDeviations[$1], isCoefficient: true)
    }
  }
}

import GSL
import MixtureCore

/// A distribution of a response y given a linear predictor η = o + wᵀx, of which ``Regression`` makes an expert.
///
/// Everything about coefficients is written once, in the expert: priors, fixed coefficients, offsets, weights, points and posterior
/// distributions. A family says how likely a response is, and what to expect:
///
/// ```swift
/// struct GeometricFamily: ResponseFamily {            // failures before the first success, of odds exp(−η)
///   static var measure: Measure { .counting }
///   func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
///     cell.value * eta - (cell.value + 1) * (max(eta, 0) + log1p(exp(-abs(eta))))
///   }
///   …
/// }
/// ```
///
/// What an update needs of a row, E ln p(y | η) and its derivatives under η ~ N(μ, v), comes by quadrature, unless the family has
/// closed forms of ``expected(_:mean:variance:scale:)``.
public protocol ResponseFamily: Part, Equatable {
  /// What an expert has beside its coefficients, such as a noise variance.
  associatedtype Scale: ResponseScale = Unscaled
  /// The predictive distribution of a row's response.
  associatedtype Predicted: PredictiveDistribution = PredictedResponse<Self>

  /// The family, or its usual member.
  init()

  // MARK: What a family must say

  /// What densities are relative to: the unit of a real response, or probabilities of whole numbers.
  static var measure: Measure { get }

  /// ln p(y | η), in nats.
  func logDensity(_ cell: ResponseCell, eta: Double, scale: Scale) -> Double

  /// E (y | η).
  func mean(eta: Double, trials: Double, scale: Scale) -> Double

  /// The variance of y given η.
  func variance(eta: Double, trials: Double, scale: Scale) -> Double

  /// P(Y ≤ y | η).
  func cumulative(_ cell: ResponseCell, eta: Double, scale: Scale) -> Double

  /// A draw of y given η.
  func sample(eta: Double, trials: Double, scale: Scale, using source: inout RandomSource) -> Double

  // MARK: What it may say

  /// Mean and variance of y where η is uncertain, for families that have closed forms of them; nil, as it is by default, for averages over η by
  /// quadrature. A distribution that has no mean says NaN.
  func moments(_ predictor: UncertainPredictor, scale: Scale) -> (mean: Double, variance: Double)?

  /// P(Y > y | η), one less the other unless a family knows better, as in the upper tail.
  func exceedance(_ cell: ResponseCell, eta: Double, scale: Scale) -> Double

  /// Whether the family has a density for a value; by default whether it is a number, or a count, as the measure says.
  func has(_ cell: ResponseCell) -> Bool

  /// Checks that the family has a density for all values of a response; by default by `Measure.checked(on:for:)`. A family of fewer values than
  /// real numbers or counts has a check of its own.
  ///
  /// - Throws: `DataError` that names a row, and says what to do.
  func check(_ response: DataSummary.Response, for model: (some Part).Type) throws

  /// A fact about responses for which no η is large or small enough, such as that all counts are 0; nil, as it is of most. By default that is
  /// looked for in counts.
  func extreme(of response: DataSummary.Response) -> String?

  /// E ln p(y | η) under η ~ N(mean, variance), or a lower bound of it, with its derivatives; by quadrature unless the family has
  /// closed forms.
  func expected(_ cell: ResponseCell, mean: Double, variance: Double, scale: Scale) -> ExpectedScore

  /// The same of all rows of a tile at once, in place: a family with closed forms writes it as loops over columns, for speed, and may leave
  /// out of the scores what ``constants(of:into:)`` has. By default it goes row by row.
  ///
  /// - Parameters:
  ///   - response: the rows' responses.
  ///   - scale: that of the expert.
  ///   - scores: the variances v of η on entry, the scores s on exit.
  ///   - slopes: the means μ of η on entry, the slopes on exit.
  ///   - curvatures: room for the curvatures; empty for a family of unit curvature.
  ///   - terms: room for the scale's own terms, one column after another.
  func evaluate(
    _ response: ResponseRows, scale: Scale, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>)

  /// What the scores of ``evaluate(_:scale:scores:slopes:curvatures:terms:)`` leave out since it depends on the response alone, such as −ln y!: it is
  /// found once a row, not once for each expert, and added to all. Only asked where ``hasConstants`` is true.
  ///
  /// - Parameters:
  ///   - response: the rows' responses.
  ///   - constants: room for a constant of each row, with zeros in it.
  func constants(of response: ResponseRows, into constants: inout MutableSpan<Double>)

  /// Sets the first derivatives of ln p(y | η, φ) in η and the scale's ``ResponseScale/unconstrained`` parameters φ, and minus the second: of
  /// the density itself, whatever ``expected(_:mean:variance:scale:)`` bounds. By default by differences.
  ///
  /// - Parameters:
  ///   - cell: the row's response.
  ///   - eta: η.
  ///   - scale: that of the expert, as points.
  ///   - derivatives: where they go.
  func differentiate(_ cell: ResponseCell, eta: Double, scale: Scale, into derivatives: inout LikelihoodDerivatives)

  /// Sets the expectations of those derivatives for all rows of a tile, under η ~ N(means, variances): by default by quadrature, row after row. A family
  /// with closed forms writes loops over columns, for speed.
  ///
  /// - Parameters:
  ///   - response: the rows' responses.
  ///   - means: the means of η.
  ///   - variances: the variances of η.
  ///   - scale: that of the expert, as points.
  ///   - derivatives: where they go; zeros.
  func differentiate(
    _ response: ResponseRows, means: [Double], variances: [Double], scale: Scale, into derivatives: inout TileDerivatives)

  /// The predictive distributions of rows of which η has the given means and variances, in the units of the data.
  func predicted(_ predictors: [UncertainPredictor], scale: Scale, unit: Double) throws -> [Predicted]

  /// What values a response can have: by default real numbers or counts, as the measure says.
  static var support: ResponseSupport { get }

  /// Where η starts, and how widely coefficients may spread about it, before anything is known of the rows but their summary.
  func start(for data: DataSummary) -> StartingPredictor

  /// About what η a response speaks for, which starts divide rows by: by default ln((y + ½) / (n − y + ½)) of successes among n trials, and
  /// of 0 or 1, ln(y + ½) of other counts, and a real number itself. Families of residuals are not asked.
  func startingValue(_ cell: ResponseCell) -> Double

  /// Whether the density is one of y − η alone, as that of a line with noise: the expert then hands over responses and predictors less a
  /// common centre, so that nothing cancels far from the origin. False by default.
  static var isOfResiduals: Bool { get }

  /// Whether a value may be a number of successes among trials. False by default.
  static var acceptsTrials: Bool { get }

  /// Whether the scale is told of the units of a fit, so that responses may be held in them. Only for families of residuals; false by
  /// default.
  static var acceptsUnits: Bool { get }

  /// Whether scores leave out ``constants(of:into:)``. False by default.
  static var hasConstants: Bool { get }

  /// Whether the curvature is 1 in every row, up to the scale's factor. False by default.
  static var hasUnitCurvature: Bool { get }

  /// Whether the expert's update never lowers the ELBO, so that no step of it need be checked: true of bounds that are quadratic in η.
  /// False by default.
  static var stepIsSafe: Bool { get }

  /// The name of the experts of the family in messages and tables: `PoissonExpert` of a `PoissonFamily` by default.
  static var expertName: String { get }
}

/// The response of one row.
public struct ResponseCell: Sendable, Equatable {
  /// The value y; of a family of residuals less the centre.
  public var value: Double
  /// The number of trials of which y are successes; 1 where rows have none.
  public var trials: Double

  /// A value, out of so many trials.
  @inlinable public init(_ value: Double, trials: Double = 1) { (self.value, self.trials) = (value, trials) }
}

/// E ln p(y | η) of a row under η ~ N(μ, v), or a lower bound of it, and what its coefficients' update needs (Price's theorem).
public struct ExpectedScore: Sendable, Equatable {
  /// The score s.
  public var score: Double
  /// ∂s/∂μ, over the scale's ``ResponseScale/precision``.
  public var slope: Double
  /// −2 ∂s/∂v, over the scale's ``ResponseScale/precision``; at least zero.
  public var curvature: Double

  /// A score with its derivatives.
  @inlinable public init(score: Double, slope: Double, curvature: Double) {
    (self.score, self.slope, self.curvature) = (score, slope, curvature)
  }
}

/// The responses of a tile's rows.
public struct ResponseRows: Sendable {
  /// The number of rows.
  public let count: Int
  /// The values, and zeros beyond the last row.
  public let values: [Double]
  /// The numbers of trials; nil where rows have none.
  public let trials: [Double]?

  /// Responses of the first `count` rows.
  public init(count: Int, values: [Double], trials: [Double]? = nil) {
    (self.count, self.values, self.trials) = (count, values, trials)
  }

  /// The response of a row.
  @inlinable public subscript(row: Int) -> ResponseCell { ResponseCell(values[row], trials: trials.map { $0[row] } ?? 1) }
}

/// The normal distribution of a row's linear predictor η, and the row's number of trials.
public struct UncertainPredictor: Sendable, Equatable {
  /// The mean μ.
  public var mean: Double
  /// The variance v.
  public var variance: Double
  /// The number of trials; 1 where rows have none.
  public var trials: Double

  /// N(mean, variance), of so many trials.
  public init(mean: Double, variance: Double, trials: Double = 1) {
    (self.mean, self.variance, self.trials) = (mean, variance, trials)
  }
}

/// What a family makes of the summary of the data before a fit.
public struct StartingPredictor: Sendable, Equatable {
  /// η of an expert without features: what the intercept's prior is about.
  public var centre: Double
  /// The typical variance of a coefficient of a standardised feature, which priors go by: of a line that of the response.
  public var variance: Double

  /// A centre and a variance.
  public init(centre: Double, variance: Double) { (self.centre, self.variance) = (centre, variance) }
}

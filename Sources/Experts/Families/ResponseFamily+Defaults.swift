import Foundation
import GSL
import MixtureCore

// What a family need not say. Loops over the nodes of a rule and over rows are inlinable, so that a family in another module gets them specialised.

extension ResponseFamily {
  /// The default is that of a family without closed forms.
  public static var isOfResiduals: Bool { false }
  /// Real numbers, or counts.
  public static var support: ResponseSupport { measure == .lebesgue ? .numbers : .counts }
  /// The default is false, so that successes are not taken for counts.
  public static var acceptsTrials: Bool { false }
  /// The default is false, so that units that nobody thought of are not confounded.
  public static var acceptsUnits: Bool { false }
  /// The default is false.
  public static var hasConstants: Bool { false }
  /// The default is false.
  public static var hasUnitCurvature: Bool { false }
  /// The default is false, so that steps are checked.
  public static var stepIsSafe: Bool { false }

  /// The name of the family with `Expert` for `Family`.
  public static var expertName: String {
    let name = partName
    return (name.hasSuffix("Family") ? String(name.dropLast("Family".count)) : name) + "Expert"
  }

  /// There are no closed forms.
  public func moments(_ predictor: UncertainPredictor, scale: Scale) -> (mean: Double, variance: Double)? { nil }

  /// One less the probability up to the value.
  public func exceedance(_ cell: ResponseCell, eta: Double, scale: Scale) -> Double {
    1 - cumulative(cell, eta: eta, scale: scale)
  }

  /// A count must be whole and not negative; of a real number nothing is asked.
  public func has(_ cell: ResponseCell) -> Bool {
    Self.measure == .lebesgue || (cell.value >= 0 && cell.value == cell.value.rounded())
  }

  /// A count must be whole and not negative; of a real number nothing is asked.
  public func check(_ response: DataSummary.Response, for model: (some Part).Type) throws {
    _ = try Self.measure.checked(on: response, for: model)
  }

  /// Of counts, that all are 0.
  public func extreme(of response: DataSummary.Response) -> String? {
    Self.measure == .counting && response.greatest == 0 ? "\(response.name) is 0 in every row" : nil
  }

  /// By ``expectedByQuadrature(_:mean:variance:scale:)``.
  @inlinable public func expected(_ cell: ResponseCell, mean: Double, variance: Double, scale: Scale) -> ExpectedScore {
    expectedByQuadrature(cell, mean: mean, variance: variance, scale: scale)
  }

  /// E ln p(y | η), E ∂ ln p / ∂η and −E ∂² ln p / ∂η² under η ~ N(mean, variance), from values of ln p alone: by a rule of Gauss and
  /// Hermite and Stein's identities, E t f(μ + σt) = σ E f′ and E (t² − 1) f = σ² E f″; by differences where the variance
  /// is next to nothing. Slope and curvature are over the scale's precision.
  @inlinable public func expectedByQuadrature(
    _ cell: ResponseCell, mean: Double, variance: Double, scale: Scale
  ) -> ExpectedScore {
    let factor = 1 / scale.precision
    if variance < 1e-7 {
      let step = 0x1p-8
      func value(_ steps: Double) -> Double { logDensity(cell, eta: mean + steps * step, scale: scale) }
      let (middle, near, far) = (value(0), (value(-1), value(1)), (value(-2), value(2)))
      let slope = (8 * (near.1 - near.0) - (far.1 - far.0)) / (12 * step)
      let curvature = (30 * middle - 16 * (near.0 + near.1) + far.0 + far.1) / (12 * step * step)
      return ExpectedScore(
        score: middle - 0.5 * variance * curvature, slope: factor * slope, curvature: factor * max(curvature, 0))
    }
    let (rule, deviation) = (GaussHermite.ruleForDerivatives(variance: variance), variance.squareRoot())
    var (score, slope, curvature) = (0.0, 0.0, 0.0)
    for q in rule.nodes.indices {
      let node = rule.nodes[q]
      let term = rule.weights[q] * logDensity(cell, eta: mean + deviation * node, scale: scale)
      score += term
      slope += term * node
      curvature -= term * (node * node - 1)
    }
    return ExpectedScore(
      score: score, slope: factor * slope / deviation, curvature: factor * max(curvature / variance, 0))
  }

  /// Row after row, by ``expected(_:mean:variance:scale:)``.
  @inlinable public func evaluate(
    _ response: ResponseRows, scale: Scale, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    for i in 0..<response.count {
      // Rounding may leave less than nothing of a small variance.
      let row = expected(response[i], mean: slopes[i], variance: max(scores[i], 0), scale: scale)
      scores[i] = row.score
      slopes[i] = row.slope
      if !curvatures.isEmpty { curvatures[i] = row.curvature }
    }
    for i in response.count..<scores.count {
      (scores[i], slopes[i]) = (0, 0)
      if !curvatures.isEmpty { curvatures[i] = 0 }
    }
    for i in terms.indices { terms[i] = 0 }
  }

  /// Leaves the zeros as they are.
  public func constants(of response: ResponseRows, into constants: inout MutableSpan<Double>) {}

  /// For a family of residuals mean and variance of the response less its offset, as for a line; for others η = 0 and a variance of 2.5², which
  /// is wide for the logarithm of a ratio (Gelman et al. 2008).
  public func start(for data: DataSummary) -> StartingPredictor {
    Self.isOfResiduals
      ? StartingPredictor(centre: data.explained.mean, variance: data.typicalVariance)
      : StartingPredictor(centre: 0, variance: 6.25)
  }
}

extension ResponseFamily {
  /// By the measure, and whether there are trials.
  public func startingValue(_ cell: ResponseCell) -> Double {
    guard Self.measure == .counting else { return cell.value }
    // A row of weight zero may hold anything.
    let successes = log(max(cell.value, 0) + 0.5)
    guard Self.acceptsTrials || Self.support == .yesOrNo else { return successes }
    return successes - log(max(cell.trials - cell.value, 0) + 0.5)
  }
}

extension ResponseFamily where Predicted == PredictedResponse<Self> {
  /// The mixture of the family's distributions over η, and over what is known of the scale.
  public func predicted(_ predictors: [UncertainPredictor], scale: Scale, unit: Double) throws -> [Predicted] {
    try PredictedResponse.all(self, predictors, scale: scale)
  }
}

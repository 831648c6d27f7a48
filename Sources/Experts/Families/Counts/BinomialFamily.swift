import Foundation
import GSL
import MixtureCore

/// Successes of n trials a row: y ~ Binomial(n, σ(η)).
public struct BinomialFamily: ResponseFamily {
  /// The family.
  public init() {}

  /// Probabilities of whole numbers.
  public static var measure: Measure { .counting }
  /// A value is a number of successes among trials.
  public static var acceptsTrials: Bool { true }
  /// There is a constant of each row, ln C(n, y).
  public static var hasConstants: Bool { true }

  /// A value must be whole, and not above its trials.
  public func has(_ cell: ResponseCell) -> Bool {
    cell.value >= 0 && cell.value <= cell.trials && cell.value == cell.value.rounded()
  }

  /// Values must be counts that do not exceed their trials, or 1 where rows have no trials.
  ///
  /// - Throws: `DataError`.
  public func check(_ response: DataSummary.Response, for model: (some Part).Type) throws {
    _ = try Measure.counting.checked(on: response, for: model)
    guard response.trials?.total != 0 else {
      throw DataError("no row of \(response.name) has a trial: all numbers of trials are 0")
    }
    guard response.trials == nil, let first = response.firstAboveOne else { return }
    throw DataError(
      row: first.row,
      "\(response.name) is \(first.text), but a \(model.partName) explains successes among trials, of which there is one in a row "
        + "unless the data say: give the numbers of trials (--trials, or cbind(successes, failures))")
  }

  /// That no trial is a success, or every one.
  public func extreme(of response: DataSummary.Response) -> String? {
    guard response.greatest > 0 else { return "no trial of \(response.name) is a success" }
    guard let trials = response.trials else {
      return response.least == 1 ? "\(response.name) is 1 in every row" : nil
    }
    return trials.firstFailure == nil ? "every trial of \(response.name) is a success" : nil
  }

  /// ln C(n, y) + y η − n ln(1 + exp η).
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    Self.logChoices(cell) + logisticDensity(cell, eta)
  }

  /// ln C(n, y) + y μ − n E ln(1 + exp η), slope y − n E σ(η) and curvature n E σ(η) σ(−η), by quadrature.
  public func expected(_ cell: ResponseCell, mean: Double, variance: Double, scale: Unscaled) -> ExpectedScore {
    var score = logisticScore(cell, mean: mean, variance: variance)
    score.score += Self.logChoices(cell)
    return score
  }

  /// Gradient y − n σ(η), information n σ(η) σ(−η).
  public func differentiate(
    _ cell: ResponseCell, eta: Double, scale: Unscaled, into derivatives: inout LikelihoodDerivatives
  ) {
    differentiateLogistic(cell, eta, into: &derivatives)
  }

  /// Slopes and curvatures of the scores, which are tight.
  public func differentiate(
    _ response: ResponseRows, means: [Double], variances: [Double], scale: Unscaled,
    into derivatives: inout TileDerivatives
  ) {
    differentiateByScores(response, means: means, variances: variances, scale: scale, into: &derivatives)
  }

  /// The same column by column, without ln C(n, y).
  public func evaluate(
    _ response: ResponseRows, scale: Unscaled, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    VectorKernels.scoreLogistic(
      response.values, trials: response.trials, scores: &scores, slopes: &slopes, curvatures: &curvatures)
  }

  /// The constant ln C(n, y) of each row.
  public func constants(of response: ResponseRows, into constants: inout MutableSpan<Double>) {
    for i in 0..<response.count { constants[i] = Self.logChoices(response[i]) }
  }

  /// The mean n σ(η).
  public func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { trials * logistic(eta) }

  /// The variance n σ(η) σ(−η).
  public func variance(eta: Double, trials: Double, scale: Unscaled) -> Double { trials * logistic(eta) * logistic(-eta) }

  /// The distribution function.
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    binomialProbabilities(upTo: cell.value, trials: cell.trials, probability: logistic(eta)).below
  }

  /// What is above, right in the upper tail, too.
  public func exceedance(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    binomialProbabilities(upTo: cell.value, trials: cell.trials, probability: logistic(eta)).above
  }

  /// A draw.
  public func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    Double(source.binomial(trials: Int(trials), probability: logistic(eta)))
  }

  /// ln of the odds of all trials, less the mean offset, and a variance of 2.5² (Gelman et al. 2008).
  public func start(for data: DataSummary) -> StartingPredictor {
    let response = data.responses[0]
    let offset = data.offset?.mean ?? 0
    let (yes, all) = (response.mean * data.totalWeight, response.trials?.total ?? data.totalWeight)
    return StartingPredictor(centre: log((yes + 0.5) / (all - yes + 0.5)) - offset, variance: 6.25)
  }

  private static func logChoices(_ cell: ResponseCell) -> Double {
    logFactorial(cell.trials) - logFactorial(cell.value) - logFactorial(cell.trials - cell.value)
  }
}

/// A logistic regression of successes among trials: y | x ~ Binomial(n, σ(o + wᵀx)).
///
/// exp of a coefficient is a ratio of odds. For a yes or no a row there is ``BernoulliExpert``.
public typealias BinomialExpert = Regression<BinomialFamily>

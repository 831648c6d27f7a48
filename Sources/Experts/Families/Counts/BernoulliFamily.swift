import Foundation
import GSL
import MixtureCore

/// Yes or no: y = 1 with probability σ(η) = 1 / (1 + exp(−η)), else 0.
public struct BernoulliFamily: ResponseFamily {
  /// The family.
  public init() {}

  /// Probabilities of 0 and 1.
  public static var measure: Measure { .counting }

  /// 0 and 1.
  public static var support: ResponseSupport { .yesOrNo }

  /// A value must be 0 or 1.
  public func has(_ cell: ResponseCell) -> Bool { cell.value == 0 || cell.value == 1 }

  /// Values must be 0 or 1, or two levels, of which the second is 1.
  ///
  /// - Throws: `DataError` that names the first row of another value, or the levels.
  public func check(_ response: DataSummary.Response, for model: (some Part).Type) throws {
    let explained = "but a \(model.partName) explains 0 and 1, no and yes"
    if let levels = response.levels {
      guard levels.count == 2 else {
        throw DataError(
          "\(response.name) has \(levels.count == 1 ? "one level" : "\(levels.count) levels"), \(levels.inSentence), \(explained): it must be one of two "
            + "in each row")
      }
      return
    }
    let faults = [response.firstNegative, response.firstNotWhole, response.firstAboveOne].compactMap(\.self)
    guard let first = faults.min(by: { $0.row < $1.row }) else { return }
    throw DataError(row: first.row, "\(response.name) is \(first.text), \(explained): \(advice(on: response))")
  }

  /// What to do about values that are neither 0 nor 1.
  private func advice(on response: DataSummary.Response) -> String {
    guard response.hasTwoValues else {
      return response.firstNegative == nil && response.isWhole
        ? "correct the row or leave it out; for counts there is a PoissonExpert (--family poisson), for successes among "
          + "trials a BinomialExpert (--family binomial)"
        : "correct the row or leave it out"
    }
    let (low, high) = (response.words(response.least), response.words(response.greatest))
    return
      "it is \(low) or \(high) in every row, so write 0 for \(low) and 1 for \(high), in a formula \(Self.formula(of: response)) ~ …, or two words, "
      + "of which the later one in the alphabet stands for 1"
  }

  /// What makes 0 and 1 of two numbers.
  private static func formula(of response: DataSummary.Response) -> String {
    let (least, width) = (response.least, response.greatest - response.least)
    let sum = least == 0 ? response.name : "\(response.name) \(least < 0 ? "+" : "-") \(response.words(abs(least)))"
    return width == 1 ? sum : "\(least == 0 ? sum : "(\(sum))") / \(response.words(width))"
  }

  /// That all are alike.
  public func extreme(of response: DataSummary.Response) -> String? {
    response.least == response.greatest ? "\(response.name) is \(response.words(response.least)) in every row" : nil
  }

  /// y η − ln(1 + exp η).
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double { logisticDensity(cell, eta) }

  /// y μ − E ln(1 + exp η), slope y − E σ(η) and curvature E σ(η) σ(−η), by quadrature: tight, unlike the bound of Jaakkola & Jordan (2000).
  public func expected(_ cell: ResponseCell, mean: Double, variance: Double, scale: Unscaled) -> ExpectedScore {
    logisticScore(cell, mean: mean, variance: variance)
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

  /// The same column by column.
  public func evaluate(
    _ response: ResponseRows, scale: Unscaled, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    VectorKernels.scoreLogistic(
      response.values, trials: nil, scores: &scores, slopes: &slopes, curvatures: &curvatures)
  }

  /// The probability σ(η) of yes.
  public func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { logistic(eta) }

  /// The variance σ(η) σ(−η).
  public func variance(eta: Double, trials: Double, scale: Unscaled) -> Double { logistic(eta) * logistic(-eta) }

  /// The probability σ(−η) from 0 up to 1.
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    cell.value < 0 ? 0 : cell.value < 1 ? logistic(-eta) : 1
  }

  /// The probability σ(η) from 0 up to 1.
  public func exceedance(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    cell.value < 0 ? 1 : cell.value < 1 ? logistic(eta) : 0
  }

  /// A draw.
  public func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    source.uniform() < logistic(eta) ? 1 : 0
  }

  /// ln of the odds of all rows, less the mean offset, and a variance of 2.5² (Gelman et al. 2008).
  public func start(for data: DataSummary) -> StartingPredictor {
    let response = data.responses[0]
    let offset = data.offset?.mean ?? 0
    let (yes, no) = (response.mean * data.totalWeight, (1 - response.mean) * data.totalWeight)
    return StartingPredictor(centre: log((yes + 0.5) / (no + 0.5)) - offset, variance: 6.25)
  }
}

/// A logistic regression: y | x is 1 with probability σ(o + wᵀx).
///
/// exp of a coefficient is a ratio of odds. For successes of several trials a row there is ``BinomialExpert``.
public typealias BernoulliExpert = Regression<BernoulliFamily>

/// σ(η) = 1 / (1 + exp(−η)).
func logistic(_ eta: Double) -> Double {
  let e = exp(-abs(eta))
  return eta >= 0 ? 1 / (1 + e) : e / (1 + e)
}

/// y η − n ln(1 + exp η).
func logisticDensity(_ cell: ResponseCell, _ eta: Double) -> Double {
  cell.value * eta - cell.trials * (max(eta, 0) + log1p(exp(-abs(eta))))
}

/// Gradient y − n σ(η), information n σ(η) σ(−η).
func differentiateLogistic(_ cell: ResponseCell, _ eta: Double, into derivatives: inout LikelihoodDerivatives) {
  derivatives.gradient[0] = cell.value - cell.trials * logistic(eta)
  derivatives[0, 0] = cell.trials * logistic(eta) * logistic(-eta)
}

/// y μ − n E ln(1 + exp η) with its derivatives.
func logisticScore(_ cell: ResponseCell, mean: Double, variance: Double) -> ExpectedScore {
  let (rule, deviation) = (GaussHermite.rule(forVariance: variance), variance.squareRoot())
  var result = ExpectedScore(score: 0, slope: cell.value, curvature: 0)
  for (node, weight) in zip(rule.nodes, rule.weights) {
    let eta = mean + deviation * node
    let probability = logistic(eta)
    result.score += weight * logisticDensity(cell, eta)
    result.slope -= weight * cell.trials * probability
    // −2 ∂s/∂v of the rule itself; of one node ∂²s/∂μ².
    let bend = deviation > 0 ? weight * node * probability / deviation : probability * logistic(-eta)
    result.curvature += cell.trials * bend
  }
  return result
}

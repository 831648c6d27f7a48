import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// What an expert knows of its noise precision β.
public struct NoiseScale: ResponseScale {
  /// What is known of β in the units of the fit. Where noise is shared, all experts hold the same.
  var precisionOfFit = NoisePrecision.value(1)
  /// N − γ of an estimated noise, as of the last update: the rows from which it is, less the coefficients that these determine. Nil where
  /// the noise is known, or has a distribution, or coefficients are points; and without a row.
  var restOfRows: Double?

  /// A precision of one.
  public init() {}

  init(_ precisionOfFit: NoisePrecision) { self.precisionOfFit = precisionOfFit }

  /// The mean precision E β.
  public var precision: Double { precisionOfFit.mean }

  /// A noise of precision E β.
  public var atMean: NoiseScale { NoiseScale(.value(precisionOfFit.mean)) }

  /// The same in other units, of which one is `unit` of the former.
  func scaled(by unit: Double) -> NoiseScale {
    var result = self
    result.precisionOfFit = precisionOfFit.scaled(by: 1 / (unit * unit))
    return result
  }

  /// Twice the shape of what is known of β.
  public var precisionFreedom: Double? { distributionOfFit.map { 2 * $0.shape } }

  /// What is known of β in the units of the fit. In ln β an estimated precision has the curvature of (a ln β − b β), the ELBO with q(w)
  /// at its best.
  var distributionOfFit: Gamma? {
    switch precisionOfFit {
    case .gamma(let distribution): distribution
    case .value(let precision):
      restOfRows.flatMap { try? Gamma(shape: 0.5 * $0, rate: 0.5 * $0 / precision) }
    }
  }

  /// The noise variance in the units of the data.
  func variance(unit: Double) -> Double { unit * unit / precisionOfFit.mean }

  /// The standard deviation of the noise.
  public func parameters(unit: Double) -> [ParameterEstimate] {
    [ParameterEstimate("noise sd", value: variance(unit: unit).squareRoot(), scale: .log)]
  }

  /// The fixed value of each expert, or the prior, or 1 / Var(y).
  public static func start(_ terms: NoiseTerms, expertCount: Int, estimate: Estimate, data: DataSummary) -> [NoiseScale] {
    let unit = data.units.responses[0]
    return (0..<expertCount).map { k in
      if let variance = terms.fixedVariances[k] { return NoiseScale(.value(unit * (unit / variance))) }
      if case .fixed(let variance) = terms.noise { return NoiseScale(.value(unit * (unit / variance))) }
      guard let prior = terms.prior else { return NoiseScale(.value(1 / data.typicalVariance)) }
      return NoiseScale(estimate == .variational ? .gamma(prior) : .value(prior.mean))
    }
  }

  /// KL(q(β) ‖ p(β)) of noise with a Gamma distribution: once if shared, else per expert.
  public static func divergence(of scales: [NoiseScale], _ terms: NoiseTerms) -> Double {
    let noises = terms.noise.isShared ? scales.prefix(1) : scales[...]
    return noises.reduce(0) { $0 + $1.precisionOfFit.divergence(from: terms.prior) }
  }

  /// −2 ln u of each noise precision that is a point under a Gamma prior, with u the unit of the response.
  public static func divergenceOfUnits(of scales: [NoiseScale], _ terms: NoiseTerms, unit: Double) -> Double {
    let isPoint = if case .value = scales[0].precisionOfFit { true } else { false }
    let noises = terms.prior == nil || !isPoint ? 0 : terms.noise.isShared ? 1 : scales.count
    return -2 * Double(noises) * log(unit)
  }

  /// The terms of the divergence of q(β), and the constants of the scores.
  public func cancellingTerms(_ terms: NoiseTerms, weight: Double) -> Double {
    precisionOfFit.cancellingTerms(from: terms.prior) + 0.5 * weight * (abs(precisionOfFit.meanLog) + log(2 * .pi))
  }

  /// 1/β = Σ r e / Σ r, over all experts where they share it; or q(β) under a Gamma prior.
  public static func update(
    _ scales: inout [NoiseScale], _ terms: NoiseTerms, estimate: Estimate, from sums: [ScaleSums]
  ) throws {
    countRestOfRows(&scales, terms, estimate: estimate, from: sums)
    if terms.noise.isShared {
      let precision = try terms.precision(
        weight: sums.reduce(0) { $0 + $1.weight }, squares: sums.reduce(0) { $0 + $1.expectedSquares },
        current: scales[0].precisionOfFit, estimate: estimate)
      for k in scales.indices { scales[k].precisionOfFit = precision }
    } else {
      for k in scales.indices where terms.fixedVariances[k] == nil {
        scales[k].precisionOfFit = try terms.precision(
          weight: sums[k].weight, squares: sums[k].expectedSquares, current: scales[k].precisionOfFit, estimate: estimate)
      }
    }
  }

  /// N − Σ_k γ_k of an estimated noise, with γ_k = E β tr(B_k Σ r x xᵀ) the coefficients that the rows determine, not the prior.
  private static func countRestOfRows(
    _ scales: inout [NoiseScale], _ terms: NoiseTerms, estimate: Estimate, from sums: [ScaleSums]
  ) {
    guard estimate == .variational, terms.isEstimated else { return }
    let isShared = terms.noise == .shared
    let rest = sums.map { $0.weight - $0.determinedCoefficients }
    for k in scales.indices {
      let count = isShared ? rest.reduce(0, +) : rest[k]
      let rows = isShared ? sums.reduce(0) { $0 + $1.weight } : sums[k].weight
      // Fewer rows than one tell nothing; and no more coefficients are determined than there are rows, but for rounding.
      scales[k].restOfRows = rows >= 1 && terms.fixedVariances[k] == nil ? max(count, leastRestOfRows) : nil
    }
  }

  /// What is left where rows determine as many coefficients as they are: next to nothing is known of the noise then.
  private static var leastRestOfRows: Double { 0.1 }
}

extension NoiseScale: Validatable {
  /// - Throws: `UnfitValue` unless precision and variance are positive and finite, and what is left of the rows is positive.
  public func validate() throws {
    let precision = precisionOfFit.mean
    try UnfitValue.check(
      "precisionOfFit", that: precision > 0 && precision.isFinite && 1 / precision > 0 && (1 / precision).isFinite,
      need: "\(precision) must be a finite number above 0, and so must the variance")
    if let restOfRows { try UnfitValue.checkPositive("restOfRows", number: restOfRows) }
  }
}

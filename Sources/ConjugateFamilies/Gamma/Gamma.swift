import Foundation
import GSL
import MixtureCore

/// The Gamma distribution with density bᵃ x^(a−1) exp(−b x) / Γ(a): shape a, rate b.
public struct Gamma: VariationalFactor {
  /// The shape a.
  public let shape: Double
  /// The rate b.
  public let rate: Double
  /// The mean logarithm E ln x = ψ(a) − ln b.
  public let meanLog: Double

  private let digammaOfShape: Double
  private let logGammaOfShape: Double

  /// The distribution with the given shape and rate.
  ///
  /// - Throws: `ArgumentError` unless both are positive and finite, and the shape is from 10⁻³⁰⁰ to 10³⁰⁰.
  public init(shape: Double, rate: Double) throws {
    try ArgumentError.requirePositive(shape, of: Gamma.self, argument: "shape")
    try ArgumentError.requirePositive(rate, of: Gamma.self, argument: "rate")
    // Beyond that ln Γ or ψ is out of the range of numbers.
    guard (1e-300...1e300).contains(shape) else {
      throw ArgumentError(Gamma.self, argument: "shape", value: shape, need: "from 1e-300 to 1e300")
    }
    self.shape = shape
    self.rate = rate
    digammaOfShape = try digamma(shape)
    logGammaOfShape = try logGamma(shape)
    meanLog = digammaOfShape - log(rate)
  }

  /// The distribution of `factor` times as much, a power of two.
  package func scaled(by factor: Double) -> Gamma {
    Gamma(shape: shape, rate: rate / factor, digammaOfShape: digammaOfShape, logGammaOfShape: logGammaOfShape)
  }

  private init(shape: Double, rate: Double, digammaOfShape: Double, logGammaOfShape: Double) {
    (self.shape, self.rate) = (shape, rate)
    (self.digammaOfShape, self.logGammaOfShape) = (digammaOfShape, logGammaOfShape)
    meanLog = digammaOfShape - log(rate)
  }

  /// The mean a / b.
  public var mean: Double { shape / rate }

  /// The variance a / b².
  public var variance: Double { shape / (rate * rate) }

  /// √a / b; in range also where the variance is not.
  public var standardDeviation: Double { shape.squareRoot() / rate }

  /// The entropy a − ln b + ln Γ(a) + (1 − a) ψ(a).
  public var entropy: Double { shape - log(rate) + logGammaOfShape + (1 - shape) * digammaOfShape }

  /// a ln b − ln Γ(a) + (a − 1) ln x − b x; −∞ unless x > 0.
  public func logDensity(at value: Double) -> Double {
    guard value > 0 else { return -.infinity }
    return shape * log(rate) - logGammaOfShape + (shape - 1) * log(value) - rate * value
  }

  /// (a − a₀) ψ(a) − ln Γ(a) + ln Γ(a₀) + a₀ ln(b / b₀) + a (b₀ − b) / b (Penny 2001).
  public func divergence(from prior: Gamma) -> Double {
    (shape - prior.shape) * digammaOfShape - logGammaOfShape + prior.logGammaOfShape
      + prior.shape * log(rate / prior.rate) + shape * (prior.rate - rate) / rate
  }

  /// The absolute values of the terms of the divergence.
  public func cancellingTerms(from prior: Gamma) -> Double {
    abs((shape - prior.shape) * digammaOfShape) + abs(logGammaOfShape) + abs(prior.logGammaOfShape)
      + abs(prior.shape * log(rate / prior.rate)) + shape * abs(prior.rate - rate) / rate
  }

  /// A draw, by Marsaglia & Tsang (2000).
  public func sample(using source: inout RandomSource) -> Double { source.gamma(shape: shape, rate: rate) }
}

extension Gamma {
  private enum CodingKeys: String, CodingKey { case shape, rate }

  /// Decodes shape and rate; the moments follow.
  ///
  /// - Throws: `DecodingError` for numbers that are not positive and finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let shape = try container.decode(Double.self, forKey: .shape)
    let rate = try container.decode(Double.self, forKey: .rate)
    self = try decoder.checking { try Gamma(shape: shape, rate: rate) }
  }

  /// Encodes the shape and the rate.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(rate, forKey: .rate)
  }
}

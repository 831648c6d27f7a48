import Foundation
import GSL
import MixtureCore

/// The Dirichlet distribution of a probability vector π, with density Γ(Σα) / Π Γ(α_k) · Π π_k^(α_k − 1).
public struct Dirichlet: VariationalFactor {
  /// The concentrations α_k.
  public let concentration: [Double]
  /// The standard deviations of the π_k: (m_k (1 − m_k) / (Σα + 1))^½, m being the means.
  public var standardDeviations: [Double] {
    let total = concentration.reduce(0, +)
    return concentration.map { ($0 * (total - $0) / (total + 1)).squareRoot() / total }
  }

  /// The mean logarithms E ln π_k = ψ(α_k) − ψ(Σα).
  public let meanLog: [Double]

  /// The logarithm of the normaliser, ln Γ(Σα) − Σ ln Γ(α_k).
  public let logNormalizer: Double

  /// The concentrations of which ln Γ and ψ are in the range of numbers, and those of their sum.
  package static let range = 1e-300...1e300

  /// The distribution with the given concentrations.
  ///
  /// - Throws: `ArgumentError` unless there is at least one and all are from 10⁻³⁰⁰ to 10³⁰⁰.
  public init(concentration: [Double]) throws {
    let total = concentration.reduce(0, +)
    guard !concentration.isEmpty, concentration.allSatisfy(Self.range.contains), total <= 1e303 else {
      throw ArgumentError(
        Dirichlet.self, argument: "concentration", value: concentration,
        need: "at least one number above 0, and all from \(Self.range.lowerBound) to \(Self.range.upperBound)")
    }
    self.concentration = concentration
    let digammaOfTotal = try digamma(total)
    meanLog = try concentration.map { try digamma($0) - digammaOfTotal }
    logNormalizer = try concentration.reduce(try logGamma(total)) { try $0 - logGamma($1) }
  }

  /// The means α_k / Σα.
  public var mean: [Double] {
    let total = concentration.reduce(0, +)
    return concentration.map { $0 / total }
  }

  /// The entropy −ln B⁻¹(α) − Σ (α_k − 1) E ln π_k.
  public var entropy: Double {
    -logNormalizer - zip(concentration, meanLog).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
  }

  /// ln Γ(Σα) − Σ ln Γ(α_k) + Σ (α_k − 1) ln π_k; a term with α_k = 1 is zero even where π_k is.
  public func logDensity(at value: [Double]) -> Double {
    precondition(value.count == concentration.count, "one probability a concentration")
    return zip(concentration, value).reduce(logNormalizer) { $0 + ($1.0 == 1 ? 0 : ($1.0 - 1) * log($1.1)) }
  }

  /// ln B⁻¹(α) − ln B⁻¹(μ) + Σ (α_k − μ_k) E ln π_k (Penny 2001).
  public func divergence(from prior: Dirichlet) -> Double {
    precondition(concentration.count == prior.concentration.count, "both distributions must have one dimension")
    return concentration.indices.reduce(logNormalizer - prior.logNormalizer) {
      $0 + (concentration[$1] - prior.concentration[$1]) * meanLog[$1]
    }
  }

  /// Σ |α_k − μ_k| |E ln π_k|, and about so much as the logarithms of the Gamma functions are large.
  public func cancellingTerms(from prior: Dirichlet) -> Double {
    let (own, others) = (concentration, prior.concentration)
    let ofGammas = (own + others + [own.reduce(0, +), others.reduce(0, +)]).reduce(0) { $0 + sizeOfLogGamma($1) }
    return own.indices.reduce(ofGammas) { $0 + abs((own[$1] - others[$1]) * meanLog[$1]) }
  }

  /// A probability vector: K Gamma draws of shapes α_k, divided by their sum.
  public func sample(using source: inout RandomSource) -> [Double] { source.dirichlet(concentration: concentration) }
}

/// What |ln Γ(x)| does not exceed by much: (x + 1) |ln x| + 1.
package func sizeOfLogGamma(_ x: Double) -> Double { (x + 1) * abs(log(x)) + 1 }

extension Dirichlet {
  private enum CodingKeys: String, CodingKey { case concentration }

  /// Decodes the concentrations; the moments follow.
  ///
  /// - Throws: `DecodingError` for numbers that are no concentrations.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let concentration = try container.decode([Double].self, forKey: .concentration)
    self = try decoder.checking { try Dirichlet(concentration: concentration) }
  }

  /// Encodes the concentrations.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(concentration, forKey: .concentration)
  }
}

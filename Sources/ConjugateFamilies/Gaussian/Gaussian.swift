import Foundation
import GSL
import MixtureCore

/// A multivariate normal law N(m, Λ⁻¹), held by its mean and the Cholesky factor of its precision Λ = L Lᵀ, which every
/// update yields and every formula needs.
public struct Gaussian: VariationalFactor {
  /// The mean m.
  public let mean: [Double]
  /// The factorised precision Λ.
  public let precision: Cholesky
  /// The covariance Λ⁻¹.
  public let covariance: Matrix

  /// N(mean, precision⁻¹). O(d³).
  public init(mean: [Double], precision: Cholesky) {
    precondition(mean.count == precision.order, "mean and precision must have one dimension")
    self.mean = mean
    self.precision = precision
    covariance = precision.inverse
  }

  /// N(mean, precision⁻¹). O(d³).
  ///
  /// - Throws: `GSLError` unless the precision is positive definite.
  public init(mean: [Double], precision: Matrix) throws {
    self.init(mean: mean, precision: try Cholesky(precision))
  }

  /// N(mean, covariance). O(d³).
  ///
  /// - Throws: `GSLError` unless the covariance is positive definite.
  public init(mean: [Double], covariance: Matrix) throws {
    try self.init(mean: mean, precision: Cholesky(covariance).inverse)
  }

  /// The number of dimensions, d.
  public var dimension: Int { mean.count }

  /// The square roots of the variances.
  public var standardDeviations: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// ½ d (1 + ln 2π) − ½ ln |Λ|.
  public var entropy: Double { 0.5 * (Double(dimension) * (1 + log(2 * .pi)) - precision.logDeterminant) }

  /// ½ ln |Λ| − ½ d ln 2π − ½ ‖Lᵀ (x − m)‖².
  public func logDensity(at value: [Double]) -> Double {
    0.5 * (precision.logDeterminant - Double(dimension) * log(2 * .pi) - precision.quadraticForm(difference(value, mean)))
  }

  /// ½ [tr(Λ_p B) + (m − m_p)ᵀ Λ_p (m − m_p) − d − ln |Λ_p| + ln |Λ|] with B the covariance of q (Bishop 2006, eq. B.49).
  public func divergence(from prior: Gaussian) -> Double {
    precondition(dimension == prior.dimension, "both laws must have one dimension")
    let logRatio = precision.logDeterminant - prior.precision.logDeterminant
    return 0.5
      * (prior.precision.traceOfProduct(with: covariance) - Double(dimension)
        + prior.precision.quadraticForm(difference(mean, prior.mean)) + logRatio)
  }

  /// m + L⁻ᵀ z with z standard normal.
  public func sample(using source: inout RandomSource) -> [Double] {
    let offset = precision.solveTransposed((0..<dimension).map { _ in source.gaussian() })
    return zip(mean, offset).map(+)
  }

  /// E (x − point)(x − point)ᵀ = B + (m − point)(m − point)ᵀ.
  public func secondMoment(about point: [Double]) -> Matrix {
    let offset = difference(mean, point)
    var moment = covariance
    for i in 0..<dimension { for j in 0..<dimension { moment[i, j] += offset[i] * offset[j] } }
    return moment
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(-) }
}

extension Gaussian {
  private enum CodingKeys: String, CodingKey { case mean, precisionFactor }

  /// Decodes the mean and the factor of the precision; the covariance follows.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mean = try container.decode([Double].self, forKey: .mean)
    let factor = try container.decode(Matrix.self, forKey: .precisionFactor)
    guard factor.rows == mean.count, factor.columns == mean.count, factor.diagonal.allSatisfy({ $0 > 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .precisionFactor, in: container, debugDescription: "not the factor of a precision for the mean")
    }
    self.init(mean: mean, precision: Cholesky(lower: factor))
  }

  /// Encodes m and the factor L of the precision, from which decoding recomputes the covariance.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(precision.lower, forKey: .precisionFactor)
  }
}

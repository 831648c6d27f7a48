import Foundation
import GSL
import MixtureCore

/// The distribution of the mean μ and the precision Λ of a multivariate normal distribution: Λ ~ Wishart(W, ν) and μ ~ N(m, (β Λ)⁻¹) given Λ, with
/// density N(μ | m, (β Λ)⁻¹) B(W, ν) |Λ|^((ν − d − 1) / 2) exp(−½ tr W⁻¹Λ) in d dimensions (Bishop 2006, section 10.2).
///
/// It is held by the Cholesky factor of W⁻¹, to which rows add: W⁻¹ is like a sum of squares of ν rows.
public struct NormalWishart: VariationalFactor {
  /// A mean and a precision.
  public struct Value: Sendable, Codable, Equatable {
    /// The mean μ.
    public var mean: [Double]
    /// The precision Λ.
    public var precision: Matrix

    /// A mean and a precision of as many rows.
    public init(mean: [Double], precision: Matrix) {
      self.mean = mean
      self.precision = precision
    }
  }

  /// Where the mean is expected, m.
  public let location: [Double]
  /// How many rows the knowledge of the mean is worth, β.
  public let meanPrecision: Double
  /// How many rows the knowledge of the precision is worth, ν.
  public let degreesOfFreedom: Double
  /// The factorised W⁻¹.
  public let inverseScale: Cholesky
  /// The mean logarithm E ln |Λ| = Σ_(i=1…d) ψ((ν + 1 − i) / 2) + d ln 2 − ln |W⁻¹|.
  public let meanLogDeterminant: Double

  /// ln B(W, ν) = ½ ν ln |W⁻¹| − ½ ν d ln 2 − ¼ d (d − 1) ln π − Σ_i ln Γ((ν + 1 − i) / 2).
  private let logNormalizer: Double
  /// ln Γ((ν + 1) / 2) − ln Γ((ν + 1 − d) / 2) + ½ ln (|W| (β / (π (1 + β)))ᵈ): ln of the predictive density at m.
  private let logPredictiveDensityAtLocation: Double

  /// The distribution with the given parameters. O(d³).
  ///
  /// - Throws: `ArgumentError` unless β > 0, ν > d − 1 and all numbers are finite.
  public init(location: [Double], meanPrecision: Double, degreesOfFreedom: Double, inverseScale: Cholesky) throws {
    let order = location.count
    guard order > 0, location.allSatisfy(\.isFinite) else {
      throw ArgumentError(
        NormalWishart.self, argument: "location", value: location, need: "at least one number, and all finite")
    }
    guard inverseScale.order == order else {
      throw ArgumentError(
        NormalWishart.self, argument: "inverseScale", value: "\(inverseScale.order) × \(inverseScale.order)",
        need: "\(order) × \(order), a row for each number of the location")
    }
    try ArgumentError.requirePositive(meanPrecision, of: NormalWishart.self, argument: "meanPrecision")
    guard degreesOfFreedom > Double(order - 1), degreesOfFreedom <= 1e300 else {
      throw ArgumentError(
        NormalWishart.self, argument: "degreesOfFreedom", value: degreesOfFreedom,
        need: "above \(order - 1), and at most 1e300")
    }
    self.location = location
    self.meanPrecision = meanPrecision
    self.degreesOfFreedom = degreesOfFreedom
    self.inverseScale = inverseScale
    let d = Double(order)
    let logDeterminant = inverseScale.logDeterminant
    let arguments = (0..<order).map { 0.5 * (degreesOfFreedom - Double($0)) }
    meanLogDeterminant = try arguments.reduce(d * log(2) - logDeterminant) { try $0 + digamma($1) }
    logNormalizer = try arguments.reduce(
      0.5 * degreesOfFreedom * (logDeterminant - d * log(2)) - 0.25 * d * (d - 1) * log(.pi)
    ) { try $0 - logGamma($1) }
    logPredictiveDensityAtLocation =
      try logGamma(0.5 * (degreesOfFreedom + 1)) - logGamma(0.5 * (degreesOfFreedom + 1 - d))
      + 0.5 * (d * (log(meanPrecision / (1 + meanPrecision)) - log(.pi)) - logDeterminant)
  }

  /// The distribution with the given parameters and W⁻¹ as a matrix. O(d³).
  ///
  /// - Throws: `ArgumentError` as the other initialiser, or unless W⁻¹ is positive definite.
  public init(location: [Double], meanPrecision: Double, degreesOfFreedom: Double, inverseScale: Matrix) throws {
    try self.init(
      location: location, meanPrecision: meanPrecision, degreesOfFreedom: degreesOfFreedom,
      inverseScale: Cholesky(inverseScale, NormalWishart.self, argument: "inverseScale"))
  }

  /// The number of dimensions, d.
  public var dimension: Int { location.count }

  /// The means E μ = m and E Λ = ν W.
  public var mean: Value { Value(mean: location, precision: degreesOfFreedom * inverseScale.inverse) }

  /// E Λ⁻¹ = W⁻¹ / (ν − d − 1); nil where ν is too small for it.
  public var meanCovariance: Matrix? {
    let surplus = degreesOfFreedom - Double(dimension) - 1
    return surplus > 0 ? (1 / surplus) * inverseScale.matrix : nil
  }

  /// ½ d (1 + ln 2π − ln β) − ½ E ln |Λ|, the mean entropy of μ given Λ, and −ln B(W, ν) − ½ (ν − d − 1) E ln |Λ| + ½ ν d.
  public var entropy: Double {
    let d = Double(dimension)
    return 0.5 * d * (1 + log(2 * .pi) - log(meanPrecision)) - logNormalizer
      - 0.5 * (degreesOfFreedom - d) * meanLogDeterminant + 0.5 * degreesOfFreedom * d
  }

  /// ln N(μ | m, (β Λ)⁻¹) + ln B(W, ν) + ½ (ν − d − 1) ln |Λ| − ½ tr W⁻¹Λ; −∞ where Λ is not positive definite.
  public func logDensity(at value: Value) -> Double {
    guard let precision = try? Cholesky(value.precision) else { return -.infinity }
    let d = Double(dimension)
    let ofMean =
      0.5
      * (d * log(meanPrecision / (2 * .pi)) + precision.logDeterminant
        - meanPrecision * precision.quadraticForm(zip(value.mean, location).map(-)))
    return ofMean + logNormalizer + 0.5 * (degreesOfFreedom - d - 1) * precision.logDeterminant
      - 0.5 * inverseScale.traceOfProduct(with: value.precision)
  }

  /// ½ [d (β₀/β − 1 − ln(β₀/β)) + β₀ ν (m − m₀)ᵀ W (m − m₀)] for the mean, and for the precision
  /// ln B(W, ν) − ln B(W₀, ν₀) + ½ (ν − ν₀) E ln |Λ| + ½ ν (tr W₀⁻¹W − d) (Penny 2001).
  public func divergence(from prior: NormalWishart) -> Double {
    precondition(dimension == prior.dimension, "both distributions must have one dimension")
    let d = Double(dimension)
    let ratio = prior.meanPrecision / meanPrecision
    let distance = prior.meanPrecision * degreesOfFreedom * squaredDistance(of: prior.location)
    let ofMean = 0.5 * (d * (ratio - 1 - log(ratio)) + distance)
    let trace = prior.inverseScale.traceOfProduct(with: inverseScale.inverse)
    return ofMean + logNormalizer - prior.logNormalizer
      + 0.5 * (degreesOfFreedom - prior.degreesOfFreedom) * meanLogDeterminant + 0.5 * degreesOfFreedom * (trace - d)
  }

  /// The absolute values of the terms of the divergence, those within the normalisers among them.
  public func cancellingTerms(from prior: NormalWishart) -> Double {
    let d = Double(dimension)
    func ofNormalizer(_ distribution: NormalWishart) -> Double {
      let logs = distribution.inverseScale.lower.diagonal.reduce(d * log(2)) { $0 + 2 * abs(log($1)) }
      return (0..<dimension).reduce(0.5 * distribution.degreesOfFreedom * logs) {
        $0 + sizeOfLogGamma(0.5 * (distribution.degreesOfFreedom - Double($1)))
      }
    }
    let trace = prior.inverseScale.traceOfProduct(with: inverseScale.inverse)
    let distance = prior.meanPrecision * degreesOfFreedom * squaredDistance(of: prior.location)
    return distance + d * (1 + prior.meanPrecision / meanPrecision) + ofNormalizer(self) + ofNormalizer(prior)
      + 0.5 * (degreesOfFreedom + prior.degreesOfFreedom) * abs(meanLogDeterminant) + 0.5 * degreesOfFreedom * (trace + d)
  }

  /// A draw: Λ = M Mᵀ with M = L⁻ᵀ A, L the factor of W⁻¹ and A lower triangular with A_ii² ~ χ²(ν + 1 − i) and normal numbers
  /// below (Bartlett 1933); then μ = m + β^(−½) M⁻ᵀ z with z standard normal.
  public func sample(using source: inout RandomSource) -> Value {
    var lower = Matrix(rows: dimension, columns: dimension)
    for i in 0..<dimension {
      for j in 0..<i { lower[i, j] = source.gaussian() }
      lower[i, i] = source.gamma(shape: 0.5 * (degreesOfFreedom - Double(i)), rate: 0.5).squareRoot()
    }
    var root = lower
    for j in 0..<dimension {
      let column = inverseScale.solveTransposed((0..<dimension).map { lower[$0, j] })
      for i in 0..<dimension { root[i, j] = column[i] }
    }
    let z = location.map { _ in source.gaussian() }
    let offset = inverseScale.lower * Cholesky(lower: lower).solveTransposed(z)
    let scale = 1 / meanPrecision.squareRoot()
    return Value(mean: zip(location, offset).map { $0 + scale * $1 }, precision: root * root.transposed)
  }
}

// MARK: The normal distribution of which it is the distribution of the parameters

extension NormalWishart {
  /// The squared distance (x − m)ᵀ W (x − m).
  public func squaredDistance(of point: [Double]) -> Double {
    let offset = zip(point, location).map(-)
    return dot(offset, inverseScale.solve(offset))
  }

  /// The mean log density E ln N(x | μ, Λ⁻¹) = ½ [E ln |Λ| − d ln 2π − d/β − ν (x − m)ᵀ W (x − m)].
  public func expectedLogDensity(of point: [Double]) -> Double {
    0.5
      * (meanLogDeterminant - Double(dimension) * (log(2 * .pi) + 1 / meanPrecision)
        - degreesOfFreedom * squaredDistance(of: point))
  }

  /// ln E N(x | μ, Λ⁻¹): Student's distribution about m with ν + 1 − d degrees of freedom, its density falling from that at m by the factor
  /// [1 + β/(1 + β) (x − m)ᵀ W (x − m)]^(−(ν + 1) / 2).
  public func logPredictiveDensity(of point: [Double]) -> Double {
    logPredictiveDensityAtLocation
      - 0.5 * (degreesOfFreedom + 1) * log1p(meanPrecision / (1 + meanPrecision) * squaredDistance(of: point))
  }

  /// The posterior distribution after rows x of weights r, of which the sums Σ r, Σ r x and Σ r x xᵀ are given: β + N, ν + N, the mean
  /// m′ = m + (Σ r x − N m) / (β + N), and W⁻¹ + Σ r (x − m′)(x − m′)ᵀ + β (m − m′)(m − m′)ᵀ.
  ///
  /// - Parameters:
  ///   - weight: Σ r.
  ///   - sums: Σ r x.
  ///   - products: Σ r x xᵀ.
  ///   - origin: from where the x of the sums are counted; zero if nil. Near the rows' mean nothing cancels.
  /// - Throws: `ArgumentError` where the sums are those of no rows.
  public func updated(
    weight: Double, sums: [Double], products: Matrix, about origin: [Double]? = nil
  ) throws -> NormalWishart {
    let precision = meanPrecision + weight
    let origin = origin ?? location.map { _ in 0 }
    let location = zip(location, origin).map(-)
    let mean = zip(location, sums).map { $0 + ($1 - weight * $0) / precision }
    let earlier = inverseScale.matrix
    let inverse = Matrix(symmetricOfOrder: dimension) { i, j in
      let scatter = products[i, j] - mean[i] * sums[j] - sums[i] * mean[j] + weight * mean[i] * mean[j]
      return earlier[i, j] + (scatter + meanPrecision * (location[i] - mean[i]) * (location[j] - mean[j]))
    }
    return try NormalWishart(
      location: zip(mean, origin).map(+), meanPrecision: precision, degreesOfFreedom: degreesOfFreedom + weight,
      inverseScale: inverse)
  }
}

extension NormalWishart {
  private enum CodingKeys: String, CodingKey { case location, meanPrecision, degreesOfFreedom, inverseScaleFactor }

  /// Decodes the parameters; the moments follow.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` unless the factor is lower triangular, of one row a dimension, with a positive diagonal, or where the
  ///   initialiser throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let location = try container.decode([Double].self, forKey: .location)
    let factor = try container.decode(Matrix.self, forKey: .inverseScaleFactor)
    let meanPrecision = try container.decode(Double.self, forKey: .meanPrecision)
    let degreesOfFreedom = try container.decode(Double.self, forKey: .degreesOfFreedom)
    self = try decoder.checking {
      try factor.validateFactor("inverseScaleFactor", order: location.count)
      return try NormalWishart(
        location: location, meanPrecision: meanPrecision, degreesOfFreedom: degreesOfFreedom,
        inverseScale: Cholesky(lower: factor))
    }
  }

  /// Encodes what decoding needs.
  ///
  /// - Parameter encoder: where to write to.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(location, forKey: .location)
    try container.encode(meanPrecision, forKey: .meanPrecision)
    try container.encode(degreesOfFreedom, forKey: .degreesOfFreedom)
    try container.encode(inverseScale.lower, forKey: .inverseScaleFactor)
  }
}

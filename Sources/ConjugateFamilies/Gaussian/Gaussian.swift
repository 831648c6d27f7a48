import Foundation
import GSL
import MixtureCore

/// A multivariate normal distribution N(m, Λ⁻¹), of which some coordinates may be fixed at their mean. It is held by its mean and the
/// Cholesky factor of its precision Λ = L Lᵀ over the free coordinates, which every update yields and every formula needs.
///
/// With no coordinate free it is a point mass. By convention fixed coordinates have no entropy, so that the ELBO of a model
/// of point masses is its log-likelihood plus the log densities of its priors.
public struct Gaussian: VariationalFactor {
  /// The mean m.
  public let mean: [Double]
  /// The coordinates that are not fixed, ascending.
  public let free: [Int]
  /// The factorised precision Λ of the free coordinates.
  public let precision: Cholesky
  /// The covariance B: Λ⁻¹ for the free coordinates, zero for the fixed ones.
  public let covariance: Matrix
  /// The square roots of the variances, zero where fixed; in range also where the variances are not.
  public let standardDeviations: [Double]

  /// N(mean, precision⁻¹) in the coordinates `free`, the others fixed at their mean. O(d³).
  public init(mean: [Double], free: [Int], precision: Cholesky) {
    precondition(free.count == precision.order, "one row of the precision a free coordinate")
    self.mean = mean
    self.free = free
    self.precision = precision
    // Λ⁻¹ may be out of range where its roots are not.
    let (inverse, units) = precision.inverseInUnits
    var deviations = [Double](repeating: 0, count: mean.count)
    for (a, i) in free.enumerated() { deviations[i] = inverse[a, a].squareRoot() / units[a] }
    standardDeviations = deviations
    var ofFree = inverse
    if units.contains(where: { $0 != 1 }) {
      for a in free.indices { for b in free.indices { ofFree[a, b] = ofFree[a, b] / units[a] / units[b] } }
    }
    covariance = ofFree.placed(at: free, order: mean.count)
  }

  /// N(mean, precision⁻¹). O(d³).
  public init(mean: [Double], precision: Cholesky) {
    self.init(mean: mean, free: Array(mean.indices), precision: precision)
  }

  /// N(mean, precision⁻¹). O(d³).
  ///
  /// - Throws: `ArgumentError` unless the precision is positive definite, and of a row for each number of the mean.
  public init(mean: [Double], precision: Matrix) throws {
    try Self.requireOrder(precision, of: mean, argument: "precision")
    self.init(mean: mean, precision: try Cholesky(precision, Gaussian.self, argument: "precision"))
  }

  /// N(mean, covariance). O(d³).
  ///
  /// - Throws: `ArgumentError` unless the covariance is positive definite, and of a row for each number of the mean.
  public init(mean: [Double], covariance: Matrix) throws {
    try Self.requireOrder(covariance, of: mean, argument: "covariance")
    try self.init(mean: mean, precision: Cholesky(covariance, Gaussian.self, argument: "covariance").inverse)
  }

  private static func requireOrder(_ matrix: Matrix, of mean: [Double], argument: String) throws {
    guard matrix.rows == mean.count, matrix.columns == mean.count else {
      throw ArgumentError(
        Gaussian.self, argument: argument, value: "\(matrix.rows) × \(matrix.columns)",
        need: "\(mean.count) × \(mean.count), a row for each number of the mean")
    }
  }

  /// All mass at one value.
  public init(point: [Double]) {
    self.init(mean: point, free: [], precision: Cholesky(identity: 0, scale: 1))
  }

  /// The number of dimensions, d.
  public var dimension: Int { mean.count }

  /// ½ f (1 + ln 2π) − ½ ln |Λ| with f free coordinates.
  public var entropy: Double { 0.5 * (Double(free.count) * (1 + log(2 * .pi)) - precision.logDeterminant) }

  /// ½ ln |Λ| − ½ f ln 2π − ½ ‖Lᵀ (x − m)‖² over the f free coordinates; −∞ if `value` leaves a fixed one.
  public func logDensity(at value: [Double]) -> Double {
    let offset = difference(value, mean)
    let freeOffset = free.map { offset[$0] }
    guard offset.count(where: { $0 != 0 }) == freeOffset.count(where: { $0 != 0 }) else { return -.infinity }
    return 0.5
      * (precision.logDeterminant - Double(free.count) * log(2 * .pi) - precision.quadraticForm(freeOffset))
  }

  /// E_q [ln q − ln prior] = ½ [tr(Λ_p B) + (m − m_p)ᵀ Λ_p (m − m_p) + d ln 2π − ln |Λ_p|] − entropy, for a prior without
  /// fixed coordinates (Bishop 2006, eq. B.49, if q has none either).
  public func divergence(from prior: Gaussian) -> Double {
    precondition(dimension == prior.dimension, "both distributions must have one dimension")
    precondition(prior.free.count == prior.dimension, "a prior with fixed coordinates has no density")
    // Pivot by pivot, where there are as many: the same in any units of the coordinates.
    let logRatio =
      free.count == dimension
      ? zip(precision.lower.diagonal, prior.precision.lower.diagonal).reduce(0) { $0 + 2 * log($1.0 / $1.1) }
      : precision.logDeterminant - prior.precision.logDeterminant
    let fixed = Double(dimension - free.count) * log(2 * .pi)
    return 0.5
      * (prior.precision.traceOfProduct(with: covariance) - Double(free.count) + fixed
        + prior.precision.quadraticForm(difference(mean, prior.mean)) + logRatio)
  }

  /// The terms of the trace, the dimensions, the logarithms of both determinants, and of each entry of Λ_p^½ (m − m_p) what it is the sum of.
  public func cancellingTerms(from prior: Gaussian) -> Double {
    let whitener = prior.precision.lower
    let logs = (precision.lower.diagonal + whitener.diagonal).reduce(0) { $0 + abs(log($1)) }
    let sizes = zip(mean, prior.mean).map { abs($0) + abs($1) }
    let offset = difference(mean, prior.mean)
    var distance = 0.0
    for j in 0..<dimension {
      var (entry, size) = (0.0, 0.0)
      for i in j..<(prior.precision.isDiagonal ? j + 1 : dimension) {
        entry += whitener[i, j] * offset[i]
        size += abs(whitener[i, j]) * sizes[i]
      }
      distance += abs(entry) * size
    }
    let precision = prior.precision.isDiagonal ? nil : prior.precision.matrix
    let trace =
      precision.map { zip($0.elements, covariance.elements).reduce(0) { $0 + abs($1.0 * $1.1) } }
      ?? prior.precision.traceOfProduct(with: covariance)
    return trace + Double(dimension) * log(2 * .pi) + logs + distance
  }

  /// m + L⁻ᵀ z with z standard normal, in the free coordinates.
  public func sample(using source: inout RandomSource) -> [Double] {
    let offset = precision.solveTransposed(free.map { _ in source.gaussian() })
    var value = mean
    for (a, i) in free.enumerated() { value[i] += offset[a] }
    return value
  }

  /// E (x − point)(x − point)ᵀ = B + (m − point)(m − point)ᵀ.
  public func secondMoment(about point: [Double]) -> Matrix {
    let offset = difference(mean, point)
    var moment = covariance
    for i in 0..<dimension { for j in 0..<dimension { moment[i, j] += offset[i] * offset[j] } }
    return moment
  }

  /// The diagonal of ``secondMoment(about:)``: O(d).
  func meanSquares(about point: [Double]) -> [Double] {
    zip(covariance.diagonal, difference(mean, point)).map { $0 + $1 * $1 }
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(-) }
}

extension Gaussian {
  private enum CodingKeys: String, CodingKey { case mean, free, precisionFactor }

  /// Decodes the mean, the free coordinates (all, if not given) and the factor of the precision; the covariance follows.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` unless the factor is lower triangular, of one row a free coordinate, with a positive diagonal, and all
  ///   moments are finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mean = try container.decode([Double].self, forKey: .mean)
    let free = try container.decodeIfPresent([Int].self, forKey: .free) ?? Array(mean.indices)
    let factor = try container.decode(Matrix.self, forKey: .precisionFactor)
    self = try decoder.checking {
      try UnfitValue.checkFinite("mean", numbers: mean)
      let isAscending = zip(free, free.dropFirst()).allSatisfy { $0 < $1 }
      try UnfitValue.check(
        "free", that: isAscending && free.allSatisfy(mean.indices.contains),
        need: "must be numbers of the \(mean.count) coordinates, counted from 0 and ascending")
      try factor.validateFactor("precisionFactor", order: free.count)
      let distribution = Gaussian(mean: mean, free: free, precision: Cholesky(lower: factor))
      try UnfitValue.at("precisionFactor") { try UnfitValue.checkFinite(nil, numbers: distribution.covariance.elements) }
      return distribution
    }
  }

  /// Encodes what decoding needs.
  ///
  /// - Parameter encoder: where to write to.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    if free.count < dimension { try container.encode(free, forKey: .free) }
    try container.encode(precision.lower, forKey: .precisionFactor)
  }
}

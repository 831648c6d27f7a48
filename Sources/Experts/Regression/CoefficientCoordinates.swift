import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// How coefficients are held: those of standardised features, about a centre of what they predict, and in its unit.
///
/// Coefficients in the units of the data, c, and those held, w, belong together as w = T c + t: w_j = scale_j unit_j / u · c_j and, with an
/// intercept, w_0 = c_0 / u + Σ_j centre_j unit_j / u · c_j − centre, where u is the unit.
///
/// With the intercept first, Tᵀ is lower triangular, so the Cholesky factor of a precision goes from one to the other,
/// L_c = Tᵀ L_w, without being factorised anew.
public struct CoefficientCoordinates: Sendable, Codable, Equatable {
  /// How features are centred and scaled.
  public var standardization: Standardization
  /// What is predicted where all coefficients are zero, in the unit; zero without an intercept.
  public var centre: Double
  /// The unit of what is predicted: for a line that of the response.
  public var unit: Double

  /// Coordinates for features that are standardised so.
  public init(_ standardization: Standardization, centre: Double = 0, unit: Double = 1) {
    (self.standardization, self.centre, self.unit) = (standardization, centre, unit)
  }

  /// Whether there is an intercept, which comes first.
  public var hasIntercept: Bool { standardization.hasIntercept }
  /// The number of coefficients.
  public var dimension: Int { standardization.dimension }

  private var centres: [Double] { standardization.centres }
  private var scales: [Double] { standardization.scales }
  private var units: [Double] { standardization.units }
}

extension CoefficientCoordinates: Validatable {
  /// Checks that the centre is a number, and the unit a power of two.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.checkMagnitude("centre", numbers: [centre])
    try ColumnUnits.validate("unit", units: [unit])
  }
}

extension CoefficientCoordinates {
  /// The distribution of the coefficients in the units of the data, intercept first, from that of the standardised ones. O(d²).
  public func original(_ distribution: Gaussian) -> Gaussian {
    let offset = hasIntercept ? 1 : 0
    var mean = distribution.mean
    for j in scales.indices where !mean.isEmpty { mean[j + offset] /= scales[j] }
    if hasIntercept && !mean.isEmpty {
      mean[0] += centre
      for j in scales.indices { mean[0] -= centres[j] * mean[j + 1] }
      mean[0] *= unit
    }
    // One after the other, for the ratio of the units may be out of range where the coefficient is not.
    for j in scales.indices where !mean.isEmpty { mean[j + offset] = mean[j + offset] / units[j] * unit }
    let factor = mapRows(of: distribution, interceptAfterwardsBy: 1 / unit) { j, first, row in
      (centres[j] * first + scales[j] * row) / unit * units[j]
    }
    return Gaussian(mean: mean, free: distribution.free, precision: Cholesky(lower: factor))
  }

  /// The distribution of the standardised coefficients, intercept first, from that of those in the units of the data. O(d²).
  public func standardized(_ distribution: Gaussian) -> Gaussian {
    let factor = mapRows(of: distribution, interceptBeforeBy: unit) { j, first, row in
      (row / units[j] * unit - centres[j] * first) / scales[j]
    }
    return Gaussian(mean: standardized(distribution.mean), free: distribution.free, precision: Cholesky(lower: factor))
  }

  /// The standardised coefficients, intercept first, from those in the units of the data. O(d).
  public func standardized(_ coefficients: [Double]) -> [Double] {
    let offset = hasIntercept ? 1 : 0
    var result = coefficients
    for j in scales.indices { result[j + offset] = coefficients[j + offset] * units[j] / unit }
    if hasIntercept {
      result[0] = coefficients[0] / unit - centre
      for j in scales.indices { result[0] += centres[j] * result[j + 1] }
    }
    for j in scales.indices { result[j + offset] *= scales[j] }
    return result
  }

  /// The map from coefficients in the units of the data to standardised ones.
  var coefficientMap: AffineMap {
    let offset = hasIntercept ? 1 : 0
    var matrix = Matrix.identity(dimension)
    var inverse = matrix
    var shift = [Double](repeating: 0, count: dimension)
    if hasIntercept { (matrix[0, 0], inverse[0, 0], shift[0]) = (1 / unit, unit, -centre) }
    for j in scales.indices {
      let ratio = units[j] / unit
      matrix[j + offset, j + offset] = scales[j] * ratio
      inverse[j + offset, j + offset] = 1 / scales[j] / ratio
      if hasIntercept {
        matrix[0, j + 1] = centres[j] * ratio
        inverse[0, j + 1] = -centres[j] / scales[j] * unit
      }
    }
    return AffineMap(matrix: matrix, inverse: inverse, offset: shift)
  }

  /// How coefficient `j` in the units of the data changes with the standardised ones, those left out on which it does not depend.
  func originalRow(_ j: Int) -> [(place: Int, slope: Double)] {
    let offset = hasIntercept ? 1 : 0
    guard hasIntercept, j == 0 else { return [(j, 1 / scales[j - offset] / units[j - offset] * unit)] }
    return [(0, unit)] + scales.indices.filter { centres[$0] != 0 }.map { ($0 + 1, -centres[$0] / scales[$0] * unit) }
  }

  /// ln of the unit of each coefficient in the fit: u / unit_j, or u of one that is standardised.
  func logUnits(areOriginal: Bool) -> [Double] {
    let ofIntercept = hasIntercept ? [log(unit)] : []
    return ofIntercept + units.map { log(unit) - (areOriginal ? log($0) : 0) }
  }

  /// The factor of the free coefficients' precision, with each row of a feature j replaced by a function of the intercept's
  /// row and its own, and the intercept's row multiplied before or afterwards. A fixed intercept has no row; features are not centred
  /// then.
  private func mapRows(
    of distribution: Gaussian, interceptBeforeBy before: Double = 1, interceptAfterwardsBy after: Double = 1,
    _ map: (Int, Double, Double) -> Double
  ) -> Matrix {
    var factor = distribution.precision.lower
    let offset = hasIntercept ? 1 : 0
    let interceptIsFree = hasIntercept && distribution.free.first == 0
    if interceptIsFree { factor[0, 0] *= before }
    for (row, coefficient) in distribution.free.enumerated() where coefficient >= offset {
      for column in 0...row {
        factor[row, column] = map(coefficient - offset, interceptIsFree ? factor[0, column] : 0, factor[row, column])
      }
    }
    if interceptIsFree { factor[0, 0] *= after }
    return factor
  }
}

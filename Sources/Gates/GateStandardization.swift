import GSL
import MixtureCore

/// Coefficients of standardised features, and those in the units of the data.
extension Standardization {
  /// The standardisation of what the gate sees.
  ///
  /// - Throws: `DataError` if there is neither a feature nor an intercept.
  init(ofGateFeatures data: DataSummary) throws {
    guard data.gateHasIntercept || !data.gateFeatures.isEmpty else {
      throw DataError("the gate sees neither features nor an intercept")
    }
    self.init(gateFeaturesOf: data, hasIntercept: data.gateHasIntercept)
  }

  /// What the coefficients of the given features are called, that of the intercept first where there is one.
  func coefficientNames(_ features: [String]) -> [String] { (hasIntercept ? ["(intercept)"] : []) + features }

  /// The rows of the map from standardised coefficients to those in the units of the data, the intercept's first.
  var originalRows: [[Double]] {
    let offset = hasIntercept ? 1 : 0
    let slopes = scales.indices.map { j in (0..<dimension).map { $0 == j + offset ? 1 / scales[j] / units[j] : 0 } }
    guard hasIntercept else { return slopes }
    return [[1] + scales.indices.map { -centres[$0] / scales[$0] }] + slopes
  }

  /// Coefficients in the units of the data, from standardised ones.
  func original(_ coefficients: [Double]) -> [Double] { originalRows.map { dot($0, coefficients) } }
}

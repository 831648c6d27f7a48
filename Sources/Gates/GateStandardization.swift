import MixtureCore

extension Standardization {
  /// Mean zero and standard deviation one for each of the gate's features that varies; without intercept only the scale.
  ///
  /// - Throws: `DataError` if there is neither a feature nor an intercept.
  init(ofGateFeatures data: DataSummary) throws {
    let (features, hasIntercept) = (data.gateFeatures, data.gateHasIntercept)
    guard hasIntercept || !features.isEmpty else { throw DataError("the gate sees neither features nor an intercept") }
    let scales = features.map { feature in
      if hasIntercept { return feature.isConstant ? 0 : feature.variance.squareRoot() }
      return (feature.variance + feature.mean * feature.mean).squareRoot()
    }
    self.init(
      centres: features.map { hasIntercept ? $0.mean : 0 }, scales: scales.map { $0 > 0 ? $0 : 1 }, responseCentre: 0,
      hasIntercept: hasIntercept)
  }
}

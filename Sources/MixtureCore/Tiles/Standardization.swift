/// How features are centred and scaled inside a part, for accurate sums: column j becomes (x − centre) / scale.
public struct Standardization: Sendable, Codable, Equatable {
  /// What is subtracted from each feature; zero without intercept, where centring would change the model.
  public var centres: [Double]
  /// What each feature is then divided by.
  public var scales: [Double]
  /// Whether a column of ones comes before the features.
  public var hasIntercept: Bool
  /// The units of the features, in which centres and scales are.
  public var units: [Double]

  /// A standardisation with given centres and scales, in the units of the data unless others are given.
  public init(
    centres: [Double], scales: [Double], hasIntercept: Bool, units: [Double]? = nil
  ) {
    precondition(centres.count == scales.count, "one centre and one scale a feature")
    self.units = units ?? centres.map { _ in 1 }
    self.centres = centres
    self.scales = scales
    self.hasIntercept = hasIntercept
  }

  /// Mean zero and standard deviation one for every feature that varies; without intercept only the scale.
  public init(_ data: DataSummary, hasIntercept: Bool) {
    self.init(data.features, hasIntercept: hasIntercept)
    units = data.units.features
  }

  /// The same for what the gate sees, over the assignments.
  public init(gateFeaturesOf data: DataSummary, hasIntercept: Bool) {
    self.init(data.gateFeatures, hasIntercept: hasIntercept)
    units = data.units.gateFeatures
  }

  private init(_ features: [DataSummary.Column], hasIntercept: Bool) {
    let spreads = features.map { feature in
      if hasIntercept { return feature.isConstant ? 0 : feature.standardDeviation }
      return (feature.variance + feature.mean * feature.mean).squareRoot()
    }
    self.init(
      centres: features.map { hasIntercept ? $0.mean : 0 }, scales: spreads.map { $0 > 0 ? $0 : 1 },
      hasIntercept: hasIntercept)
  }

  /// Whether both make the same columns of the features, whatever the units are called.
  func hasSameFeatures(as other: Standardization) -> Bool {
    centres == other.centres && scales == other.scales && hasIntercept == other.hasIntercept
  }

  /// The number of columns of the design: the features, and the intercept if there is one.
  public var dimension: Int { centres.count + (hasIntercept ? 1 : 0) }
}

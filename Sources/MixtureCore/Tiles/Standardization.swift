/// How features are centred and scaled inside a part, for accurate sums: column j becomes (x − centre) / scale.
public struct Standardization: Sendable, Codable, Equatable {
  /// What is subtracted from each feature; zero without intercept, where centring would change the model.
  public var centres: [Double]
  /// What each feature is then divided by.
  public var scales: [Double]
  /// What is subtracted from the response, less any offset; zero without intercept.
  public var responseCentre: Double
  /// Whether a column of ones comes before the features.
  public var hasIntercept: Bool
  /// The units of the features, in which centres and scales are.
  public var units: [Double]
  /// The unit of the response, in which its centre is.
  public var responseUnit: Double

  /// A standardisation with given centres and scales, in the units of the data unless others are given.
  public init(
    centres: [Double], scales: [Double], responseCentre: Double, hasIntercept: Bool, units: [Double]? = nil,
    responseUnit: Double = 1
  ) {
    precondition(centres.count == scales.count, "one centre and one scale a feature")
    self.units = units ?? centres.map { _ in 1 }
    self.responseUnit = responseUnit
    self.centres = centres
    self.scales = scales
    self.responseCentre = responseCentre
    self.hasIntercept = hasIntercept
  }

  /// Mean zero and standard deviation one for every feature that varies; without intercept only the scale.
  public init(_ data: DataSummary, hasIntercept: Bool) {
    self.init(data.features, responseCentre: hasIntercept ? data.explained.mean : 0, hasIntercept: hasIntercept)
    (units, responseUnit) = (data.units.features, data.units.responses[0])
  }

  /// The same for what the gate sees, over the assignments.
  public init(gateFeaturesOf data: DataSummary, hasIntercept: Bool) {
    self.init(data.gateFeatures, responseCentre: 0, hasIntercept: hasIntercept)
    units = data.units.gateFeatures
  }

  private init(_ features: [DataSummary.Column], responseCentre: Double, hasIntercept: Bool) {
    let spreads = features.map { feature in
      if hasIntercept { return feature.isConstant ? 0 : feature.standardDeviation }
      return (feature.variance + feature.mean * feature.mean).squareRoot()
    }
    self.init(
      centres: features.map { hasIntercept ? $0.mean : 0 }, scales: spreads.map { $0 > 0 ? $0 : 1 },
      responseCentre: responseCentre, hasIntercept: hasIntercept)
  }

  /// Whether both make the same columns of the features; what is subtracted from the response does not count.
  func hasSameFeatures(as other: Standardization) -> Bool {
    centres == other.centres && scales == other.scales && hasIntercept == other.hasIntercept
  }

  /// The number of columns of the design: the features, and the intercept if there is one.
  public var dimension: Int { centres.count + (hasIntercept ? 1 : 0) }
}

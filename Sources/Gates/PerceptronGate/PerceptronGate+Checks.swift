import MixtureCore

extension PerceptronGate {
  /// More weights between hidden layers, or units in one of them, would fill the memory before anybody noticed.
  static let (mostWeights, mostUnits) = (10_000_000, 100_000)

  /// Checks the hidden layers.
  ///
  /// - Throws: `UnfitValue` unless there is one, and each has a unit, but not too many.
  static func validate(hiddenUnits: [Int]) throws {
    try UnfitValue.check(
      "hiddenUnits", that: !hiddenUnits.isEmpty && hiddenUnits.allSatisfy((1...mostUnits).contains),
      need: "there must be a hidden layer, and from 1 to \(mostUnits) units in each, not \(hiddenUnits)")
    var weights = 0
    for (before, units) in zip(hiddenUnits, hiddenUnits.dropFirst()) where weights <= mostWeights {
      weights += before * units
    }
    try UnfitValue.check(
      "hiddenUnits", that: weights <= mostWeights, need: "there are more than \(mostWeights) weights between them")
  }

  /// Checks that there are as many weights as the layers need.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try Self.validate(hiddenUnits: hiddenUnits)
    try UnfitValue.checkNotNegative("penalty", number: penalty)
    try UnfitValue.check(
      "innerSteps", that: (1...Self.mostInnerSteps).contains(innerSteps),
      need: "\(innerSteps) must be from 1 to \(Self.mostInnerSteps)"
    )
    try UnfitValue.check(
      "expertCount", that: (0...parameters.count).contains(expertCount),
      need: "\(expertCount), but there are \(parameters.count) parameters")
    let needed = shape.layers[shape.output].range.upperBound
    try UnfitValue.checkCount("parameters", is: parameters.count, mustBe: needed, what: "the weights of all layers")
    try UnfitValue.checkMagnitude("parameters", numbers: parameters)
  }

  /// Checks that the weights of the first layer are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws {
    try standardization.validate(gateFeaturesOf: data, hasIntercept: hasBiases && data.gateHasIntercept)
  }
}

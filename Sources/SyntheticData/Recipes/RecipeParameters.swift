/// The parameters of a generator that is drawn by name. What is nil is as the recipe has it.
public struct RecipeParameters: Sendable, Codable, Equatable {
  /// The number of features, or of columns where there are no features.
  public var features: Int?
  /// The number of experts.
  public var experts: Int?
  /// How far experts lie apart: the standard deviation of what their parameters are drawn from.
  public var separation: Double?
  /// The standard deviation of the noise.
  public var noise: Double?
  /// How unequal constant weights are: they are drawn from Dir(1 / imbalance, …), and equal at zero.
  public var imbalance: Double?

  /// Parameters, all as the recipe has them unless given.
  public init(
    features: Int? = nil, experts: Int? = nil, separation: Double? = nil, noise: Double? = nil, imbalance: Double? = nil
  ) {
    self.features = features
    self.experts = experts
    self.separation = separation
    self.noise = noise
    self.imbalance = imbalance
  }

  /// The most features or experts: a thousand rows are in memory at a time.
  private static let most = 10_000

  /// - Throws: ``SyntheticDataError`` for numbers that make no sense.
  func validate() throws {
    func check<Value: Comparable>(_ parameter: String, _ value: Value?, _ need: String, _ fits: (Value) -> Bool) throws {
      if let value, !fits(value) { throw SyntheticDataError("\(parameter) must be \(need), not \(value)") }
    }
    try check("features", features, "from 1 to \(Self.most)") { (1...Self.most).contains($0) }
    try check("experts", experts, "from 1 to \(Self.most)") { (1...Self.most).contains($0) }
    try check("separation", separation, "a number, at least 0") { $0 >= 0 && $0.isFinite }
    try check("noise", noise, "a number above 0") { $0 > 0 && $0.isFinite }
    try check("imbalance", imbalance, "a number, at least 0") { $0 >= 0 && $0.isFinite }
  }
}

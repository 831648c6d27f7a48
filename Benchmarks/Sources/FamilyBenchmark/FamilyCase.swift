import Mixtures

/// A family, how its rows are drawn, and what its passes may take.
struct FamilyCase: Sendable {
  /// What the tables call it.
  var name: String
  /// How many times a pass of the normal family one of this may take; nil of the normal family.
  var limit: Double?
  /// The mean of η, and the standard deviations of an expert's intercept about it and of its slopes.
  var (centre, intercept, slope): (Double, Double, Double)
  /// How many trials a row has; nil where it has none.
  var trials: ClosedRange<Int>?
  /// How many rows share an expert, where one does not tell.
  var rowsOfGroup = 1
  /// A response of the family given η and the number of trials.
  var draw: @Sendable (_ eta: Double, _ trials: Int, _ source: inout RandomSource) -> Double
  /// So many experts of the family.
  var block: @Sendable (_ experts: Int, _ estimate: Estimate) -> any AnyBlock

  /// The families of the library, the normal one first.
  static let all = [
    FamilyCase(
      name: "normal", centre: 0, intercept: 4, slope: 4, draw: { eta, _, source in eta + source.gaussian() },
      block: { Block($0, LinearExpert(estimate: $1)) }),
    FamilyCase(
      name: "Student", limit: 2.5, centre: 0, intercept: 4, slope: 4,
      draw: { eta, _, source in eta + source.studentT(degreesOfFreedom: 4) },
      block: { Block($0, StudentExpert(estimate: $1)) }),
    FamilyCase(
      name: "Poisson", limit: 2.5, centre: 1.5, intercept: 1, slope: 0.4,
      draw: { eta, _, source in PoissonFamily().sample(eta: eta, trials: 1, scale: Unscaled(), using: &source) },
      block: { Block($0, PoissonExpert(estimate: $1)) }),
    FamilyCase(
      name: "binomial", limit: 4, centre: 0, intercept: 1, slope: 1, trials: 5...20,
      draw: { eta, trials, source in
        BinomialFamily().sample(eta: eta, trials: Double(trials), scale: Unscaled(), using: &source)
      },
      block: { Block($0, BinomialExpert(estimate: $1)) }),
    FamilyCase(
      name: "Bernoulli", limit: 4, centre: 0, intercept: 1, slope: 1, rowsOfGroup: 20,
      draw: { eta, _, source in BernoulliFamily().sample(eta: eta, trials: 1, scale: Unscaled(), using: &source) },
      block: { Block($0, BernoulliExpert(estimate: $1)) }),
  ]

  /// Rows of random experts of the family, with standard normal features.
  func rows(_ count: Int, features: Int, experts: Int, seed: UInt64) throws -> Observations {
    var source = RandomSource(seed: seed)
    let coefficients = (0..<experts).map { _ in
      [source.gaussian(mean: centre, standardDeviation: intercept)]
        + (0..<features).map { _ in source.gaussian(standardDeviation: slope) }
    }
    var columns = (0..<features).map { _ in [Double](repeating: 0, count: count) }
    var (response, numbersOfTrials) = ([Double](repeating: 0, count: count), [Double](repeating: 1, count: count))
    var expert = 0
    for i in 0..<count {
      if i % rowsOfGroup == 0 { expert = source.integer(below: experts) }
      var eta = coefficients[expert][0]
      for j in 0..<features {
        columns[j][i] = source.gaussian()
        eta += coefficients[expert][j + 1] * columns[j][i]
      }
      let n = trials.map { $0.lowerBound + source.integer(below: $0.count) } ?? 1
      numbersOfTrials[i] = Double(n)
      response[i] = draw(eta, n, &source)
    }
    return try Observations(
      features: columns.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) },
      responses: [("y", response)], trials: trials == nil ? [:] : ["y": numbersOfTrials],
      groups: rowsOfGroup == 1 ? nil : (0..<count).map { $0 / rowsOfGroup })
  }

  /// A mixture of so many experts of the family, with constant weights.
  func mixture(experts: Int, _ estimate: Estimate) throws -> MixtureModel {
    try MixtureModel(gate: DirichletGate(estimate: estimate), blocks: [block(experts, estimate)])
  }
}

import Foundation
import Mixtures
import Testing

/// Experts of one block are fitted on one set of terms, and say what these are.
@Suite struct TermsTests {
  @Test(arguments: [
    (LinearExpert(noise: .perExpert), "noise per expert, but the first has noise shared"),
    (LinearExpert(estimate: .maximumAPosteriori), "estimate map, but the first has estimate variational"),
    (LinearExpert(prior: GaussianPrior(covariance: .diagonal)), "prior diagonal"),
    (LinearExpert(prior: GaussianPrior(mean: .common)), "prior Cauchy about a common mean"),
    (LinearExpert(prior: FirmPrior()), "prior firm prior, but the first has prior Cauchy"),
    (LinearExpert(hasIntercept: false), "intercept no"), (LinearExpert(standardizes: false), "standardize no"),
    (
      LinearExpert(noise: .gamma(shape: 2), hasIntercept: false),
      "noise shared, with a Gamma distribution (shape 2), intercept no"
    ),
  ])
  func differentTermsAreRefused(other: LinearExpert, difference: String) throws {
    for (experts, number) in [([LinearExpert(), other], 2), ([LinearExpert(), LinearExpert(), other], 3)] {
      let error = #expect(throws: MixtureError.self) { try Block(experts) }
      let text = try #require(error).description
      #expect(text.hasPrefix("LinearExpert \(number) of a block has ") && text.contains(difference), "\(text)")
      #expect(text.hasSuffix("give it a block of its own"))
    }
    // Equal terms are no matter, and neither are others in another block.
    #expect(try Block([other, other]).count == 2)
    let mixture = try MixtureModel(gate: DirichletGate()) {
      Block(1, LinearExpert())
      try Block([other])
    }
    #expect(mixture.expertCount == 2)
  }

  @Test func termsThatDifferInNumbersOnlyAreRefused() throws {
    let priors = [1.0, 2].map { scale in
      LinearExpert(prior: GaussianPrior(covariance: .given(Matrix(diagonal: [scale, 1]))))
    }
    let error = #expect(throws: MixtureError.self) { try Block(priors) }
    #expect(try #require(error).description.contains("other numbers in its terms than the first"))
    #expect(throws: MixtureError.self) {
      try Block([FirmPrior(firmness: 1), FirmPrior(firmness: 2)].map { LinearExpert(prior: $0) })
    }
    #expect(throws: MixtureError.self) { try Block([LinearExpert]()) }
  }

  /// An expert of a user's own, with terms of its own.
  @Test func ownExpertsAreTold() async throws {
    #expect(throws: MixtureError.self) { try Block([LevelledExpert(width: 1), LevelledExpert(width: 2)]) }
    let table = try Table([("y", .numbers((0..<40).map { Double($0 % 2 == 0 ? $0 : 100 + $0) }))])
    var quick = FitOptions()
    quick.starts = 2
    let fit = try Mixture("y ~ 1", gate: HalvesGate()) {
      try Block([LevelledExpert(width: 5), LevelledExpert(width: 5)], named: "level")
    }.fitBlocking(table, options: quick)
    let report = FitReport(fit)
    #expect(report.experts.map(\.type) == ["LevelledExpert", "LevelledExpert"])
    #expect(report.experts.map(\.weight) == [0.5, 0.5])
    #expect(report.parameterNames == ["level"])
    #expect(report.model.contains("\nexperts: width = 5.0\nhalves gate: halves = equal"), "\(report.model)")
    #expect(fit.mixture.blocks[0].terms == [PartTerm("width", value: "5.0")])
    #expect(try fit.mixture.blocks[0].priors(for: fit.data) == [[], []])
  }
}

/// A prior that a user wrote, and that says nothing of itself.
struct FirmPrior: Prior {
  var firmness = 1.0
  private var dimension = 0

  init(firmness: Double = 1) { self.firmness = firmness }

  mutating func configure(for setting: PriorSetting) { dimension = setting.dimension }
  func distribution(ofExpert expert: Int) throws -> Gaussian? {
    try Gaussian(mean: Array(repeating: 0, count: dimension), precision: .identity(dimension, scale: firmness))
  }
  mutating func update(from posteriors: [Gaussian], active: [Bool]) {}
  func divergence(of posteriors: [Gaussian]) throws -> Double {
    try posteriors.reduce(0) { try $0 + $1.divergence(from: distribution(ofExpert: 0)!) }
  }
}

/// A mean with a variance that all of a block have, and that is moved out of the experts.
private struct LevelledExpert: LocalModel {
  struct Width: Codable, Equatable { var value: Double }

  var level = 0.0
  var width: Double?

  init(width: Double) { self.width = width }

  static func measures(of responses: [DataSummary.Response], for experts: [Self]) -> [Measure] { [.lebesgue] }
  var statisticsCount: Int { 2 }

  mutating func makeShared() -> Width {
    defer { width = nil }
    return Width(value: width ?? 1)
  }
  static func terms(sharing shared: Width) -> [PartTerm] { [PartTerm("width", value: "\(shared.value)")] }
  func parameters(for data: DataSummary) -> [ParameterEstimate] { [ParameterEstimate("level", value: level)] }

  typealias Prepared = [(level: Double, width: Double)]
  static func prepare(_ experts: [Self], sharing shared: Width) -> Prepared { experts.map { ($0.level, shared.value) } }
  static func expectedLogLikelihood(_ experts: Prepared, on tile: Tile, into scores: inout MutableSpan<Double>) {
    for (k, expert) in experts.enumerated() {
      for i in tile.rows {
        let distance = (tile.response[i] - expert.level) / expert.width
        scores[k * tile.capacity + i] = -0.5 * distance * distance
      }
    }
  }
  static func accumulate(
    _ experts: Prepared, on tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>
  ) {
    for k in experts.indices {
      for i in tile.rows {
        statistics[2 * k] += responsibilities[k * tile.capacity + i]
        statistics[2 * k + 1] += responsibilities[k * tile.capacity + i] * tile.response[i]
      }
    }
  }
  static func update(
    _ experts: inout [Self], sharing shared: inout Width, from statistics: Span<Double>, resum: Resum<Block<Self>>
  ) {
    for k in experts.indices where statistics[2 * k] > 0 { experts[k].level = statistics[2 * k + 1] / statistics[2 * k] }
  }
  static func divergence(of experts: [Self], sharing shared: Width) -> Double { 0 }
}

/// Equal weights, whatever the data.
private struct HalvesGate: Gate {
  var expertCount = 2
  var terms: [PartTerm] { [PartTerm("halves", value: "equal")] }
  var constantWeights: [Double]? { Array(repeating: 1 / Double(expertCount), count: expertCount) }
  var statisticsCount: Int { 0 }
  var divergence: Double { 0 }

  mutating func select(_ experts: [Int?]) { expertCount = experts.count }
  func parameters(for data: DataSummary) -> [[ParameterEstimate]] { [] }
  func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in 0..<(expertCount * tile.capacity) { scores[i] = -log(Double(expertCount)) }
  }
  func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogWeights(tile, into: &scores)
  }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) {}
}

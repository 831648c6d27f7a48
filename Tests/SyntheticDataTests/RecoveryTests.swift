import Foundation
import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// Every model of the package finds the parameters of its own generator.
///
/// Coefficients may be five posterior standard deviations off, and noise five of its asymptotic ones, σ / √2n (6 false alarms in 10⁷
/// each, some 10 a test). The excess log loss on unseen rows has the bound of `TruthScore.isRecovery` for 10⁻⁶. Weights that a fit has learned may be 0.1 off on the average.
@Suite struct RecoveryTests {
  /// Rows of a generator, and as many that are not shown to fits.
  struct Rows {
    let generator: any Generator
    let data: SyntheticDataSet
    let unseen: SyntheticDataSet
    let table: Table

    init(_ recipe: String, _ parameters: RecipeParameters = RecipeParameters(), count: Int = 1500, seed: UInt64 = 1) throws
    {
      generator = try Recipe(recipe).generator(parameters, seed: seed)
      data = try SyntheticDataSet(generator, rows: count, seed: seed)
      unseen = try SyntheticDataSet(generator, rows: count..<(2 * count), seed: seed)
      table = try data.table()
    }

    /// True weights of unseen rows.
    func weights() throws -> [[Double]] {
      var rows: [[Double]] = []
      try unseen.forEachBlock(threads: 1, { $0 }) { block in
        var terms = Matrix(rows: block.count, columns: generator.expertCount)
        generator.logWeights(block, into: &terms)
        rows += (0..<block.count).map { row in (0..<terms.columns).map { exp(terms[row, $0]) } }
      }
      return rows
    }
  }

  private var options: FitOptions {
    var options = FitOptions()
    options.starts = 2
    options.tolerance = .relative(1e-7)
    return options
  }

  /// The order of fitted experts in which their coefficients are nearest to the true ones; expects all to be near.
  private func matched(
    _ experts: [LinearExpert], _ truth: [[ParameterEstimate]], rows: Int, noiseIsKnown: Bool = false,
    slack: Double = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Int] {
    let order = truth.map { parameters -> Int in
      func distance(_ expert: LinearExpert) -> Double {
        zip(expert.coefficients.mean, parameters).reduce(0) { $0 + ($1.0 - $1.1.value) * ($1.0 - $1.1.value) }
      }
      return experts.indices.min { distance(experts[$0]) < distance(experts[$1]) } ?? 0
    }
    #expect(Set(order).count == truth.count, sourceLocation: sourceLocation)
    for (k, parameters) in zip(order, truth) {
      let distribution = experts[k].coefficients
      for ((mean, deviation), parameter) in zip(zip(distribution.mean, distribution.standardDeviations), parameters) {
        #expect(
          abs(mean - parameter.value) <= 5 * deviation + slack, "\(parameter), but \(mean) ± \(deviation)",
          sourceLocation: sourceLocation)
      }
      guard let noise = parameters.first(where: { $0.name == "noise sd" }) else { continue }
      // An expert has at least a tenth of the rows.
      let tolerance = 5 * noise.value / Double(2 * rows / 10).squareRoot()
      #expect(
        abs(experts[k].noiseVariance.squareRoot() - noise.value) <= tolerance, "\(noise)", sourceLocation: sourceLocation)
    }
    return order
  }

  private func truth(_ generator: any Generator) -> [[ParameterEstimate]] {
    (0..<generator.expertCount).map { generator.parameters(ofExpert: $0) }
  }

  /// Mean |π̂_k(x) − π_k(x)| over unseen rows.
  private func weightError(_ fit: FittedMixture, _ rows: Rows, _ order: [Int]) throws -> Double {
    let (found, weights) = (try fit.weights(rows.unseen.table()), try rows.weights())
    let sum = zip(found, weights).reduce(0) { sum, pair in
      order.enumerated().reduce(sum) { $0 + abs(pair.0[$1.element] - pair.1[$1.offset]) }
    }
    return sum / Double(found.count * order.count)
  }

  /// Whether the log density of a fit with so many parameters is near the truth's on unseen rows.
  private func hasSmallExcessLoss(_ fit: FittedMixture, _ rows: Rows, parameters: Int) throws -> Bool {
    try TruthScore(fit, unseen: rows.unseen)
      .isRecovery(fromRows: rows.data.rows.count, parameters: parameters, deviations: 4.75) ?? false
  }

  @Test(arguments: [
    LinearNoise.shared, .perExpert, .fixed(variance: 1), .gamma(shape: 1, rate: nil), .perExpertGamma(shape: 1, rate: nil),
  ])
  func linearExperts(noise: LinearNoise) async throws {
    let rows = try Rows("linear")
    let fit = try await Mixture("y ~ x1 + x2") { Block(3, LinearExpert(noise: noise)) }.fit(rows.table, options: options)
    let order = matched(fit.mixture.experts(of: LinearExpert.self), truth(rows.generator), rows: 1500)
    #expect(try weightError(fit, rows, order) < 0.1)
    #expect(try hasSmallExcessLoss(fit, rows, parameters: 14))
  }

  /// A gate, and the recipe whose weights are of its kind.
  enum Kind: String, CaseIterable {
    case stickBreaking = "linear", softmax = "linear+softmax", hierarchical = "linear+hierarchical"
    case perceptron = "linear+perceptron", gaussian = "linear+gaussian", membership = "linear+membership"

    func gate() throws -> any Gate {
      switch self {
      case .stickBreaking: try StickBreakingGate()
      case .softmax: try SoftmaxGate()
      case .hierarchical: try HierarchicalGate()
      case .perceptron: try PerceptronGate(hiddenUnits: [4], penalty: 0.1, innerSteps: 5)
      case .gaussian: try GaussianGate()
      case .membership: try MembershipGate()
      }
    }

    /// Those of the weights.
    var parameters: Int {
      switch self {
      case .stickBreaking: 2
      case .softmax, .hierarchical: 6
      case .perceptron: 22
      case .gaussian: 17
      case .membership: 10
      }
    }

    var formula: String { self == .membership ? "y ~ x1 + x2 | category" : "y ~ x1 + x2" }
  }

  @Test(arguments: Kind.allCases)
  func gates(kind: Kind) async throws {
    let rows = try Rows(kind.rawValue, count: 1000, seed: 2)
    var options = options
    options.starts = 1
    let fit = try await Mixture(kind.formula, gate: kind.gate()) { Block(3, LinearExpert(noise: .perExpert)) }
      .fit(rows.table, options: options)
    let order = matched(fit.mixture.experts(of: LinearExpert.self), truth(rows.generator), rows: 1000)
    #expect(try weightError(fit, rows, order) < 0.1)
    #expect(try hasSmallExcessLoss(fit, rows, parameters: 12 + kind.parameters))
  }

  /// With the labels of a tenth of the rows, experts are called by them.
  @Test func knownGate() async throws {
    let rows = try Rows("linear")
    let codes = try rows.data.assignments().enumerated().map { $0 % 10 == 0 ? $1 : 3 }
    var columns = try rows.table.columnNames.map { ($0, try rows.table.column($0)) }
    columns.append(("expert", .categories(levels: ["a", "b", "c", "?"], codes: codes)))
    let fit = try await Mixture("y ~ x1 + x2", labels: "expert") { Block(3, LinearExpert()) }
      .fit(Table(columns), options: options)
    let experts = try ["a", "b", "c"].map { try fit.expert($0, as: LinearExpert.self) }
    #expect(matched(experts, truth(rows.generator), rows: 1500) == [0, 1, 2])
  }

  /// Rows that follow a uniform distribution are taken by a background, whose normal distribution is about as wide: its share is off by what they differ in.
  @Test func backgroundExpert() async throws {
    let rows = try Rows("linear+contaminated:0.15", RecipeParameters(experts: 2))
    let fit = try await Mixture("y ~ x1 + x2") {
      Block(2, LinearExpert())
      Block(1, BackgroundExpert(), named: "background")
    }
    .fit(rows.table, options: options)
    let experts = fit.mixture.experts(of: LinearExpert.self)
    _ = matched(experts, Array(truth(rows.generator).prefix(2)), rows: 1500)
    let weight = try fit.weights(rows.table)[0][2]
    #expect(abs(weight - 0.15) < 0.08)
  }

  /// Rows of a group lie with one another: with little between experts, groups tell them apart.
  @Test func groupedRows() async throws {
    let rows = try Rows("linear+grouped:5", RecipeParameters(separation: 1.5))
    let fit = try await Mixture("y ~ x1 + x2", groups: "group") { Block(3, LinearExpert()) }
      .fit(rows.table, options: options)
    _ = matched(fit.mixture.experts(of: LinearExpert.self), truth(rows.generator), rows: 1500)
    let (shares, assignments) = (try fit.responsibilities(rows.table), try rows.data.assignments())
    let right = zip(shares, assignments).reduce(into: [[Int]](repeating: [0, 0, 0], count: 3)) { counts, row in
      counts[row.1][row.0.indices.max { row.0[$0] < row.0[$1] } ?? 0] += 1
    }
    let bayes = try BayesFigures(rows.data).assignmentError
    let wrong = 1 - Double(right.reduce(0) { $0 + ($1.max() ?? 0) }) / 1500
    #expect(wrong <= bayes.mean + 5 * (bayes.mean / 300).squareRoot() + 0.01)
  }

  /// Circles by regressions of x² + y². Noise of the radius is also noise of x and y, which biases coefficients by about σ².
  @Test func circles() async throws {
    let rows = try Rows("circles", RecipeParameters(noise: 0.05))
    let (x, y) = (try rows.table.numbers("x"), try rows.table.numbers("y"))
    let table = try Table([
      ("x", .numbers(x)), ("y", .numbers(y)), ("square", .numbers(zip(x, y).map { $0 * $0 + $1 * $1 })),
    ])
    let fit = try await Mixture("square ~ x + y") { Block(2, LinearExpert(noise: .perExpert)) }
      .fit(table, options: options)
    _ = matched(fit.mixture.experts(of: LinearExpert.self), truth(rows.generator), rows: 1500, slack: 0.02)
  }

  /// Irrelevant features have coefficients of zero.
  @Test func irrelevantFeatures() async throws {
    let rows = try Rows("linear+irrelevant:2")
    let fit = try await Mixture("y ~ .") { Block(3, LinearExpert()) }.fit(rows.table, options: options)
    let zeros = ["irrelevant1", "irrelevant2"].map { ParameterEstimate($0, value: 0) }
    let all = truth(rows.generator).map { $0.filter { $0.name != "noise sd" } + zeros }
    _ = matched(fit.mixture.experts(of: LinearExpert.self), all, rows: 1500)
    #expect(try hasSmallExcessLoss(fit, rows, parameters: 20))
  }

  /// Student's noise of six degrees of freedom, taken for normal noise: lines are still found.
  @Test func heavyTails() async throws {
    let rows = try Rows("linear+heavy-tails:6")
    let fit = try await Mixture("y ~ x1 + x2") { Block(3, LinearExpert()) }.fit(rows.table, options: options)
    _ = matched(fit.mixture.experts(of: LinearExpert.self), truth(rows.generator), rows: 1500)
  }
}

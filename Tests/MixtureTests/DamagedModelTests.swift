import DamagedFiles
import Foundation
import Mixtures
import Testing

/// Model files that somebody edited: what makes no sense is refused with the place and the need, all else can be used, and nothing
/// crashes, which would end the tests.
@Suite struct DamagedModelTests {
  /// Every change of every model takes minutes; a variable of the environment asks for it.
  private static let share = ProcessInfo.processInfo.environment["DAMAGED_FILES"].flatMap(Double.init) ?? 0.02

  @Test(arguments: SavedModel.all)
  func isRefusedOrUsed(model: SavedModel) async throws {
    let (file, temporary) = (try await model.file(), TemporaryModelFile())
    try file.write(to: temporary.url)
    try Self.use(FittedMixture(contentsOf: temporary.url))
    for mutation in file.mutations(share: Self.share, seed: 14) {
      try mutation.applied(to: file).write(to: temporary.url)
      do {
        try Self.use(FittedMixture(contentsOf: temporary.url))
      } catch let error {
        let text = "\(error)"
        #expect(text.utf8.count < 8000, "\(mutation.description): \(text.count) characters")
        #expect(
          error is FileError || error is DataError || error is MixtureError || error is GSLError,
          "\(mutation.description): \(text.prefix(500))")
      }
    }
  }

  /// Asks for all that there is to ask of a model, and goes on fitting it.
  private static func use(_ fit: FittedMixture) throws {
    let (table, report) = (try SavedModel.table(), FitReport(fit))
    _ = fit.description
    _ = (report.table, report.conclusion, report.model, try report.gate, try report.intervals(0.9), fit.warnings)
    let laws = try fit.predict(table)
    for law in laws { _ = (law.mean, law.variance, law.logDensity(at: 1), try? law.interval(0.9)) }
    _ = (try fit.weights(table), try fit.responsibilities(table))
    let rows = try fit.observations(table)
    _ = (try fit.mixture.logLikelihood(rows), try fit.mixture.logPredictiveDensity(rows))
    var options = FitOptions()
    (options.maximumPasses, options.threads) = (2, 1)
    _ = try fit.model.experts.fit(rows, from: .mixture(fit.mixture), options: options)
  }
}

/// A model of some gate, prior, noise and formula, fitted to a few rows.
struct SavedModel: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let make: @Sendable () throws -> Mixture

  private init(_ name: String, _ make: @escaping @Sendable () throws -> Mixture) { (testDescription, self.make) = (name, make) }

  /// The JSON of its file.
  func file() async throws -> JSON {
    var options = FitOptions()
    (options.restarts, options.maximumPasses, options.threads) = (1, 4, 1)
    let (fit, temporary) = (
      try await make().fit(Self.table(), from: .recipe(.localised), options: options), TemporaryModelFile()
    )
    try fit.write(to: temporary.url)
    return try JSON(contentsOf: temporary.url)
  }

  static let all: [SavedModel] = [
    SavedModel("dirichlet, isotropic") { try Mixture("y ~ x") { Experts(2, LinearExpert()) } },
    SavedModel("learned concentration, diagonal, background") {
      try Mixture("y ~ x", gate: DirichletGate(learningConcentrationWithin: 0.1...10)) {
        Experts(2, LinearExpert(prior: GaussianPrior(covariance: .diagonal, mean: .common), noise: .perExpert))
        Experts(1, BackgroundExpert(), named: "background")
      }
    },
    SavedModel("fixed weight and coefficient, maximum likelihood") {
      var gate = try DirichletGate(concentration: [1, 2, 3], estimate: .maximumLikelihood)
      try gate.fixWeight(ofExpert: 1, at: 0.2)
      var experts = Experts(3, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))
      experts.fix("x", ofExpert: 0, at: 1)
      experts.fixNoiseVariance(ofExpert: 1, at: 0.5)
      return try Mixture("y ~ x", gate: gate) { experts }
    },
    SavedModel("stick-breaking, full") {
      try Mixture("y ~ x + z", gate: StickBreakingGate()) {
        Experts(3, LinearExpert(prior: GaussianPrior(covariance: .full), noise: .gamma()))
      }
    },
    SavedModel("softmax, coupled means") {
      let coupling = try MeanCoupling(matrix: Matrix(diagonal: [1, 2]), coefficients: [0, 1])
      let prior = GaussianPrior(covariance: .fixed(variance: 4), mean: .coupled(coupling, startingAt: [[1, 0, 0]]))
      return try Mixture("y ~ x + z | x", gate: SoftmaxGate()) {
        Experts(2, LinearExpert(prior: prior, noise: .perExpertGamma(shape: 2, rate: 1)))
      }
    },
    SavedModel("softmax points, given prior") {
      let prior = GaussianPrior(covariance: .given(.identity(2, scale: 3)), mean: .given([[0, 1], [1, 0]]))
      return try Mixture("y ~ x | z", gate: SoftmaxGate(estimate: .maximumAPosteriori)) {
        Experts(2, LinearExpert(estimate: .maximumAPosteriori, prior: prior, noise: .fixed(variance: 0.7)))
      }
    },
    SavedModel("hierarchical, flat") {
      try Mixture("y ~ x | x + z", gate: HierarchicalGate(ExpertTree("((1,2),3)"))) {
        Experts(3, LinearExpert(estimate: .maximumLikelihood, prior: GaussianPrior(covariance: .flat)))
      }
    },
    SavedModel("perceptron") {
      try Mixture("y ~ x | x", gate: PerceptronGate(hiddenUnits: [2, 2])) { Experts(2, LinearExpert(hasIntercept: false)) }
    },
    SavedModel("gaussian gate") {
      try Mixture("y ~ x | x + z", gate: GaussianGate(clusters: ClusterPrior(degreesOfFreedom: 5))) {
        Experts(2, LinearExpert())
      }
    },
    SavedModel("membership") {
      try Mixture("y ~ x | g", gate: MembershipGate(concentration: .learned(within: nil))) { Experts(2, LinearExpert()) }
    },
    SavedModel("labels, softmax") {
      try Mixture("y ~ x | z", labels: "label", gate: SoftmaxGate()) { Experts(3, LinearExpert()) }
    },
    SavedModel("terms of all kinds, offset, weights, groups") {
      try Mixture(
        "y ~ poly(x, 2) + bs(z, df = 4) + g + log(e):x + offset(e) - 1", weights: "weight", groups: "group"
      ) { Experts(2, LinearExpert(prior: GaussianPrior(covariance: .isotropic, mean: .learned))) }
    },
    SavedModel("everything") { try Mixture("y ~ x * factor(k) + . - weight - group - label") { Experts(1, LinearExpert()) } },
  ]

  /// Thirty rows with columns of all kinds.
  static func table() throws -> Table {
    var source = RandomSource(seed: 3)
    let x = (0..<30).map { _ in source.gaussian() }
    let z = (0..<30).map { _ in source.uniform() }
    let codes = (0..<30).map { $0 / 3 % 3 }
    return try Table([
      ("y", .numbers((0..<30).map { (codes[$0] == 0 ? 1 : -1) * x[$0] + z[$0] + source.gaussian(standardDeviation: 0.3) })),
      ("x", .numbers(x)), ("z", .numbers(z)), ("g", .categories(levels: ["a", "b", "c"], codes: codes)),
      ("k", .numbers((0..<30).map { Double($0 % 2) })), ("e", .numbers(z.map { $0 + 1 })),
      ("weight", .numbers((0..<30).map { Double($0 / 3 % 2 + 1) })), ("group", .numbers((0..<30).map { Double($0 / 3) })),
      ("label", .categories(levels: ["near", "far", "?"], codes: (0..<30).map { $0 % 5 == 0 ? $0 % 2 : 2 })),
    ])
  }
}

/// A file in the temporary folder, as long as it is used.
final class TemporaryModelFile: Sendable {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
  deinit { try? FileManager.default.removeItem(at: url) }
}

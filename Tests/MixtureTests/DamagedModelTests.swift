import DamagedFiles
import Foundation
import GSL
import Mixtures
import Testing

/// Model files that somebody edited: what makes no sense is refused with the place and the need, all else can be used, and nothing
/// crashes, which would end the tests.
@Suite struct DamagedModelTests {
  /// Every change of every model takes minutes; a variable of the environment asks for it.
  private static let share = ProcessInfo.processInfo.environment["DAMAGED_FILES"].flatMap(Double.init) ?? 0.02

  /// Each change of the first model's file says where it is, and what must be there.
  @Test(arguments: [
    (0, "model.effectiveRows", "[]", "model › effectiveRows: 0 where there must be 2, one for each expert"),
    (0, "model.effectiveRows.1", "-1", "model › effectiveRows › [1]: -1.0 must be a finite number of at least 0"),
    (0, "model.elboTrace", "[]", "model › elboTrace: there must be one for each iteration, and at least one"),
    (
      0, "model.elboTrace.0.terms", "[]",
      "model › elboTrace › [0] › terms: must be of the data, LinearExpert, DirichletGate, units; there are none"
    ),
    (
      0, "model.stopReason", "\"gone\"",
      "model › stopReason: \"gone\" must be one of converged, iterationLimit, dropped, agreed; undo the change, or fit the model again"
    ),
    (
      0, "model.mixture.blocks.0.value.shared.scale.noise", "{}",
      "shared › scale › noise: must be an object with one key, its kind"
    ),
    (
      0, "model.mixture.gate", coded(GaussianPrior(covariance: .flat) as any Prior<Gaussian>),
      "model › mixture › gate › part: gaussian prior stands where there must be a gate; undo the change, or fit"
    ),
    (
      0, "model.mixture.blocks.0.value.shared.prior", coded(try DirichletGate() as any Gate),
      "shared › prior › part: dirichlet gate stands where there must be a prior"
    ),
    (
      0, "model.mixture.blocks.0.value.shared.estimate", "\"best\"",
      "estimate: \"best\" must be one of variational, ml, map"
    ),
    (0, "design.formula", "\"y ~ x + + z\"", "design › formula: expected a term, not +, at character 9; undo"),
    (
      1, "model.mixture.blocks.0.value.shared.scale.noise", "{\"gamma\":{\"shape\":0}}",
      "shared › scale › noise › shape: 0.0 must be"
    ),
    (1, gate + "concentration.learned.within", "[3, 1]", "learned › within: the first number must not be above the second"),
    (0, "format", "\"3\"", "format: must be a whole number; undo the change, or fit the model again"),
    (0, "format", "3.5", "format: must be a whole number"), (0, "format", "null", "format: must be a whole number"),
    (0, "format", "-1", "format: -1, but formats are numbered from 1"),
    (0, "model.data.responses", "[]", "model › data › responses: there must be one at least"),
    (0, "model.restarts.0.twin", "7", "model › restarts › [0] › twin: 7 is none of the 1 starts, counted from 0"),
    (
      0, "model.mixture.blocks.0.value.shared.units.features", "[3]",
      "shared › units: must be those of the coordinates"
    ),
    (0, "model.data.units.responses", "[-1]", "model › data › units › responses: must be powers of two"),
    (
      1, "model.mixture.blocks.1.value.experts.0.units.responses", "[0]",
      "value › experts › [0] › units: must be powers of two"
    ),
    (0, "model.options.threads", "-1", "model › options › threads: -1 must be at least 1"),
    (
      0, expert + "coordinates.standardization.centres", "[]",
      "blocks › [0] › value › experts › [1] › coordinates › standardization › scales: 1 where"
    ),
    (
      0, expert + "coordinates.standardization.scales.0", "0",
      "standardization › scales › [0]: 0.0 must be a finite number above 0"
    ),
    (
      0, expert + "coordinates.standardization.scales.0", "-1",
      "standardization › scales › [0]: -1.0 must be a finite number above 0"
    ),
    (
      0, expert + "coordinates.standardization.scales.0", "\"NaN\"",
      "standardization › scales › [0]: nan must be a finite number above 0"
    ),
    (0, expert + "posterior.mean", "[1]", "experts › [1] › posterior › precisionFactor: 2 × 2 where there must be 1 × 1"),
    (
      0, expert + "scale.precisionOfFit.value._0", "-4",
      "experts › [1] › scale › precisionOfFit: -4.0 must be a finite number above 0"
    ),
    (0, gate + "prior.concentration", "[1]", "gate › value › expertCount: 2, but prior and fixed weights are of 1"),
    (
      0, gate + "posterior.concentration", "[1]",
      "gate › value › posterior › concentration: 1 where there must be 2, as many"
    ),
    (0, gate + "posterior.concentration.0", "0", "gate › value › posterior: Dirichlet: concentration is [0.0, "),
    (0, gate + "expertCount", "1000000000", "gate › value › expertCount: 1000000000, but prior and fixed weights are of 2"),
    (0, "design.formula", "\"y ~ 1\"", "design: it makes the features , but the fit had x"),
    (0, "design.formula", "\"y ~ x - 1\"", "design › formula: the fit had an intercept"),
    (3, gate + "order", "[0, 0, 1]", "gate › value › order: must be the experts counted from 0, each of them once"),
    (4, gate + "node.dimension", "9000000000000000000", "gate › value › node › coefficients: 4, where 2 children of 9000"),
    (4, gate + "standardization.scales", "[1, 2]", "gate › value › standardization › scales: 2 where there must be 1"),
    (
      6, gate + "tree", "\"((1,2),(3,4))\"",
      "gate › value › nodes: 2 where there must be 3, one for each branch of the tree"
    ),
    (
      7, gate + "hiddenUnits.0", "9000000000000000000",
      "hiddenUnits: there must be a hidden layer, and from 1 to 100000 units"
    ),
    (8, gate + "features.indices", "[1, 0]", "features › indices: must be numbers of the 2 features, counted from 0 and"),
    (
      9, gate + "groupNames", "[\"a\"]",
      "gate › value › counts: 6 concentrations where there must be one for each of 1 groups and 2 experts"
    ),
    (10, gate + "places.0", "5", "gate › value › places › [0]: is not that of the column among the features"),
    (11, "design.variables.poly(x, 2).polynomials._0.scale", "0", "poly(x, 2) › polynomials › scale: 0.0 must be"),
    (
      11, "design.variables.bs(z, df = 4).splines.breakpoints", "[0, 1, 1]",
      "variables › bs(z, df = 4) › splines: B-splines"
    ),
  ])
  func saysWhatIsWrong(model: Int, place: String, value: String, message: String) async throws {
    let temporary = TemporaryModelFile()
    try (try await SavedModel.all[model].file()).replacing(place, by: JSON(value)).write(to: temporary.url)
    let error = #expect(throws: FileError.self) { try FittedMixture(contentsOf: temporary.url) }
    let text = error?.description ?? ""
    #expect(text.contains("a damaged model file: ") && text.contains(message), "\(text)")
  }

  /// A part as files have it.
  private static func coded<Kind: Sendable>(_ part: @autoclosure () throws -> Kind) -> String {
    guard let part = try? part(), let data = try? JSONEncoder.ofAllNumbers().encode(CodedByName(wrappedValue: part)) else {
      return "no part"
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// A name of which no part is registered says whose it is, and where it stands.
  @Test(arguments: [
    ("Gates.Foo", "is no part that this version knows: update the program, or undo the change"),
    ("Mine.Foo", "is a part of another program: read the file with one that registers it (PartRegistry)"),
  ])
  func unknownPartsHaveAPlace(name: String, text: String) async throws {
    let temporary = TemporaryModelFile()
    try (try await SavedModel.all[0].file()).replacing("model.mixture.gate.part", by: .string(name)).write(
      to: temporary.url)
    let error = #expect(throws: FileError.self) { try FittedMixture(contentsOf: temporary.url) }
    #expect(error?.description == "\(temporary.url.relativePath): model › mixture › gate › part: \"\(name)\" \(text)")
  }

  /// What nobody but a programmer of this package understands.
  private static var ofProgrammers: Regex<Substring> {
    #/GSL|CodingKeys|Optional\(|any [A-Z]|Self\.|› _[0-9]|\.swift|Cannot initialize|\\n/#
  }

  private static let expert = "model.mixture.blocks.0.value.experts.1."
  private static let gate = "model.mixture.gate.value."

  /// Deep brackets would exhaust the stack of whoever reads them by recursion.
  @Test func depthIsBounded() async throws {
    let deep = String(repeating: "(", count: 40_000)
    let tree = #expect(throws: ArgumentError.self) { try ExpertTree(deep) }
    #expect(tree?.description.contains("must be flatter: of at most 100 branches within each other") == true)
    #expect(tree?.description.count ?? 0 < 1100)
    let chain = (3...101).reduce("(1,2)") { "(\($0),\($1))" }
    #expect(try HierarchicalGate(ExpertTree(chain)).expertCount == 101)
    #expect(throws: ArgumentError.self) { try ExpertTree("(\(chain),102)") }
    #expect(throws: ArgumentError.self) {
      try HierarchicalGate((0..<101).reduce(.leaf(0)) { tree, k in .branch([tree, .leaf(k + 1)]) })
    }
    for text in ["y ~ " + deep, "y ~ log" + deep, "y ~ I(" + String(repeating: "-", count: 40_000), deep] {
      let formula = #expect(throws: FormulaError.self) { try Formula(text) }
      #expect(formula?.description.utf8.count ?? 0 < 4000)
    }
    let (file, temporary) = (try await SavedModel.all[6].file(), TemporaryModelFile())
    for (place, value) in [
      ("model.mixture.gate.value.tree", JSON.string(deep)), ("design.formula", .string("y ~ " + deep)),
      ("design", .raw(String(repeating: "[", count: 40_000))), ("model.mixture.gate", .raw(nestedGates(170))),
    ] {
      try file.replacing(place, by: value).write(to: temporary.url)
      let error = #expect(throws: FileError.self) { try FittedMixture(contentsOf: temporary.url) }
      #expect(error?.description.count ?? 0 < 1300)
    }
  }

  /// Gates of known rows, each the other gate of the one before.
  private func nestedGates(_ depth: Int) -> String {
    let head =
      #"{"part":"Gates.KnownGate","value":{"columns":["a","b","c"],"droppedColumns":[],"places":[],"otherPlaces":[],"base":"#
    return String(repeating: head, count: depth) + "null" + String(repeating: "}}", count: depth)
  }

  /// A mixture that no longer belongs to its fit is not written: nobody could read it.
  @Test func whatCannotBeReadIsNotWritten() async throws {
    var fit = try await Mixture("y ~ x") { Block(2, LinearExpert()) }.fit(SavedModel.table())
    try fit.mixture.drop("2")
    let temporary = TemporaryModelFile()
    let error = #expect(throws: FileError.self) { try fit.write(to: temporary.url) }
    #expect(error?.description.contains("not as a fit left it: model › effectiveRows: 2 where there must be 1") == true)
    #expect(!FileManager.default.fileExists(atPath: temporary.url.path))
  }

  /// A file that an older version wrote is refused by a sentence.
  @Test func olderFilesAreRefused() async throws {
    let temporary = TemporaryModelFile()
    try (try await SavedModel.all[0].file()).replacing("format", by: .number(4)).write(to: temporary.url)
    let error = #expect(throws: FileError.self) { try FittedMixture(contentsOf: temporary.url) }
    #expect(
      error?.description
        == "\(temporary.url.relativePath): format 4, which an older version wrote; this program reads format 5: fit the model again"
    )
  }

  @Test(arguments: SavedModel.all)
  func isRefusedOrUsed(model: SavedModel) async throws {
    let (file, temporary) = (try await model.file(), TemporaryModelFile())
    try file.write(to: temporary.url)
    try Self.use(FittedMixture(contentsOf: temporary.url))
    for mutation in file.mutations(share: Self.share, seed: 14) {
      try mutation.applied(to: file).write(to: temporary.url)
      do {
        try Self.use(FittedMixture(contentsOf: temporary.url), mutation.description)
      } catch let error {
        let text = "\(error)"
        #expect(text.utf8.count < 8000, "\(mutation.description): \(text.count) characters")
        #expect(
          error is FileError || error is DataError || error is MixtureError || error is ArgumentError,
          "\(mutation.description): \(text.prefix(500))")
        #expect(!text.contains(Self.ofProgrammers), "\(mutation.description): \(text.prefix(500))")
      }
    }
  }

  /// Asks for all that there is to ask of a model, and goes on fitting it.
  private static func use(_ fit: FittedMixture, _ change: String = "nothing") throws {
    let (table, report) = (try SavedModel.table(), FitReport(fit))
    _ = fit.description
    _ = (report.tables(intervals: true), report.conclusion, report.model, try report.gate, fit.warnings)
    let distributions = try fit.predict(table)
    #expect(distributions.allSatisfy { !$0.mean.isNaN && !$0.variance.isNaN }, "\(change): a prediction is no number")
    for distribution in distributions {
      _ = (distribution.mean, distribution.variance, distribution.logDensity(at: 1), try? distribution.interval(0.9))
    }
    _ = (try fit.weights(table), try fit.responsibilities(table))
    let rows = try fit.observations(table)
    _ = (try fit.mixture.logLikelihood(rows), try fit.mixture.logPredictiveDensity(rows))
    var options = FitOptions()
    (options.maximumIterations, options.threads) = (2, 1)
    // That experts start equal, or that a bound is no number, is no crash.
    do { _ = try fit.model.parts.fitBlocking(rows, from: .mixture(fit.mixture), options: options) } catch is MixtureError {}
  }
}

/// A model of some gate, prior, noise and formula, fitted to a few rows.
struct SavedModel: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let make: @Sendable () throws -> Mixture

  private init(_ name: String, _ make: @escaping @Sendable () throws -> Mixture) {
    (testDescription, self.make) = (name, make)
  }

  /// The JSON of its file.
  func file() async throws -> JSON {
    var options = FitOptions()
    (options.starts, options.maximumIterations, options.threads) = (1, 4, 1)
    let (fit, temporary) = (
      try await make().fit(Self.table(), from: .recipe(.localised), options: options), TemporaryModelFile()
    )
    try fit.write(to: temporary.url)
    return try JSON(contentsOf: temporary.url)
  }

  static let all: [SavedModel] = [
    SavedModel("dirichlet, isotropic") { try Mixture("y ~ x") { Block(2, LinearExpert()) } },
    SavedModel("learned concentration, diagonal, background") {
      try Mixture("y ~ x", gate: DirichletGate(learningConcentrationWithin: 0.1...10)) {
        Block(2, LinearExpert(prior: GaussianPrior(covariance: .diagonal, mean: .common), noise: .perExpert))
        Block(1, BackgroundExpert(), named: "background")
      }
    },
    SavedModel("fixed weight and coefficient, maximum likelihood") {
      var gate = try DirichletGate(concentration: [1, 2, 3], estimate: .maximumLikelihood)
      try gate.fixWeight(ofExpert: 1, at: 0.2)
      var experts = Block(3, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))
      experts.fix("x", ofExpert: 0, at: 1)
      experts.fixNoiseVariance(ofExpert: 1, at: 0.5)
      return try Mixture("y ~ x", gate: gate) { experts }
    },
    SavedModel("stick-breaking, full") {
      try Mixture("y ~ x + z", gate: StickBreakingGate()) {
        Block(3, LinearExpert(prior: GaussianPrior(covariance: .full), noise: .gamma()))
      }
    },
    SavedModel("softmax, coupled means") {
      let coupling = try MeanCoupling(matrix: Matrix(diagonal: [1, 2]), coefficients: [0, 1])
      let prior = GaussianPrior(covariance: .fixed(variance: 4), mean: .coupled(coupling, startingAt: [[1, 0, 0]]))
      return try Mixture("y ~ x + z | x", gate: SoftmaxGate()) {
        Block(2, LinearExpert(prior: prior, noise: .perExpertGamma(shape: 2, rate: 1)))
      }
    },
    SavedModel("softmax points, given prior") {
      let prior = GaussianPrior(covariance: .given(.identity(2, scale: 3)), mean: .given([[0, 1], [1, 0]]))
      return try Mixture("y ~ x | z", gate: SoftmaxGate(estimate: .maximumAPosteriori)) {
        Block(2, LinearExpert(estimate: .maximumAPosteriori, prior: prior, noise: .fixed(variance: 0.7)))
      }
    },
    SavedModel("hierarchical, flat") {
      try Mixture("y ~ x | x + z", gate: HierarchicalGate(ExpertTree("((1,2),3)"))) {
        Block(3, LinearExpert(estimate: .maximumLikelihood, prior: GaussianPrior(covariance: .flat)))
      }
    },
    SavedModel("perceptron") {
      try Mixture("y ~ x | x", gate: PerceptronGate(hiddenUnits: [2, 2])) { Block(2, LinearExpert(hasIntercept: false)) }
    },
    SavedModel("gaussian gate") {
      try Mixture("y ~ x | x + z", gate: GaussianGate(clusters: ClusterPrior(degreesOfFreedom: 5))) {
        Block(2, LinearExpert())
      }
    },
    SavedModel("membership") {
      try Mixture("y ~ x | g", gate: MembershipGate(concentration: .learned(within: nil))) { Block(2, LinearExpert()) }
    },
    SavedModel("labels, softmax") {
      try Mixture("y ~ x | z", labels: "label", gate: SoftmaxGate()) { Block(3, LinearExpert()) }
    },
    SavedModel("terms of all kinds, offset, weights, groups") {
      try Mixture(
        "y ~ poly(x, 2) + bs(z, df = 4) + g + log(e):x + offset(e) - 1", rowWeights: "weight", groups: "group"
      ) { Block(2, LinearExpert(prior: GaussianPrior(covariance: .isotropic, mean: .learned))) }
    },
    SavedModel("everything") {
      try Mixture("y ~ x * factor(k) + . - weight - group - label") { Block(1, LinearExpert()) }
    },
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

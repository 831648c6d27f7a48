import ArgumentParser
import Foundation
import Mixtures

/// `mixtures fit`: a mixture of linear models from a CSV file.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a mixture of linear models to a CSV file.",
    discussion: """
      Example: mixtures fit tonedata.csv --target tuned --features stretchratio --experts 2

      Numbers are in the units of the data. Exit codes: 0 success, 64 usage, 65 bad data, 70 internal error, 73 a file cannot be written.
      """)

  @Argument(
    help: ArgumentHelp(
      "The data: CSV with a header (commas, semicolons or tabs), - for standard input, or a NumPy file.",
      valueName: "DATA.csv"))
  var data: String

  @Option(
    help: ArgumentHelp(
      "The response and the terms of the experts in R's language: \"y ~ x + I(x^2) + factor(g)\".", valueName: "FORMULA"))
  var formula: String?

  @Option(help: "The column to predict, instead of a formula.")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "The features, separated by commas, of numbers or categories (default: all other columns).", valueName: "a,b"))
  var features: FeaturesArgument?

  @Flag(help: "Leave out rows with missing cells (NA or empty) in the columns that are used, and say how many.")
  var dropMissing = false

  @Option(help: ArgumentHelp("The number of experts.", valueName: "K"))
  var experts = 2

  @Option(
    help: ArgumentHelp(
      """
      The noise: shared, per-expert, fixed:VARIANCE, gamma[:SHAPE,RATE] or per-expert-gamma[:SHAPE,RATE]. A Gamma prior \
      is of the precision; without numbers, SHAPE is 1 and RATE is 0.01 times the variance of the target.
      """, valueName: "noise"))
  var noise = NoiseArgument(argument: "shared")!

  @Option(
    help: ArgumentHelp(
      """
      What is sought: variational (posterior laws), ml (maximum likelihood: point estimates, flat priors) or map (point \
      estimates under the priors).
      """, valueName: "variational|ml|map"))
  var estimate = Estimate.variational

  @Option(
    help: ArgumentHelp(
      """
      The prior covariance of the coefficients, intercept included: flat, fixed:VARIANCE, or learned for each expert: \
      isotropic, ard (diagonal) or full.
      """, valueName: "prior"))
  var prior = PriorArgument(argument: "isotropic")!

  @Option(
    help: ArgumentHelp(
      """
      The prior mean of the coefficients: zero, learned for each expert, common to all, or a table with one row for each \
      expert (or one for all), the intercept first, no header.
      """, valueName: "zero|learned|common|FILE.csv"))
  var priorMean = "zero"

  @Option(
    help: ArgumentHelp(
      """
      Learn the prior means, drawn together by the variance XI of their differences, one for all coefficients or one each; of \
      the features named only, (intercept) among them. They start at --prior-mean, which must be zero or a table.
      """, valueName: "XI[,XI…][:features]"))
  var couple: CouplingArgument?

  @Option(
    help: ArgumentHelp(
      "The Dirichlet prior of the weights: one number for all experts, or one each.", valueName: "MU[,MU…]"))
  var concentration = ConcentrationArgument(argument: "1")!

  @Flag(help: "Leave out the intercept.")
  var noIntercept = false

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      The start: random responsibilities, localised (nearest of random rows), kmeans, planes (through n + 1 random rows), \
      mixed (all of these for a few passes, of which the best go on), a table of responsibilities with a row for each row \
      of data and no header, or a model fitted before.
      """, valueName: "mixed|random|localised|kmeans|planes|FILE.csv|model.json"))
  var start = "mixed"

  @Flag(help: "Anneal each start first: 30 passes with flattened responsibilities, so that its details matter less.")
  var anneal = false

  @Flag(help: "Take plain passes only: never extrapolate from one to the next. The bound rises either way.")
  var noAcceleration = false

  @Option(help: ArgumentHelp("The number of starts that are fitted to the end; the best one is kept.", valueName: "R"))
  var restarts = FitOptions().restarts

  @Option(help: ArgumentHelp("The most passes over the data of one start.", valueName: "N"))
  var iterations = FitOptions().maximumPasses

  @Option(
    help: ArgumentHelp(
      "Stop when a pass changes the bound by at most this fraction of it; 0 runs to the limit.", valueName: "T"))
  var tolerance = 1e-10

  @Option(help: ArgumentHelp("The seed of all randomness.", valueName: "S"))
  var seed = FitOptions().seed

  @Option(
    help: ArgumentHelp("The number of threads; it does not change the result (default: all).", valueName: "T"))
  var threads: Int?

  @Flag(help: "Let a learned prior see the coefficients as they are, not those of standardized features.")
  var noStandardize = false

  @Option(help: ArgumentHelp("The column of row weights.", valueName: "COL"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A column that is added to what each row's experts predict, with no coefficient, like offset(COL) in a formula.",
      valueName: "COL"))
  var offset: String?

  @Option(
    help: ArgumentHelp("Write the fitted model, for predict, describe and --init.", valueName: "model.json"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the responsibilities: a row for each row of data, a column for each expert.", valueName: "OUT.csv"))
  var responsibilities: String?

  @Option(
    help: ArgumentHelp(
      "The column whose equal values share one assignment: the log-likelihoods of a group's rows add, and the weights count groups.",
      valueName: "COL"))
  var group: String?

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(help: "Print no progress and no settings.")
  var quiet = false

  func validate() throws {
    guard (formula == nil) != (target == nil) else {
      throw ValidationError("give the response by --formula or by --target, one of them")
    }
    guard formula == nil || (features == nil && !noIntercept) else {
      throw ValidationError("--formula has the features and the intercept in it; leave out --features and --no-intercept")
    }
    guard experts >= 1 else { throw ValidationError("--experts must be at least 1, not \(experts)") }
    guard restarts >= 1 else { throw ValidationError("--restarts must be at least 1, not \(restarts)") }
    guard iterations >= 1 else { throw ValidationError("--iterations must be at least 1, not \(iterations)") }
    guard tolerance >= 0 else { throw ValidationError("--tolerance must be at least 0, not \(tolerance)") }
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1, not \(threads!)") }
    // Before the fit, which may take long.
    for path in [output, responsibilities].compactMap(\.self) {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      guard FileManager.default.isWritableFile(atPath: folder) else {
        throw ValidationError("\(path): the folder \(folder) does not exist or cannot be written to")
      }
    }
    let count = concentration.values.count
    if couple != nil && ["learned", "common"].contains(priorMean) {
      throw ValidationError("--couple needs --prior-mean zero or a table, not \(priorMean)")
    }
    guard count == 1 || count == experts else {
      throw ValidationError("--concentration has \(count) numbers for \(experts) experts; give 1 or \(experts)")
    }
  }

  func run() async throws {
    try await reportingFailures {
      let formula = try parsedFormula()
      let table = try readTable(formula)
      let model = try model(formula, table)
      let progress = ProgressLine(isOn: !quiet && isatty(FileHandle.standardError.fileDescriptor) == 1)
      defer { progress.end() }
      let fit = try await model.fit(table, from: try readStart(), options: options) { progress.show($0) }
      if let responsibilities { try write(fit.responsibilities(table), to: responsibilities) }
      if let output { try fit.write(to: URL(fileURLWithPath: output)) }
      if json {
        try print(FitJSON(fit, logLikelihood: fit.mixture.logLikelihood(fit.observations(table))).text)
      } else {
        show(fit, table)
      }
    }
  }

  /// The mixture that the options describe.
  private func model(_ formula: Formula, _ table: Table) throws -> Mixture {
    let design = try Design(formula, for: table, weights: weights, groups: group)
    let expert = LinearExpert(
      estimate: estimate, prior: GaussianPrior(covariance: prior.covariance, mean: try readPriorMean(design)),
      noise: noise.noise, standardizes: !noStandardize)
    let mu = concentration.values
    let gate =
      mu.count == 1
      ? try DirichletGate(concentration: mu[0], estimate: estimate)
      : try DirichletGate(concentration: mu, estimate: estimate)
    return try Mixture(formula, weights: weights, groups: group, gate: gate) { Experts(experts, expert) }
  }

  private func write(_ rows: [[Double]], to path: String) throws {
    var text = CSVWriter(header: (1...experts).map { "expert\($0)" })
    for row in rows { text.append(row) }
    try write(text.data, to: path)
  }

  /// Writes a file; one that exists is replaced only by a complete new one.
  private func write(_ data: Data, to path: String) throws {
    do { try data.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw ModelFileError.unwritable(path: path, reason: error.localizedDescription)
    }
  }

  private var options: FitOptions {
    var options = FitOptions()
    options.restarts = isGiven ? 1 : restarts
    options.maximumPasses = iterations
    options.tolerance = .relative(tolerance)
    options.seed = seed
    options.isAnnealed = anneal
    options.isAccelerated = !noAcceleration
    if let threads { options.threads = threads }
    return options
  }

  private var isGiven: Bool { start != "mixed" && StartRecipe(rawValue: start) == nil }

  private func readStart() throws -> Start {
    if start == "mixed" { return .mixed }
    if let recipe = StartRecipe(rawValue: start) { return .recipe(recipe) }
    if start.hasSuffix(".json") { return .mixture(try FittedMixture(contentsOf: URL(fileURLWithPath: start)).fit.mixture) }
    let rows = try readRows(start)
    guard rows[0].count == experts else {
      throw DataError("\(start): \(rows[0].count) columns of responsibilities for \(experts) experts")
    }
    return .responsibilities(try ResponsibilityTable(rows))
  }

  private func readPriorMean(_ design: Design) throws -> GaussianPrior.Mean {
    let names = (design.hasIntercept ? [LinearExpert.interceptName] : []) + design.featureNames
    let rows = ["zero", "learned", "common"].contains(priorMean) ? [] : try readRows(priorMean)
    if !rows.isEmpty && !([1, experts].contains(rows.count) && rows[0].count == names.count) {
      throw DataError(
        "\(priorMean): \(rows.count) rows of \(rows[0].count) numbers; needed are 1 or \(experts) rows of \(names.count), "
          + "for \(names.joined(separator: ", "))")
    }
    guard let couple else {
      switch priorMean {
      case "zero": return .zero
      case "learned": return .learned
      case "common": return .common
      default: return .given(rows)
      }
    }
    let coefficients = try couple.features?.map { feature in
      guard let index = names.firstIndex(of: feature) else {
        throw DataError("--couple: no coefficient \"\(feature)\"; there are \(names.joined(separator: ", "))")
      }
      return index
    }
    let count = coefficients?.count ?? names.count
    guard couple.variances.count == 1 || couple.variances.count == count else {
      throw DataError("--couple: \(couple.variances.count) variances for \(count) coefficients; give 1 or \(count)")
    }
    let matrix = Matrix(
      diagonal: couple.variances.count == 1 ? Array(repeating: couple.variances[0], count: count) : couple.variances)
    return .coupled(try MeanCoupling(matrix: matrix, coefficients: coefficients), startingAt: rows)
  }

  /// The rows of a table without header.
  private func readRows(_ path: String) throws -> [[Double]] {
    let table = try Table(csv: URL(fileURLWithPath: path), hasHeader: false)
    let columns = try table.columnNames.map { try table.numbers($0) }
    return (0..<table.rowCount).map { row in columns.map { $0[row] } }
  }

  private func show(_ fit: FittedMixture, _ table: Table) {
    let report = FitReport(fit)
    if !quiet { print(table.summary, settings(fit), separator: "\n\n", terminator: "\n\n") }
    print(report.table, report.conclusion, separator: "\n\n")
    for warning in fit.warnings { print("warning: \(warning)") }
  }

  private func settings(_ fit: FittedMixture) -> String {
    return """
      \(data): \(fit.data.rowCount) rows, \(fit.design)
      experts \(experts), estimate \(estimate.rawValue), noise \(noise.defaultValueDescription)\(noisePrior(fit)), \
      prior \(prior.defaultValueDescription), prior mean \(priorMean)\(couple.map { " coupled by \($0.variances.map { "\($0)" }.joined(separator: ", "))" } ?? "")
      concentration \(concentration.defaultValueDescription), intercept \(fit.data.hasIntercept ? "yes" : "no"), \
      standardize \(noStandardize ? "no" : "yes")
      init \(start)\(anneal ? ", annealed" : "")\(noAcceleration ? ", not accelerated" : ""), restarts \(fit.options.restarts), iterations \(iterations), tolerance \(tolerance), seed \(seed), \
      threads \(fit.options.threads)
      """
  }

  /// The Gamma prior of the noise precision in numbers, because its default depends on the data.
  private func noisePrior(_ fit: FittedMixture) -> String {
    guard let block = fit.mixture.blocks.first as? Experts<LinearExpert>, let prior = block.shared.noisePrior else {
      return ""
    }
    return String(format: " (shape %g, rate %g)", prior.shape, prior.rate)
  }
}

import ArgumentParser
import Foundation
import Mixtures

/// Which experts and priors are fitted.
struct FitModelOptions: ParsableArguments {
  @Option(
    name: [.customShort("k"), .customLong("experts")], parsing: .unconditional,
    help: ArgumentHelp("The number of experts, a whole number (default: 2, or what --family says).", valueName: "K"))
  var givenExperts: Int?

  /// The number of experts.
  var experts: Int { givenExperts ?? family.expertCount ?? 2 }

  @Option(
    help: ArgumentHelp(
      """
      What to estimate: variational (posterior distributions), ml (point estimates of maximum likelihood, with flat priors) or map \
      (point estimates under the priors).
      """, valueName: "estimate"))
  var estimate = Estimate.variational

  @Option(
    help: ArgumentHelp(
      """
      Standard errors: corrected (from the information of the observed rows and the priors, so that doubt about whose a row is counts), robust \
      (the sandwich, which does not trust the distributions; groups are clusters) or mean-field (of each factor by itself: too small where experts \
      overlap; only with --estimate variational).
      """, valueName: "errors"))
  var errors = ErrorMethod.corrected

  @OptionGroup var family: FitFamilyOptions

  @Option(
    help: ArgumentHelp(
      """
      The prior of the coefficients, intercept included: cauchy (the default, and flat under ml), flat, fixed:VARIANCE; or \
      a covariance that each expert learns, which may prune features: isotropic, ard (diagonal) or full.
      """, valueName: "prior"), completion: PriorArgument.completion, transform: PriorArgument.init)
  var prior: PriorArgument?

  @Option(
    help: ArgumentHelp(
      """
      The prior of the intercept where the others' covariance is learned: fixed:VARIANCE, flat, or same as theirs \
      (default: normal about the mean of the target, with 100 times its variance).
      """, valueName: "fixed:V|flat|same"), completion: InterceptPriorArgument.completion,
    transform: InterceptPriorArgument.init)
  var interceptPrior: InterceptPriorArgument?

  @Option(
    help: ArgumentHelp(
      """
      The prior mean of the coefficients: zero, learned for each expert, common to all, or a table with one row for each \
      expert (or one for all), the intercept first, no header (default: zero).
      """, valueName: "zero|learned|common|FILE.csv"), completion: .list(FitModelOptions.priorMeans))
  var priorMean: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Learn prior means that are drawn together: XI is the variance of their differences, one number for all coefficients or one \
      for each. Names behind a colon, such as (intercept), couple these coefficients only. The means start at --prior-mean, which must \
      be zero or a table.
      """, valueName: "XI[,XI...][:features]"), transform: CouplingArgument.init)
  var couple: CouplingArgument?

  @Flag(help: "Apply a learned prior to the coefficients as they are, not to those of standardized features.")
  var noStandardize = false

  /// The prior means that have names.
  private static let priorMeans = ["zero", "learned", "common"]

  /// More would fill the memory before anybody noticed.
  private static let mostExperts = 10_000

  func validate() throws {
    guard (1...Self.mostExperts).contains(experts) else {
      throw ValidationError("--experts must be from 1 to \(Self.mostExperts), not \(experts)")
    }
    if let ofFamilies = family.expertCount, experts != ofFamilies {
      throw ValidationError("--experts \(experts), but the families have \(ofFamilies) together: leave out --experts")
    }
    if family.families.count > 1, priorMean.map({ $0 != "zero" }) ?? (couple != nil) {
      throw ValidationError(
        "--prior-mean and --couple are of the experts of one family: leave them out, or take one family")
    }
    if let priorMean { try require(priorMean, of: "--prior-mean", toBeAFileUnless: Self.priorMeans) }
    if couple != nil, let priorMean, ["learned", "common"].contains(priorMean) {
      throw ValidationError("--couple needs --prior-mean zero or a table, not \(priorMean)")
    }
    if estimate == .maximumAPosteriori, let prior, GaussianPrior(covariance: prior.covariance).learnsCovariance {
      throw ValidationError(
        "--estimate map cannot learn the covariance of a prior, for the density grows without bound as it shrinks: take "
          + "--prior fixed:V, or --estimate variational")
    }
    if interceptPrior != nil && !GaussianPrior(covariance: prior?.covariance ?? .cauchy).learnsCovariance {
      throw ValidationError("--intercept-prior goes only with --prior isotropic, ard or full: leave it out")
    }
    if estimate == .maximumLikelihood, family.noise?.noise.hasPrior == true {
      throw ValidationError("--estimate ml uses no priors, so the noise can have none: take --noise shared or per-expert")
    }
    guard estimate == .variational || errors != .meanField else {
      throw ValidationError(
        "--errors mean-field tells how wide posterior distributions are, and --estimate \(estimate.rawValue) has points: take corrected or robust"
      )
    }
    guard estimate == .maximumLikelihood || prior?.covariance == .flat else { return }
    let reason = estimate == .maximumLikelihood ? "--estimate ml uses no priors" : "--prior flat has no mean"
    if let prior, prior.covariance != .flat { throw ValidationError("\(reason): leave out --prior") }
    if priorMean != nil { throw ValidationError("\(reason): leave out --prior-mean") }
    if couple != nil { throw ValidationError("\(reason): leave out --couple") }
  }

  /// The mixture for a design.
  func mixture(_ design: Design, _ data: FitDataOptions, gate: FitGateOptions) throws -> Mixture {
    let prior = GaussianPrior(
      covariance: prior?.covariance ?? .cauchy, mean: try readPriorMean(design), intercept: interceptPrior?.intercept)
    let blocks = try family.blocks(
      experts: experts, estimate: estimate, prior: prior, standardizes: !noStandardize)
    return Mixture(
      design.formula, trials: data.trials, rowWeights: data.rowWeights, rescalesRowWeights: data.rescaleRowWeights,
      groups: data.group, labels: data.labels, parts: try MixtureModel(gate: gate.makeGate(estimate), blocks: blocks))
  }

  private func readPriorMean(_ design: Design) throws -> GaussianPrior.Mean {
    let names = (design.hasIntercept ? [LinearExpert.interceptName] : []) + design.featureNames
    let priorMean = priorMean ?? "zero"
    let rows =
      Self.priorMeans.contains(priorMean)
      ? []
      : try numbers(of: "--prior-mean") { try Table(csv: URL(fileURLWithPath: priorMean), format: $0) }
    if !rows.isEmpty && !([1, experts].contains(rows.count) && rows[0].count == names.count) {
      throw DataError(
        "\(priorMean): \(rows.count) rows of \(rows[0].count) numbers, but prior means take 1 or \(experts) rows of \(names.count), "
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
        throw MixtureError.refused("--couple: no coefficient \"\(feature)\"; there are \(names.joined(separator: ", "))")
      }
      return index
    }
    let count = coefficients?.count ?? names.count
    guard couple.variances.count == 1 || couple.variances.count == count else {
      throw MixtureError.refused(
        "--couple has \(couple.variances.count) variances for \(count) coefficients; give 1 or \(count)")
    }
    let matrix = Matrix(
      diagonal: couple.variances.count == 1 ? Array(repeating: couple.variances[0], count: count) : couple.variances)
    return .coupled(try MeanCoupling(matrix: matrix, coefficients: coefficients), startingAt: rows)
  }
}

/// The rows of the table of numbers that an option names.
///
/// - Throws: `DataError` for a table that cannot be read, or holds anything else.
func numbers(of option: String, _ read: (Table.Format) throws -> Table) throws -> [[Double]] {
  let table = try read(Table.Format(hasHeader: false))
  do {
    let columns = try table.columnNames.map { try table.numbers($0) }
    return (0..<table.rowCount).map { row in columns.map { $0[row] } }
  } catch { throw DataError("\(option) takes a table of numbers without a header: \(error)") }
}

import ArgumentParser
import Foundation
import Mixtures

/// Which experts and priors are fitted.
struct FitModelOptions: ParsableArguments {
  @Option(
    name: [.customShort("k"), .long], parsing: .unconditional, help: ArgumentHelp("The number of experts.", valueName: "K"))
  var experts = 2

  @Option(
    help: ArgumentHelp(
      """
      What is sought: variational (posterior distributions), ml (maximum likelihood: point estimates, flat priors) or map (point \
      estimates under the priors).
      """, valueName: "estimate"))
  var estimate = Estimate.variational

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
      The prior of the coefficients, intercept included: cauchy (the default, and flat under ml), flat, fixed:VARIANCE; or \
      a covariance learned for each expert, which may prune: isotropic, ard (diagonal) or full.
      """, valueName: "prior"))
  var prior: PriorArgument?

  @Option(
    help: ArgumentHelp(
      """
      The prior of the intercept beside a learned covariance: fixed:VARIANCE, flat, or same as the other coefficients \
      (default: normal about the mean of the target, with 100 times its variance).
      """, valueName: "fixed:V|flat|same"))
  var interceptPrior: InterceptPriorArgument?

  @Option(
    help: ArgumentHelp(
      """
      The prior mean of the coefficients: zero, learned for each expert, common to all, or a table with one row for each \
      expert (or one for all), the intercept first, no header (default: zero).
      """, valueName: "zero|learned|common|FILE.csv"), completion: .list(["zero", "learned", "common"]))
  var priorMean: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Learn the prior means, drawn together by the variance XI of their differences, one for all coefficients or one each; of \
      the features named only, (intercept) among them. They start at --prior-mean, which must be zero or a table.
      """, valueName: "XI[,XI...][:features]"))
  var couple: CouplingArgument?

  @Flag(help: "Let a learned prior see the coefficients as they are, not those of standardized features.")
  var noStandardize = false

  /// More would fill the memory before anybody noticed.
  private static let mostExperts = 10_000

  func validate() throws {
    guard (1...Self.mostExperts).contains(experts) else {
      throw ValidationError("--experts must be from 1 to \(Self.mostExperts), not \(experts)")
    }
    if couple != nil, let priorMean, ["learned", "common"].contains(priorMean) {
      throw ValidationError("--couple needs --prior-mean zero or a table, not \(priorMean)")
    }
    if estimate == .maximumAPosteriori, let prior, GaussianPrior(covariance: prior.covariance).learnsCovariance {
      throw ValidationError(
        "the density of a point estimate grows without bound as its learned prior covariance shrinks: take --prior fixed:V, or "
          + "--estimate variational")
    }
    if interceptPrior != nil && !GaussianPrior(covariance: prior?.covariance ?? .cauchy).learnsCovariance {
      throw ValidationError("--intercept-prior goes with --prior isotropic, ard or full only: leave it out")
    }
    guard estimate == .maximumLikelihood || prior?.covariance == .flat else { return }
    let reason = estimate == .maximumLikelihood ? "--estimate ml knows no priors" : "--prior flat has no mean"
    if let prior, prior.covariance != .flat { throw ValidationError("\(reason): leave out --prior") }
    if priorMean != nil { throw ValidationError("\(reason): leave out --prior-mean") }
    if couple != nil { throw ValidationError("\(reason): leave out --couple") }
  }

  /// The mixture for a design.
  func mixture(_ design: Design, _ data: FitDataOptions, gate: FitGateOptions) throws -> Mixture {
    let expert = LinearExpert(
      estimate: estimate,
      prior: GaussianPrior(
        covariance: prior?.covariance ?? .cauchy, mean: try readPriorMean(design), intercept: interceptPrior?.intercept),
      noise: noise.noise, standardizes: !noStandardize)
    return try Mixture(
      design.formula, rowWeights: data.rowWeights, rescalesRowWeights: data.rescaleRowWeights, groups: data.group,
      labels: data.labels, gate: gate.makeGate(estimate)
    ) {
      Block(experts, expert)
    }
  }

  private func readPriorMean(_ design: Design) throws -> GaussianPrior.Mean {
    let names = (design.hasIntercept ? [LinearExpert.interceptName] : []) + design.featureNames
    let priorMean = priorMean ?? "zero"
    let rows =
      ["zero", "learned", "common"].contains(priorMean)
      ? []
      : try numbers(
        of: Table(csv: URL(fileURLWithPath: priorMean), format: Table.Format(hasHeader: false)))
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
}

/// The rows of a table of numbers.
func numbers(of table: Table) throws -> [[Double]] {
  let columns = try table.columnNames.map { try table.numbers($0) }
  return (0..<table.rowCount).map { row in columns.map { $0[row] } }
}

import ArgumentParser
import Foundation
import Mixtures

/// What a fit reads, and what in it explains what.
struct FitDataOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The data: text in rows and columns such as CSV, gzipped or not, or a NumPy file; - for standard input.",
      valueName: "DATA.csv"), completion: .dataFile)
  var data: String

  @Option(
    help: ArgumentHelp(
      "The response and the terms of the experts in R's language: \"y ~ x + I(x^2) + factor(g)\".", valueName: "FORMULA"))
  var formula: String?

  @Option(help: "The column to predict, instead of a formula.")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "The features: columns of numbers or categories, separated by commas (default: all other columns).", valueName: "a,b"),
    transform: FeaturesArgument.init)
  var features: FeaturesArgument?

  @Flag(help: "Leave out the intercept.")
  var noIntercept = false

  @Option(
    help: ArgumentHelp(
      "A column that is added to what the experts predict, without a coefficient, like offset(COL) in a formula.",
      valueName: "COL"))
  var offset: String?

  @Option(
    help: ArgumentHelp(
      "The column of numbers of trials, of which the response is the number of successes, like cbind(y, COL - y) in a formula.",
      valueName: "COL"))
  var trials: String?

  @Option(help: ArgumentHelp("The column of row weights, which say how many rows a row stands for.", valueName: "COL"))
  var rowWeights: String?

  @Option(name: .customLong("weights"), help: .hidden)
  var formerRowWeights: String?

  @Flag(help: "Rescale the row weights to a mean of one, where only their ratios mean something.")
  var rescaleRowWeights = false

  @Option(
    help: ArgumentHelp(
      "The column of groups: rows with the same value share one expert. Their log-likelihoods add, and the expert weights count groups.",
      valueName: "COL"))
  var group: String?

  @Option(
    help: ArgumentHelp(
      """
      The column of labels, which say of some rows, or of all, which expert they belong to; empty cells, NA and ? say nothing. Experts are \
      named after the labels, numbers in rising order, others in alphabetical order; further experts have only rows without a label.
      """, valueName: "COL"))
  var labels: String?

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    guard formerRowWeights == nil else {
      throw ValidationError("--weights is called --row-weights, since experts have weights, too: say --row-weights")
    }
    guard formula != nil || target != nil else {
      throw ValidationError(
        "the response is missing: say --formula \"y ~ x\", or --target y for all other columns as features")
    }
    guard formula == nil || target == nil else {
      throw ValidationError("--formula and --target both name the response: leave out one of them")
    }
    guard !rescaleRowWeights || rowWeights != nil else {
      throw ValidationError("--rescale-row-weights needs --row-weights, the column to rescale")
    }
    guard formula == nil || (features == nil && !noIntercept) else {
      throw ValidationError(
        "--formula names the features, and the intercept unless it has - 1: leave out --features and --no-intercept")
    }
  }

  /// The formula, or the one that target and features stand for, with the offset and the gate's features.
  ///
  /// - Throws: `FormulaError`; `MixtureError` if the gate's features are given twice.
  func readFormula(gateFeatures: [String]?) throws -> Formula {
    let offsets = offset.map { [Formula.Expression.column($0)] } ?? []
    let gate = gateFeatures.map { Formula.Terms($0.map { .column($0) }) }
    if let formula {
      let formula = try Formula(formula)
      guard formula.gate == nil || gate == nil else {
        throw MixtureError.refused(
          "both --gate-features and the formula, behind |, name the features of the gate: leave out one of them")
      }
      return try Formula(
        response: formula.response, failures: formula.failures, experts: formula.experts,
        offsets: formula.offsets + offsets,
        gate: formula.gate ?? gate)
    }
    let terms = features.map { $0.names.map { Formula.Term.column($0) } } ?? [.others]
    return try Formula(
      response: [.column(target ?? "")], experts: Formula.Terms(terms, hasIntercept: !noIntercept), offsets: offsets,
      gate: gate)
  }

  /// What the formula makes of a table.
  func design(_ formula: Formula, for table: Table) throws -> Design {
    try Design(
      formula, for: table, trials: trials, rowWeights: rowWeights, rescalesRowWeights: rescaleRowWeights, groups: group,
      labels: labels)
  }

  /// The table, without rows that lack something if those are to go.
  func readTable(_ formula: Formula) throws -> Table {
    try reading.prepared(reading.read(data)) { table in
      formula.columns(
        among: table.columnNames.filter { !table.rowNames.contains($0) }, trials: trials, rowWeights: rowWeights,
        groups: group, labels: labels)
    }
  }
}

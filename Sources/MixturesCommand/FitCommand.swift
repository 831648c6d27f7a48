import ArgumentParser
import Foundation
import Mixtures

/// `mixtures fit`: a mixture of linear models from a CSV file.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a mixture of regressions to a CSV file.",
    discussion: """
      Example: mixtures fit tonedata.csv --target tuned --features stretchratio --experts 2

      A fit maximises the evidence lower bound (ELBO). Numbers are in the units of the data. Exit codes: 0 success, 64 usage, 65 bad data, 70 internal error, 73 a file cannot be written.
      """)

  @OptionGroup(title: "Data") var data: FitDataOptions
  @OptionGroup(title: "Model") var model: FitModelOptions
  @OptionGroup(title: "Gate") var gate: FitGateOptions
  @OptionGroup(title: "Search") var search: FitSearchOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the fitted model, for predict, describe and --init.", valueName: "model.json"))
  var output: OutputFile?

  @Option(
    help: ArgumentHelp(
      "Write the responsibilities: a row for each row of data, a column for each expert.", valueName: "OUT.csv"))
  var responsibilities: OutputFile?

  @OptionGroup var tables: TableOptions

  @Flag(name: .shortAndLong, help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(
    name: .shortAndLong,
    help: "Print no progress, no settings, no warning of what will take long, and no file names.")
  var quiet = false

  func validate() throws {
    try search.check(data: data.data)
    try gate.check(model.estimate)
    if gate.gate.kind == .membership, gate.gateFeatures == nil, !(data.formula?.contains("|") ?? false) {
      throw ValidationError(
        "--gate membership needs the column of the groups, behind | in the formula or in --gate-features")
    }
    guard ![output, responsibilities].contains(where: { $0?.isStandardOutput == true }) else {
      throw ValidationError("--output and --responsibilities must name files: standard output is for the report")
    }
    let files = [URL(fileURLWithPath: data.data)] + [output, responsibilities].compactMap { $0?.url }
    guard Set(files.map { AtomicFile.place(of: $0).path }).count == files.count else {
      throw ValidationError(
        "the data, --output and --responsibilities must be different files, or one would replace another")
    }
  }

  func run() async throws {
    try gate.check(experts: model.experts)
    for file in [output, responsibilities] { try file?.check() }
    let formula = try data.readFormula(gateFeatures: gate.gateFeatures?.names)
    let table = try data.readTable(formula)
    if model.experts == 1 && gate.gate.kind.readsFeatures {
      Console.errors.write(
        warning: "a single expert has weight 1 in each row, so --gate \(gate.gate.text) has nothing to weigh: leave it out")
    }
    let design = try data.design(formula, for: table)
    let mixture = try model.mixture(design, data, gate: gate)
    if let codes = design.codesInWords, model.family.explainsLevels, !quiet { Console.errors.write(line: codes) }
    try Expense(ofFitting: mixture, design, rows: table.rowCount, search).announce(quiet: quiet)
    let fit = try await fit(mixture, table)
    if let responsibilities {
      let rows = try fit.responsibilities(table)
      let columns = fit.mixture.expertNames.enumerated().map { k, name in
        (column: ColumnSchema("expert\(name)"), values: rows.map { $0[k] })
      }
      try responsibilities.write(data.reading.numbered(columns, of: table), rowCount: rows.count)
    }
    if let output { try fit.write(to: output.url) }
    if json {
      try Console.print(lines: FitReport(fit).json(logLikelihood: fit.mixture.logLikelihood(fit.observations(table))))
    } else {
      try show(fit, table)
    }
    if let output, !quiet {
      Console.errors.write(line: "wrote \(output.name); use it with mixtures predict \(output.word) NEW.csv")
    }
  }

  private func fit(_ mixture: Mixture, _ table: Table) async throws -> FittedMixture {
    var options = search.options
    options.errors = model.errors
    let progress =
      !quiet && Console.errors.isTerminal ? ProgressLine(on: .errors, FitProgress(tolerance: options.tolerance)) : nil
    defer { progress?.end() }
    return try await mixture.fit(
      table, from: search.readStart(experts: model.experts, labels: data.labels), options: options
    ) { report in
      progress?.note { $0.note(report, at: $1) }
    }
  }

  private func show(_ fit: FittedMixture, _ table: Table) throws {
    let report = FitReport(fit, format: tables.format)
    let codes = model.family.explainsLevels ? fit.design.codesInWords.map { [$0.printable] } ?? [] : []
    let head = quiet ? codes : [table.summary, report.model + "\n" + search.summary(of: fit)]
    try Console.print(head.map { .text($0) } + report.tables().map { .table($0) } + [.text(report.conclusion)])
    for warning in fit.warnings { Console.errors.write(warning: warning) }
  }
}

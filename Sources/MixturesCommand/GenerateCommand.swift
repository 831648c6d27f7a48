import ArgumentParser
import Foundation
import MixtureData
import SyntheticData

/// `mixtures generate`: simulated data and what is true of them.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Draw simulated data from a mixture that is known, and write down the truth.",
    discussion: """
      Example: mixtures generate linear+softmax --rows 10000 --output train.csv --truth truth.json

      A recipe is a generator and what is done to it, step by step, such as linear+softmax:3+irrelevant:5. Steps with brackets below \
      can have a number behind a colon. Generators:

      \(list(Recipe.guide.generators))

      What can be done to them:

      \(list(Recipe.guide.modifiers))

      The truth is JSON: the generator with all its parameters, seed and rows, the columns with their levels, the experts' \
      parameters by name and the means of their weights, and the best attainable on these rows: the log density, the error of \
      assignments, and that of predictions.

      The seed decides the parameters, and with its number each row. So the rows of the same mixture that no fit has seen are those \
      that follow: with the same recipe, parameters and seed, --first-row 10000 goes on after the 10000 rows above. Another seed \
      is another mixture.

      At its end it prints the command that fits such a mixture. One row of 0 or 1 tells little of its expert: take \
      bernoulli+grouped:10, where ten rows share an expert, or many rows.

      Data and truth appear when both are complete, or not at all. Exit codes: 0 success, 64 usage, 73 a file cannot be \
      written.
      """)

  @Argument(
    help: "The generator, and what is done to it.",
    completion: .custom { _, _, prefix in Self.completions(prefix) })
  var recipe: String

  @OptionGroup(title: "Parameters") var parameters: GenerateParameterOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of rows, a whole number.", valueName: "N"))
  var rows = 1000

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of the first row, counted from 0, to go on where other data end.", valueName: "R"))
  var firstRow = 0

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("The seed of the parameters and the rows, a whole number from 0 on.", valueName: "S"))
  var seed: UInt64 = 1

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The data: CSV, - for CSV on standard output, or a NumPy file.", valueName: "data.csv|data.npy"))
  var output: OutputFile

  @Option(help: ArgumentHelp("What is true of the data, for score; - for standard output.", valueName: "truth.json"))
  var truth: OutputFile?

  @Flag(help: "List in the truth the expert that each row was drawn from, counted from 0.")
  var assignments = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of threads; it does not change the files (default: one for each processor).", valueName: "T"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Print no progress, and no file names.")
  var quiet = false

  func validate() throws {
    guard rows >= 1 else { throw ValidationError("--rows must be at least 1, not \(rows)") }
    guard firstRow >= 0 else { throw ValidationError("--first-row must be at least 0, not \(firstRow)") }
    guard !firstRow.addingReportingOverflow(rows).overflow else {
      throw ValidationError(
        "--first-row \(firstRow) and --rows \(rows): the number of the last row would be above \(Int.max)")
    }
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1, not \(threads!)") }
    guard truth != nil || !assignments else { throw ValidationError("--assignments go into the file of --truth: name one") }
    if let truth, AtomicFile.place(of: truth.url).path == AtomicFile.place(of: output.url).path {
      throw ValidationError("--output and --truth must be different files, or one would replace the other")
    }
  }

  func run() throws {
    let data = try SyntheticDataSet(
      Recipe(recipe).generator(parameters.values, seed: seed), rows: firstRow..<(firstRow + rows), seed: seed)
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    try Expense(ofGenerating: rows, from: data.generator, threads: threads).announce(quiet: quiet)
    let (file, truthFile) = (try output.open(), try truth?.open())
    let progress = !quiet && Console.errors.isTerminal ? ProgressLine(on: .errors, GenerateProgress(rowCount: rows)) : nil
    defer { progress?.end() }
    let truth = try data.write(
      to: file, asArray: isArray, truth: truthFile, recipe: recipe,
      assignments: assignments, threads: threads
    ) { rows in
      progress?.note { $0.note(rows, at: $1) }
    }
    try AtomicFile.complete([file, truthFile].compactMap(\.self))
    progress?.end()
    if !quiet { report(truth, data) }
  }

  private var isArray: Bool { output.url.pathExtension.lowercased() == "npy" }

  /// Tells what was written, apart from it.
  private func report(_ truth: Truth, _ data: SyntheticDataSet) {
    let isData = output.isStandardOutput || self.truth?.isStandardOutput == true
    let console = isData ? Console.errors : .output
    let last = firstRow + rows - 1
    console.write(line: "\(output.name): rows \(firstRow) to \(last), \(data.columns.count) columns")
    if let file = self.truth { console.write(line: "\(file.name): the truth\(assignments ? " and the assignments" : "")") }
    console.write(line: "the best attainable on these rows, by the truth")
    let bayes = truth.bayes
    func line(_ name: String, _ value: Double, _ error: Double?) {
      let text = String(format: "%.5g", value) + (error.map { String(format: " ± %.2g", $0) } ?? "")
      console.write(line: "  \(name)\(text)")
    }
    line("log density, nats/row    ", bayes.logDensity.mean, bayes.logDensity.standardError)
    line("error of the assignments  ", bayes.assignmentError.mean, bayes.assignmentError.standardError)
    if let error = bayes.predictionError { line("error of the predictions  ", error, nil) }
    // A NumPy array has no names to call columns by.
    guard !isArray, let suggestion = FitSuggestion(data.generator, data: output.word) else { return }
    console.write(line: "to fit such a mixture")
    let scored = self.truth.flatMap { $0.isStandardOutput ? nil : $0.word }
    console.write(command: "  \(suggestion.command)\(scored == nil ? "" : " --output model.json")")
    if let scored { console.write(command: "  mixtures score model.json --truth \(scored)") }
  }

  private static func list(_ steps: [(name: String, summary: String)]) -> String {
    steps.map { "\($0.name): \($0.summary)." }.joined(separator: "\n")
  }

  /// Recipes that begin like `text`: the last step is completed.
  private static func completions(_ text: String) -> [String] {
    let before = text.lastIndex(of: "+").map { String(text[...$0]) } ?? ""
    let steps = before.isEmpty ? Recipe.guide.generators : Recipe.guide.modifiers
    return steps.map { before + $0.name.prefix { $0 != "[" } }
  }
}

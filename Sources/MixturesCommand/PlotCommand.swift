import ArgumentParser
import Foundation
import MixtureCore
import MixtureDiagnostics
import Mixtures

/// `mixtures plot`: figures of a fitted model.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract:
      "Draw a fitted model: its experts over the data, what it predicts, its convergence, its responsibilities, or its gate.",
    usage: "mixtures plot <kind> <model.json> --output <x.svg|png|pdf> [<options>]",
    discussion: """
      Example: mixtures plot fit model.json --data data.csv --output fit.svg

      Needs gnuplot. The format follows from the extension of the picture: svg, png or pdf.
      """)

  /// What is drawn.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case fit, predictive
    case elbo = "bound"
    case responsibilities, gate
  }

  @Argument(
    help: """
      What to draw: fit (data and experts over one feature, or the levels of a category), predictive (the mean and 95 % band of the whole mixture, and \
      its weights, likewise), bound (the evidence lower bound, ELBO, by iteration), responsibilities (how sure the experts are of their \
      rows, or of groups: for each expert a histogram without responsibilities below 0.0001) or gate (the experts' weights over one feature or \
      two, or the levels of a category).
      """)
  var kind: Kind

  @Argument(
    help: ArgumentHelp("The model, written by fit --output; - for standard input.", valueName: "model.json"),
    completion: .modelFile)
  var model: InputFile

  @Option(help: ArgumentHelp("The data, which every kind but bound needs.", valueName: "DATA.csv"), completion: .dataFile)
  var data: String?

  @Option(
    help: ArgumentHelp(
      """
      The feature to draw over, a column that the formula reads as a term (default: the first, of numbers if there are any); for gate, one or two.
      """,
      valueName: "NAME[,NAME]"),
    transform: FeaturesArgument.init)
  var feature: FeaturesArgument?

  @Option(
    help: ArgumentHelp(
      """
      Where to hold another column that the formula reads, such as dose=2.5 or site=north; once for each column (default: at its mean, or its most \
      frequent level).
      """,
      valueName: "NAME=VALUE"),
    transform: HeldArgument.init)
  var at: [HeldArgument] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture.", valueName: "x.svg|png|pdf"))
  var output: OutputFile

  @OptionGroup(title: "How the data are written") var reading: ReadingOptions

  func validate() throws {
    try InputFile.check([model], data: data)
    if kind != .elbo && data == nil { throw ValidationError("plot \(kind.rawValue) needs --data DATA.csv") }
    guard feature == nil || kind != .responsibilities && kind != .elbo else {
      throw ValidationError("plot \(kind.rawValue) is over no feature: leave out --feature")
    }
    guard at.isEmpty || kind != .responsibilities && kind != .elbo else {
      throw ValidationError("plot \(kind.rawValue) holds no column: leave out --at")
    }
    if let twice = at.map(\.name).firstRepeated { throw ValidationError("--at says twice where to hold \(twice)") }
    guard feature?.names.count ?? 1 <= (kind == .gate ? 2 : 1) else {
      throw ValidationError(
        "--feature takes \(kind == .gate ? "one name or two" : "one name"), not \(feature!.names.count)")
    }
  }

  func run() throws {
    try output.check()
    let model = try FittedMixture(contentsOf: model.url)
    let table = try data.map {
      let needsResponse = [.fit, .predictive, .responsibilities].contains(kind)
      return try reading.prepared(reading.read($0, missingInFit: model.design.missingWords)) {
        model.design.columns(of: $0, withResponse: needsResponse)
      }
    }
    if let table { for warning in try model.design.warnings(for: table) { Console.errors.write(warning: warning) } }
    let held = Dictionary(uniqueKeysWithValues: at.map { ($0.name, $0.value) })
    let figure =
      switch (kind, table) {
      case (.fit, let table?): try Figure.regression(model, on: table, along: feature?.names[0], at: held)
      case (.predictive, let table?): try Figure.predictive(model, on: table, along: feature?.names[0], at: held)
      case (.gate, let table?): try Figure.gate(model, on: table, over: feature?.names, at: held)
      case (.responsibilities, let table?): try Figure.responsibilities(model, on: table)
      default: Figure.elbo(model.record)
      }
    try figure.write(to: output.url)
  }
}

/// `--at NAME=VALUE`.
struct HeldArgument {
  let name: String
  let value: String

  /// What stands before the first `=` and behind it, without the blanks around them.
  ///
  /// - Throws: `ValidationError` where one of them is empty.
  init(_ argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("write a column and its value as in dose=2.5")
    }
    (name, value) = (parts[0], parts[1])
  }
}

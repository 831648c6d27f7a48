import ArgumentParser
import Foundation
import MixtureDiagnostics
import Mixtures

/// `mixtures plot`: figures of a fitted model.
struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw a fitted model: its lines over the data, its convergence, or its responsibilities.",
    discussion: """
      Example: mixtures plot fit model.json --data data.csv --output fit.svg

      Needs gnuplot. The kind of picture follows from the extension: svg, png or pdf.
      """)

  /// What is drawn.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case fit, bound, responsibilities
  }

  @Argument(
    help: """
      What to draw: fit (data and experts over one feature), bound (its way up, pass by pass) or responsibilities (how sure \
      the experts are of their rows).
      """)
  var kind: Kind

  @Argument(help: ArgumentHelp("The model, written by fit --output.", valueName: "model.json"))
  var model: String

  @Option(help: ArgumentHelp("The data; needed for all but bound.", valueName: "DATA.csv"))
  var data: String?

  @Option(help: ArgumentHelp("The feature to draw over (default: the first).", valueName: "NAME"))
  var feature: String?

  @Option(help: ArgumentHelp("The picture.", valueName: "x.svg|png|pdf"))
  var output: String

  func validate() throws {
    if kind != .bound && data == nil { throw ValidationError("plot \(kind.rawValue) needs --data DATA.csv") }
  }

  func run() async throws {
    try await reportingFailures {
      let model = try FittedMixture(contentsOf: URL(fileURLWithPath: model))
      let table = try data.map { try Table(path: $0) }
      let figure =
        switch (kind, table) {
        case (.fit, let table?): try Figure.regression(model, table, along: feature)
        case (.responsibilities, let table?): try Figure.responsibilities(model, table)
        default: Figure.bound(model.fit)
        }
      try figure.write(to: URL(fileURLWithPath: output))
    }
  }
}

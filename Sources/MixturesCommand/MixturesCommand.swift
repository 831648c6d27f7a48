import ArgumentParser

/// The command line: mixtures of models, fitted by variational EM.
@main
struct MixturesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixtures",
    abstract: "Mixtures of models, fitted by variational EM.",
    discussion: """
      Example: mixtures fit data.csv --formula "y ~ x" --experts 2 --output model.json
      """,
    version: "0.1.0",
    subcommands: [
      FitCommand.self, PredictCommand.self, DescribeCommand.self, PlotCommand.self, GenerateCommand.self,
      ScoreCommand.self, BenchmarkCommand.self,
    ])
}

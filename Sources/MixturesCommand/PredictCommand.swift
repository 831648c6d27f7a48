import ArgumentParser
import Foundation
import Mixtures

/// `mixtures predict`: predictive distributions for new rows.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the response of new rows with a fitted model.",
    usage: "mixtures predict <model.json> <NEW.csv> [<options>]",
    discussion: """
      Example: mixtures predict model.json new.csv --interval 0.9 > predictions.csv

      Prints one row of CSV for each row of data: the mean and standard deviation of the predictive distribution (empty where it has \
      none) and the bounds of its central interval, or of yes and no the probability of yes; and the weights of the experts. The columns of the features must be there; others are ignored, \
      labels too. \
      With --missing drop, the number of each row in the file comes first.
      """)

  @Argument(
    help: ArgumentHelp("The model, written by fit --output; - for standard input.", valueName: "model.json"),
    completion: .modelFile)
  var model: InputFile

  @Argument(
    help: ArgumentHelp("The new rows: CSV, - for standard input, or a NumPy file.", valueName: "NEW.csv"),
    completion: .dataFile)
  var data: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The probability that the interval holds the response.", valueName: "P"))
  var interval = 0.95

  @Flag(name: .shortAndLong, help: "Print one JSON object with an array for each column instead.")
  var json = false

  @OptionGroup(title: "How the data are written") var reading: ReadingOptions

  func validate() throws {
    try InputFile.check([model], data: data)
    guard interval > 0 && interval < 1 else {
      throw ValidationError("--interval must lie between 0 and 1, not \(interval)")
    }
  }

  func run() throws {
    let model = try FittedMixture(contentsOf: model.url)
    let table = try reading.prepared(
      reading.read(data, missingInFit: model.design.missingWords)
    ) { model.design.columns(of: $0, withResponse: false) }
    for warning in try model.design.warnings(for: table) { Console.errors.write(warning: warning) }
    let predictions = try model.predict(table)
    let weights = model.mixture.expertNames.enumerated().map { k, name in
      (column: ColumnSchema("weight\(name)"), values: predictions.weights(ofExpert: k))
    }
    let columns = reading.numbered(try predictions.columns(interval: interval) + weights, of: table)
    if json {
      try Console.print(lines: json(Dictionary(uniqueKeysWithValues: columns.map { ($0.column.name, $0.values) })))
    } else {
      try OutputFile.standardOutput.write(columns, rowCount: predictions.count)
    }
  }

  /// What is no number is null.
  private func json(_ columns: [String: [Double]]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let values = columns.mapValues { $0.map { $0.isNaN ? nil : $0 } }
    return String(decoding: try encoder.encode(values), as: UTF8.self)
  }
}

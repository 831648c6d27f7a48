import SyntheticData

/// What came of the runs of a suite.
public struct BenchmarkResults: Sendable, Codable {
  /// All runs, in the order of the suite.
  public let runs: [BenchmarkRun]

  init(runs: [BenchmarkRun]) { self.runs = runs }

  /// The runs of each grid, generator and model together, in the order of the suite.
  public var summaries: [BenchmarkSummary] {
    var order: [BenchmarkSummary.Place] = []
    var runsOfPlace: [BenchmarkSummary.Place: [BenchmarkRun]] = [:]
    for run in runs {
      let place = BenchmarkSummary.Place(run.cell)
      if runsOfPlace[place] == nil { order.append(place) }
      runsOfPlace[place, default: []].append(run)
    }
    return order.map { BenchmarkSummary($0, runsOfPlace[$0] ?? []) }
  }

  /// The names of the grids, in order.
  public var grids: [String] {
    runs.map(\.cell.grid).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }
}

/// The runs of one model on one generator: means over the seeds.
public struct BenchmarkSummary: Sendable, Codable {
  /// Where in the suite.
  public struct Place: Sendable, Codable, Hashable {
    /// The name of the grid.
    public let grid: String
    /// The name of the generator.
    public let generator: String
    /// The name of the model.
    public let model: String

    init(_ cell: BenchmarkCell) { (grid, generator, model) = (cell.grid, cell.generator, cell.model) }
  }

  /// A mean over seeds, with its standard error.
  public struct Mean: Sendable, Codable, Equatable {
    /// The mean.
    public let value: Double
    /// s / √n; nil for one seed.
    public let standardError: Double?

    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let mean = MeanWithError(ofAssignments: values, rows: values.count)
      value = mean.mean
      standardError = values.count > 1 ? mean.standardError : nil
    }
  }

  /// Where in the suite.
  public let place: Place
  /// How many runs there are.
  public let runCount: Int
  /// How many of them failed.
  public let failureCount: Int
  /// The means of the scores over the runs that did not fail, by name (see ``BenchmarkRun/metrics``). Of a score that some runs do
  /// not have it is the mean over the others.
  public let means: [String: Mean]
  /// The mean time of a fit, in seconds.
  public let seconds: Double

  init(_ place: Place, _ runs: [BenchmarkRun]) {
    self.place = place
    runCount = runs.count
    failureCount = runs.count { $0.failure != nil }
    let scores = runs.compactMap(\.metrics)
    means = Set(scores.flatMap(\.keys)).reduce(into: [:]) { means, name in
      means[name] = Mean(scores.compactMap { $0[name] })
    }
    seconds = runs.reduce(0) { $0 + $1.seconds } / Double(max(1, runs.count))
  }
}

import Foundation
import Mixtures
import SyntheticData

/// What a command is about to take, in time and memory, as far as can be told beforehand from the size of its work. The constants were
/// measured on one machine: a factor of three either way is no error.
struct Expense {
  /// What takes it.
  let work: String
  /// How long, in seconds.
  let seconds: Double
  /// How much memory, in bytes.
  let bytes: Double
  /// How to take less.
  let advice: String

  /// What is not worth a word.
  private static let (fewSeconds, fewBytes) = (60.0, 2e9)

  /// Says on standard error what will take long, or much memory, before it is begun; not where the user wants quiet.
  ///
  /// - Throws: `MemoryError` where not even a third of the memory is left.
  func announce(quiet: Bool) throws {
    if !quiet, let warning { Console.errors.write(warning: warning) }
    try Memory.require(Int(min(bytes / 3, 1e18)), for: work)
  }

  /// The sentence, where there is something to say.
  var warning: String? {
    guard seconds > Self.fewSeconds || bytes > Self.fewBytes else { return nil }
    return "\(work): this may take \(Self.duration(seconds)) and \(Self.size(bytes)) of memory; \(advice)"
  }

  private static func duration(_ seconds: Double) -> String {
    let units = [("year", 31_557_600.0), ("day", 86_400), ("hour", 3600), ("minute", 60)]
    guard let (name, length) = units.first(where: { seconds >= $0.1 }) else { return "less than a minute" }
    let count = (seconds / length).rounded()
    return "about \(String(format: "%.0f", count)) \(name)\(count == 1 ? "" : "s")"
  }

  private static func size(_ bytes: Double) -> String {
    bytes < 1e9 ? String(format: "%.0f MB", max(bytes / 1e6, 1)) : String(format: "%.1f GB", bytes / 1e9)
  }
}

extension Expense {
  /// A fit of linear experts.
  ///
  /// A pass takes the products of the d columns of a row with one another; an update two factorisations and inverses of d × d matrices
  /// an expert, and half of it for a softmax of two experts. Each start keeps those, and the sums of some iterations for the next step.
  init(ofFitting mixture: Mixture, _ design: Design, rows: Int, _ search: FitSearchOptions) {
    let (options, gate) = (search.options, mixture.parts.gate)
    let size = SearchSize(
      options, experts: mixture.parts.expertCount, features: design.featureNames.count, rows: rows)
    let startCount = search.startCount(size, gateReadsFeatures: gate.readsFeatures)
    let dimension = Double(design.featureNames.count + (design.hasIntercept ? 1 : 0))
    let gateDimension = gate.readsFeatures ? Double((design.gateFeatureNames ?? design.featureNames).count + 1) : 0
    let (rows, experts, starts) = (Double(rows), Double(mixture.parts.expertCount), Double(startCount))
    // As many iterations as the search makes before its end, where few starts are left that are not in one optimum.
    let iterations = [50.0, 150].map { min($0, Double(options.maximumIterations)) }
    func nanoseconds(_ dimension: Double) -> Double {
      let square = dimension * dimension
      return min(rows, 20_000) * (10 + 0.1 * square) + 80 * square + 0.2 * square * dimension
    }
    let gates = gate is GaussianGate ? experts : gate is PerceptronGate ? 0 : (experts - 1) / 2
    // Steps within an iteration, each a new walk over the rows with all weights of the network.
    let layers = (gate as? PerceptronGate).map { [gateDimension] + $0.hiddenUnits.map(Double.init) + [experts] } ?? []
    let weights = zip(layers, layers.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    let ofPass =
      experts * nanoseconds(dimension) + gates * nanoseconds(gateDimension) + 100 * rows * weights
      + (gate.readsFeatures ? 3e5 : 3e4)
    let count = starts * iterations[0] + min(starts, Double(size.places)) * iterations[1]
    work =
      "\(Int(dimension)) coefficients for each of \(Int(experts)) experts"
      + (gateDimension > dimension ? " and \(Int(gateDimension)) for their weights" : "") + ", in \(Int(rows)) rows"
    seconds = 1e-9 * ofPass * count / Double(max(options.threads, 1))
    bytes =
      16 * rows * (dimension + gateDimension) + 140 * experts * dimension * dimension * starts
      + 160 * gates * gateDimension * gateDimension
    advice =
      size.places > SearchSize.usualStarts
      ? "take fewer --restarts"
      : "take fewer features, categories of fewer levels, splines of fewer pieces, or --restarts 1"
  }

  /// Rows of a generator, and the truth about them: each row's densities, drawn from and measured, and for a category those of all levels.
  init(ofGenerating rows: Int, from generator: any Generator, threads: Int) {
    let levels = generator.response.count == 1 ? generator.response[0].levels?.count ?? 0 : 0
    let operations = Double(generator.operationsPerRow)
    work = "\(rows) rows" + (levels > 0 ? " of \(levels) levels" : "")
    seconds = 30e-9 * operations * Double(rows) * Double(2 + levels) / Double(max(threads, 1))
    bytes = 300 * operations
    advice = levels > 0 ? "take fewer levels or rows" : "take fewer rows, features or experts"
  }
}

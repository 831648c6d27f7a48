import ArgumentParser
import Foundation
import Mixtures

/// Where a fit starts, and when it stops.
struct FitSearchOptions: ParsableArguments {
  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      Where fits start: random responsibilities, localised (nearest of random rows), kmeans, planes (through n + 1 random rows), \
      regions (nearest of random rows in what the gate sees), mixed (all of these for a few iterations, of which the best go \
      on; regions for gates that see features only), prior (experts at their prior means), a table of responsibilities with a \
      row for each row of data and no header, or a model fitted before (- for one from standard input).
      """, valueName: "mixed|random|localised|kmeans|planes|regions|prior|FILE.csv|model.json|-"),
    completion: .list(FitSearchOptions.starts))
  var start = "mixed"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The number of starts that are fitted to the end; the best one is kept (default: 10; one of each kind where experts of 100 \
      features or more have as many coefficients as there are rows).
      """, valueName: "R"))
  var restarts: Int?

  @Flag(help: "Anneal each start first: 30 iterations with flattened responsibilities, to depend less on where it begins.")
  var anneal = false

  @Flag(help: "Take plain iterations only: never extrapolate from one to the next. The ELBO rises either way.")
  var noAcceleration = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The limit of iterations of each start; an iteration is a pass over the data.", valueName: "N"))
  var iterations = FitOptions().maximumIterations

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop when an iteration changes the ELBO by at most this fraction of it; 0 runs to the limit.", valueName: "T"))
  var tolerance = 1e-10

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("The seed of all random numbers, a whole number from 0 on.", valueName: "S"))
  var seed = FitOptions().seed

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of threads; it does not change the result (default: one for each processor).", valueName: "T"))
  var threads: Int?

  /// The starts that have names.
  private static let starts = ["mixed"] + StartRecipe.allCases.map(\.rawValue) + ["prior"]

  func validate() throws {
    try require(start, of: "--init", toBeAFileUnless: Self.starts)
    guard (1...FitOptions.mostStarts).contains(restarts ?? 1) else {
      throw ValidationError("--restarts must be from 1 to \(FitOptions.mostStarts), not \(restarts!)")
    }
    guard iterations >= 1 else { throw ValidationError("--iterations must be at least 1, not \(iterations)") }
    guard tolerance >= 0 else { throw ValidationError("--tolerance must be at least 0, not \(tolerance)") }
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1, not \(threads!)") }
  }

  /// The options as a fit takes them.
  var options: FitOptions {
    var options = FitOptions()
    options.starts = isGiven ? 1 : restarts
    options.maximumIterations = iterations
    options.tolerance = .relative(tolerance)
    options.seed = seed
    options.isAnnealed = anneal
    options.isAccelerated = !noAcceleration
    if let threads { options.threads = threads }
    return options
  }

  /// How many starts the search begins with.
  func startCount(_ size: SearchSize, gateReadsFeatures: Bool) -> Int {
    start == "mixed" ? size.startCount(gateReadsFeatures: gateReadsFeatures) : size.places
  }

  /// Where the fit starts.
  func readStart(experts: Int, labels: String?) throws -> Start {
    if start == "mixed" { return .mixed }
    if start == "prior" { return .priors }
    if let recipe = StartRecipe(rawValue: start) { return .recipe(recipe) }
    let bytes: ByteSource
    do { bytes = try ByteSource(InputFile(argument: start).url) } catch {
      throw DataError("\(start): cannot be read: \(systemReason(error))")
    }
    if bytes.opensAnObject || start.hasSuffix(".json") {
      let fitted = try FittedMixture(bytes)
      // A gate that knows labels reads their columns, which only rows with the same labels have.
      return .mixture(labels == fitted.design.labels?.column ? fitted.mixture : fitted.model.parts)
    }
    let rows = try numbers(of: "--init") { try Table(csv: bytes, format: $0) }
    guard rows[0].count == experts else {
      throw DataError(
        "\(start): \(rows[0].count) columns of responsibilities for \(experts) experts; a table needs one for each")
    }
    return .responsibilities(try ResponsibilityTable(rows))
  }

  /// Makes sure that standard input is read once.
  ///
  /// - Throws: `ValidationError`.
  func check(data: String) throws { try InputFile.check([InputFile(argument: start)], data: data) }

  /// The options as they were used.
  func summary(of fit: FittedMixture) -> String {
    let (count, places) = (fit.starts.count, fit.searchSize.places)
    let starts =
      count > places
      ? "\(count), of which the best \(places == 1 ? "one goes" : "\(places) go") on if they take long" : "\(count)"
    return FitReport.settings(
      of: "search",
      [
        ("init", start.printable + (anneal ? ", annealed" : "") + (noAcceleration ? ", not accelerated" : "")),
        ("starts", starts), ("iterations", "\(iterations) at most"), ("tolerance", "\(tolerance)"),
        ("seed", "\(seed)"), ("threads", "\(fit.options.threads)"),
      ])
  }

  private var isGiven: Bool { start != "mixed" && StartRecipe(rawValue: start) == nil }
}

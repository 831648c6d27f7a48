import Foundation
import GSL
import Mixtures

/// Times passes of a mixture of linear experts, and the skinny matrix products that a pass consists of.
///
/// Run with `make benchmark`.
@main
struct PassBenchmark {
  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    if numbers.count == 3 {
      return print(try measure(features: numbers[0], experts: numbers[1], threads: numbers[2]))
    }
    print("BLAS: \(blasName); \(rowCount) rows; medians of \(passes) passes")
    print("  n   K  threads  ms/pass  products ms  ratio  peak memory / data  errors ms  ratio to a pass")
    // What is printed must come before what the processes below print.
    fflush(nil)
    for (features, experts) in [(10, 4), (16, 8)] {
      for threads in [1, 2] {
        // Each in a process of its own, because the peak of a process never falls.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [features, experts, threads].map(String.init)
        try process.run()
        process.waitUntilExit()
      }
    }
  }

  private struct Result: CustomStringConvertible {
    var features, experts, threads: Int
    var milliseconds, products, memory, errors: Double

    var description: String {
      String(
        format: "%3d %3d %8d %8.2f %12.2f %6.2f %14.2f %10.2f %11.2f", features, experts, threads, milliseconds, products,
        milliseconds / products, memory, errors, errors / milliseconds)
    }
  }

  private static let rowCount = 100_000
  private static let passes = 30

  private static func measure(features: Int, experts: Int, threads: Int) throws -> Result {
    let baseline = peakMemory()
    let rows = try makeRows(features: features, experts: experts)
    let model = try MixtureModel(
      gate: DirichletGate(), blocks: [Block(experts, LinearExpert(noise: .shared))])
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    options.threads = threads
    let times = Times()
    _ = try model.fitBlocking(rows, from: .recipe(.random), options: options) { times.append($0.seconds) }
    let data = Double(rowCount * (features + 1) * MemoryLayout<Double>.size)
    let memory = Double(peakMemory() - baseline) / data
    return Result(
      features: features, experts: experts, threads: threads, milliseconds: 1000 * times.median(ofLast: passes),
      products: 1000 * timeProducts(features: features, experts: experts), memory: memory,
      errors: 1000 * (try timeErrors(model, rows, options)))
  }

  /// What standard errors add to the time of a fit: the median of differences between fits with and without them.
  private static func timeErrors(_ model: MixtureModel, _ rows: Observations, _ options: FitOptions) throws -> Double {
    func time(_ errors: ErrorMethod) throws -> Double {
      var options = options
      (options.maximumIterations, options.errors) = (2, errors)
      let began = ContinuousClock.now
      _ = try model.fitBlocking(rows, from: .recipe(.random), options: options)
      return (.now - began) / .seconds(1)
    }
    return try (0..<9).map { _ in -(try time(.meanField)) + (try time(.corrected)) }.sorted()[4]
  }

  /// Rows of a mixture of random linear models, w ~ N(0, 4 I), noise sd 0.5.
  private static func makeRows(features: Int, experts: Int) throws -> Observations {
    var source = RandomSource(seed: 1)
    let weights = (0..<experts).map { _ in (0..<features).map { _ in source.gaussian(standardDeviation: 2) } }
    var columns = (0..<features).map { _ in [Double](repeating: 0, count: rowCount) }
    var response = [Double](repeating: 0, count: rowCount)
    for i in 0..<rowCount {
      let expert = source.integer(below: experts)
      for j in 0..<features {
        columns[j][i] = source.gaussian()
        response[i] += weights[expert][j] * columns[j][i]
      }
      response[i] += source.gaussian(standardDeviation: 0.5)
    }
    return try Observations(
      features: columns.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) }, responses: [("y", response)])
  }

  /// The best time of the products alone: over tiles of 256 rows, with d = features + 1 columns of the design and
  /// d (d + 1) / 2 pairwise products, X M and P B for the scores, Pᵀ R and Xᵀ V for the sums.
  private static func timeProducts(features: Int, experts: Int) -> Double {
    let (tile, dimension) = (256, features + 1)
    let pairs = dimension * (dimension + 1) / 2
    func random(_ count: Int) -> [Double] {
      var source = RandomSource(seed: 2)
      return (0..<count).map { _ in source.uniform() }
    }
    let (x, p, m, b) = (
      random(tile * dimension), random(tile * pairs), random(dimension * experts), random(pairs * experts)
    )
    let r = random(tile * experts)
    var (scores, sums) = (random(tile * experts), random(pairs * experts))
    var best = Double.infinity
    for _ in 0..<passes {
      let began = ContinuousClock.now
      for _ in 0..<(rowCount / tile) {
        for (a, c, inner) in [(x, m, dimension), (p, b, pairs)] {
          multiply(
            a.span, rows: tile, stride: tile, transposed: false, c.span, columns: experts, stride: inner, inner: inner,
            into: &scores, stride: tile)
        }
        for (a, rows) in [(p, pairs), (x, dimension)] {
          multiply(
            a.span, rows: rows, stride: tile, transposed: true, r.span, columns: experts, stride: tile, inner: tile,
            into: &sums, stride: pairs, accumulating: true)
        }
      }
      best = min(best, (.now - began) / .seconds(1))
    }
    return best
  }

  /// The peak resident memory of the process so far, in bytes.
  private static func peakMemory() -> Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}

/// The seconds of the passes, collected by an observer on the fit's thread.
private final class Times: @unchecked Sendable {
  private var seconds: [Double] = []
  func append(_ value: Double) { seconds.append(value) }

  /// The median of the last passes, which are those over all rows: the first ones see a subsample.
  func median(ofLast count: Int) -> Double { seconds.suffix(count).sorted()[count / 2] }
}

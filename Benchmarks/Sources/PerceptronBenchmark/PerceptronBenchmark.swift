import BenchmarkData
import Foundation
import GSL
import Mixtures

/// Times EM iterations with a perceptron gate: 100,000 rows, 10 features that experts and gate see, 4 experts, one thread; 10 hidden
/// units, whose update looks at 20 trial points, each a pass over all rows.
///
/// Run with `make benchmark-perceptron`.
@main
struct PerceptronBenchmark {
  static func main() throws {
    let rows = try randomPlanes(rows: 100_000, features: 10, experts: 4, separation: 2, seed: 1)
    print("BLAS: \(blasName); \(rows.rowCount) rows, 10 features, 4 experts, 10 hidden units, 1 thread")
    print()
    print("| units | s/iteration, 20 trial points | s/iteration, 1 trial point | ms/trial point |")
    print("|---|---:|---:|---:|")
    for activation in PerceptronGate.Activation.allCases {
      let (many, one) = (try seconds(rows, activation, innerSteps: 20), try seconds(rows, activation, innerSteps: 1))
      print(
        String(format: "| %@ | %.3f | %.3f | %.1f |", activation.rawValue, many, one, 1000 * (many - one) / 19))
    }
  }

  /// The median time of an iteration: the update, and the pass behind it.
  private static func seconds(
    _ rows: Observations, _ activation: PerceptronGate.Activation, innerSteps: Int
  ) throws -> Double {
    let gate = try PerceptronGate(hiddenUnits: [10], activation: activation, innerSteps: innerSteps)
    let model = try MixtureModel(gate: gate, blocks: [Block(4, LinearExpert())])
    var options = FitOptions()
    options.maximumIterations = 10
    options.tolerance = .absolute(0)
    options.threads = 1
    var source = RandomSource(seed: 2)
    let labels = (0..<rows.rowCount).map { _ in source.integer(below: 4) }
    let start = Start.responsibilities(try ResponsibilityTable(labels: labels, expertCount: 4))
    let times = Times()
    _ = try model.fitBlocking(rows, from: start, options: options) { times.append($0.seconds) }
    return times.median
  }
}

/// The seconds of the passes, collected by an observer on the fit's thread.
private final class Times: @unchecked Sendable {
  private var seconds: [Double] = []
  func append(_ value: Double) { seconds.append(value) }
  var median: Double { seconds.sorted()[seconds.count / 2] }
}

import BenchmarkData
import Foundation
import Mixtures
import Synchronization

/// Passes until the ELBO is within 1e-8 nats of its final value, plain and accelerated, from the same random starts.
///
/// Run with `make benchmark-acceleration`; an argument is the number of starts, 10 by default.
@main
struct AccelerationBenchmark {
  static func main() throws {
    let starts = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10
    print(
      """
      Median iterations to within 1e-8 nats of the final ELBO, from \(starts) random starts, at most \(limit); and how many
      accelerated iterations were not kept. The ratio is that of the sums, over starts from which both end in one optimum; the
      worst is the least ratio of one start.

      """)
    print("| data | plain | accelerated | not kept | ratio | worst | one optimum | accelerated ends higher | lower |")
    print("|---|---|---|---|---|---|---|---|---|")
    for benchmark in try benchmarks() {
      var pairs: [(plain: Int, accelerated: Int, rejected: Int)] = []
      var (higher, lower) = (0, 0)
      for seed in 1...starts {
        let plain = try trace(benchmark, seed: UInt64(seed), isAccelerated: false)
        let accelerated = try trace(benchmark, seed: UInt64(seed), isAccelerated: true)
        let difference = accelerated.final - plain.final
        // Plain steps that creep may not have arrived.
        if abs(difference) > 1e-3 {
          if difference > 0 { higher += 1 } else { lower += 1 }
          continue
        }
        let target = max(plain.final, accelerated.final) - 1e-8
        pairs.append(
          (plain.passes(to: target), accelerated.passes(to: target), accelerated.reports.count { $0.step == .rejected }))
      }
      func median(_ values: [Int]) -> String { values.isEmpty ? "–" : "\(values.sorted()[values.count / 2])" }
      let sums = pairs.reduce((0, 0)) { ($0.0 + $1.plain, $0.1 + $1.accelerated) }
      let ratio = pairs.isEmpty ? "–" : String(format: "%.2f", Double(sums.0) / Double(sums.1))
      let worst = pairs.map { Double($0.plain) / Double($0.accelerated) }.min().map { String(format: "%.2f", $0) } ?? "–"
      print(
        "| \(benchmark.name) | \(median(pairs.map(\.plain))) | \(median(pairs.map(\.accelerated))) | "
          + "\(median(pairs.map(\.rejected))) | \(ratio) | \(worst) | \(pairs.count) | \(higher) | \(lower) |")
      fflush(nil)
    }
  }

  private static let limit = 20_000

  /// The passes of one fit.
  private struct Trace {
    var reports: [IterationReport]
    /// The highest ELBO of a pass that was kept.
    var final: Double

    /// The first pass that reached `target`, or all.
    func passes(to target: Double) -> Int {
      reports.first { $0.step != .rejected && $0.elbo.total >= target }?.iteration ?? reports.count
    }
  }

  private static func trace(_ benchmark: FitBenchmark, seed: UInt64, isAccelerated: Bool) throws -> Trace {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = limit
    options.tolerance = .absolute(1e-12)
    options.seed = seed
    options.isAccelerated = isAccelerated
    let reports = Mutex<[IterationReport]>([])
    let fit = try benchmark.mixture.fitBlocking(benchmark.rows, from: .recipe(.random), options: options) { report in
      reports.withLock { $0.append(report) }
    }
    return Trace(reports: reports.withLock { $0 }, final: fit.elbo.total)
  }

  private static func benchmarks() throws -> [FitBenchmark] {
    var result: [FitBenchmark] = []
    func add(_ name: String, _ rows: Observations, experts: Int) throws {
      result += try [
        FitBenchmark("\(name), ml, shared noise", rows, experts: experts, noise: .shared),
        FitBenchmark("\(name), ml, own noise", rows, experts: experts, noise: .perExpert),
        FitBenchmark("\(name), posterior", rows, experts: experts, noise: .gamma(), estimate: .variational),
      ]
    }
    for set in 1...3 {
      let rows = try overlappingPlanes(rows: 1000, features: 1, experts: 2, distance: 0.6, seed: UInt64(set))
      try add("K = 2, 0.6 sd apart, 1000 rows, set \(set)", rows, experts: 2)
    }
    for distance in [0.5, 1, 2] {
      let rows = try overlappingPlanes(rows: 2000, features: 1, experts: 2, distance: distance, seed: 11)
      try add("K = 2, \(distance) sd apart, 2000 rows", rows, experts: 2)
    }
    for distance in [1, 2.0] {
      let rows = try overlappingPlanes(rows: 3000, features: 4, experts: 3, distance: distance, seed: 11)
      try add("K = 3, n = 4, \(distance) sd apart", rows, experts: 3)
    }
    try add("tonedata, K = 2", ClassicData.tonedata.rows, experts: 2)
    try add("mcycle, K = 2", ClassicData.mcycle.rows, experts: 2)
    try add("npreg, K = 2", ClassicData.npreg.rows, experts: 2)
    try add("npreg, K = 3", ClassicData.npreg.rows, experts: 3)
    for (features, experts) in [(2, 2), (5, 3), (10, 4)] {
      for separation in [4, 40.0] {
        let rows = try randomPlanes(rows: 5000, features: features, experts: experts, separation: separation, seed: 11)
        try add("easy, n = \(features), K = \(experts), \(Int(separation)) sd", rows, experts: experts)
      }
    }
    return result
  }
}

import BenchmarkData
import Foundation
import Mixtures

/// How often each way of starting reaches the best optimum that any of them finds, and the passes it spends.
///
/// Run with `make benchmark-starts`; an argument is the number of seeds, 20 by default, and a second one a part of the names of the data
/// to which to keep.
@main
struct StartBenchmark {
  static func main() throws {
    let seeds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20
    print(
      """
      Of \(seeds) seeds with the default number of starts: how many reach the best optimum that any of these fits found
      (to 1e-4 nats, no expert collapsed), and the median iterations of all starts together. In the third column, how many of
      the default start reach the published optimum.

      """)
    print("| data | best | published: default | " + methods.map(\.name).joined(separator: " | ") + " |")
    print("|---|---|---|" + methods.map { _ in "---|" }.joined())
    let part = CommandLine.arguments.dropFirst(2).first ?? ""
    for benchmark in try benchmarks() + familyBenchmarks() where part.isEmpty || benchmark.name.contains(part) {
      var results: [[(elbo: Double, iterations: Int)]] = []
      for method in methods {
        results.append(
          try (1...seeds).map { seed in
            var options = FitOptions()
            options.seed = UInt64(seed)
            options.isAnnealed = method.isAnnealed
            let fit = try benchmark.mixture.fitBlocking(benchmark.rows, from: method.start, options: options)
            let hasCollapsed = fit.warnings.contains { $0.contains("collapsed") }
            return (
              hasCollapsed ? -.infinity : fit.elbo.total, fit.starts.reduce(0) { $0 + $1.iterations + $1.warmUpIterations }
            )
          })
      }
      let best = results.joined().map(\.elbo).max()!
      let cells = results.map { runs in
        let reached = runs.count { $0.elbo > best - 1e-4 }
        let iterations = runs.map(\.iterations).sorted()[runs.count / 2]
        return "\(reached) (\(iterations))"
      }
      let published = benchmark.reference.map { reference in
        String(format: "%.4f: %d", reference, results[0].count { $0.elbo > reference - 1e-4 })
      }
      let row = [benchmark.name, String(format: "%.4f", best), published ?? ""] + cells
      print("| " + row.joined(separator: " | ") + " |")
      fflush(nil)
    }
  }

  private struct Method {
    var name: String
    var start: Start
    var isAnnealed = false
  }

  private static let methods: [Method] =
    [Method(name: "default", start: .mixed)]
    + StartRecipe.allCases.map { Method(name: $0.rawValue, start: .recipe($0)) }
    + StartRecipe.allCases.map { Method(name: "\($0.rawValue), annealed", start: .recipe($0), isAnnealed: true) }

  private static func benchmarks() throws -> [FitBenchmark] {
    let (tone, npreg, mcycle) = (try ClassicData.tonedata.rows, try ClassicData.npreg.rows, try ClassicData.mcycle.rows)
    let gate = try SoftmaxGate(estimate: .maximumLikelihood)
    return try [
      FitBenchmark(
        "npreg, free, K = 1", npreg, experts: 1, noise: .perExpert, reference: -728.303518),
      FitBenchmark(
        "npreg, free, K = 2", npreg, experts: 2, noise: .perExpert, reference: -642.532014),
      FitBenchmark(
        "npreg, free, K = 3", npreg, experts: 3, noise: .perExpert, reference: -636.263706),
      FitBenchmark(
        "npreg, shared, K = 2", npreg, experts: 2, noise: .shared, reference: -642.532141),
      FitBenchmark(
        "tonedata, free, K = 2", tone, experts: 2, noise: .perExpert, reference: 141.198402),
      FitBenchmark(
        "tonedata, shared, K = 2", tone, experts: 2, noise: .shared, reference: 107.256698),
      FitBenchmark(
        "tonedata, shared, K = 3", tone, experts: 3, noise: .shared, reference: 132.572998),
      FitBenchmark(
        "mcycle, shared, K = 2", mcycle, experts: 2, noise: .shared, reference: -681.358114),
      FitBenchmark(
        "mcycle, free, K = 2", mcycle, experts: 2, noise: .perExpert, reference: -656.786522),
      FitBenchmark(
        "mcycle, shared, K = 3", mcycle, experts: 3, noise: .shared, reference: -677.343135),
      FitBenchmark(
        "tonedata, shared, K = 2, softmax", tone, experts: 2, noise: .shared, gate: gate,
        reference: 107.873481),
      FitBenchmark(
        "tonedata, free, K = 2, softmax", tone, experts: 2, noise: .perExpert, gate: gate,
        reference: 142.848014),
      FitBenchmark(
        "tonedata, shared, K = 3, softmax", tone, experts: 3, noise: .shared, gate: gate,
        reference: 137.111846),
      FitBenchmark(
        "mcycle, shared, K = 2, softmax", mcycle, experts: 2, noise: .shared, gate: gate,
        reference: -643.400067),
      FitBenchmark(
        "mcycle, free, K = 2, softmax", mcycle, experts: 2, noise: .perExpert, gate: gate,
        reference: -614.536742),
      FitBenchmark(
        "mcycle, shared, K = 3, softmax", mcycle, experts: 3, noise: .shared, gate: gate,
        reference: -620.713823),
      FitBenchmark(
        "mcycle, free, K = 3, softmax", mcycle, experts: 3, noise: .perExpert, gate: gate,
        reference: -580.517101),
      FitBenchmark(
        "mcycle, shared, K = 4, softmax", mcycle, experts: 4, noise: .shared, gate: gate,
        reference: -598.668325),
      FitBenchmark("npreg, posterior, K = 3", npreg, experts: 3, noise: .gamma(), estimate: .variational),
      FitBenchmark("mcycle, posterior, K = 3", mcycle, experts: 3, noise: .gamma(), estimate: .variational),
      FitBenchmark(
        "planes, n = 2, K = 4", randomPlanes(rows: 400, features: 2, experts: 4, separation: 4, seed: 1), experts: 4,
        noise: .shared),
      FitBenchmark(
        "planes, n = 5, K = 5", randomPlanes(rows: 1000, features: 5, experts: 5, separation: 3, seed: 2), experts: 5,
        noise: .shared),
      FitBenchmark(
        "planes, n = 10, K = 3", randomPlanes(rows: 600, features: 10, experts: 3, separation: 2, seed: 3), experts: 3,
        noise: .perExpert),
      FitBenchmark(
        "planes, unequal weights",
        randomPlanes(rows: 800, features: 2, experts: 3, separation: 4, weights: [0.85, 0.1, 0.05], seed: 4), experts: 3,
        noise: .shared),
      FitBenchmark(
        "planes, outliers", randomPlanes(rows: 600, features: 2, experts: 3, separation: 4, outliers: 0.05, seed: 5),
        experts: 3, noise: .shared),
      FitBenchmark(
        "lines, overlapping", overlappingPlanes(rows: 600, features: 1, experts: 3, distance: 1.5, seed: 6), experts: 3,
        noise: .shared),
    ]
  }
}

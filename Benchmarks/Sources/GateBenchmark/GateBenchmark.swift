import Foundation
import Mixtures

/// Times passes of mixtures of linear experts under gates that read features, and counts how often the experts are recovered.
///
/// Run with `make benchmark-gates`.
@main
struct GateBenchmark {
  static func main() throws {
    print("100,000 rows, 10 features, 4 experts, one thread; medians of \(passes) passes")
    for (name, gate) in [
      ("constant weights", try DirichletGate() as any Gate), ("softmax", try SoftmaxGate()),
      ("softmax, points", try SoftmaxGate(estimate: .maximumAPosteriori)),
    ] {
      print(String(format: "%@  %.1f ms a pass", name.padding(toLength: 18, withPad: " ", startingAt: 0), try time(gate)))
    }
    let successes = try (1...20).count { try recovers(seed: $0) }
    print("softmax, 10,000 rows: coefficients' root mean square error below 0.02 in \(successes) of 20 seeds")
  }

  private static let passes = 30

  private static func time(_ gate: any Gate) throws -> Double {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    options.threads = 1
    let times = Times()
    _ = try MixtureModel(gate: gate, blocks: [Block(4, LinearExpert())])
      .fitBlocking(Truth(rows: 100_000, seed: 1).observations(), from: .recipe(.random), options: options) {
        times.append($0.seconds)
      }
    return 1000 * times.median(ofLast: passes)
  }

  private static func recovers(seed: UInt64) throws -> Bool {
    let truth = Truth(rows: 10_000, seed: seed)
    var options = FitOptions()
    options.starts = 1
    options.tolerance = .relative(1e-8)
    options.seed = seed
    let fit = try MixtureModel(gate: SoftmaxGate(), blocks: [Block(4, LinearExpert(hasIntercept: false))])
      .fitBlocking(truth.observations(), options: options)
    let found = fit.mixture.experts(of: LinearExpert.self).map(\.coefficients.mean)
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let nearest = truth.coefficients.map { w in found.indices.min { distance(found[$0], w) < distance(found[$1], w) }! }
    let squares = zip(nearest, truth.coefficients).reduce(0) { $0 + distance(found[$1.0], $1.1) }
    return Set(nearest).count == 4 && (squares / 40).squareRoot() < 0.02
  }
}

/// Four linear models of ten features, w ~ N(0, 4 I), noise sd 0.5; the expert of a row is the largest of four random linear functions.
private struct Truth {
  var coefficients: [[Double]]
  private var columns: [[Double]]
  private var response: [Double] = []

  init(rows count: Int, seed: UInt64) {
    var source = RandomSource(seed: seed)
    coefficients = (0..<4).map { _ in (0..<10).map { _ in source.gaussian(standardDeviation: 2) } }
    let map = (0..<4).map { _ in (0..<10).map { _ in source.gaussian() } }
    columns = (0..<10).map { _ in (0..<count).map { _ in source.gaussian() } }
    for i in 0..<count {
      let x = columns.map { $0[i] }
      let expert = map.indices.max { dot(map[$0], x) < dot(map[$1], x) }!
      response.append(dot(coefficients[expert], x) + source.gaussian(standardDeviation: 0.5))
    }
  }

  func observations() throws -> Observations {
    try Observations(
      features: columns.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) }, responses: [("y", response)])
  }
}

/// The seconds of the passes, collected by an observer on the fit's thread.
private final class Times: @unchecked Sendable {
  private var seconds: [Double] = []
  func append(_ value: Double) { seconds.append(value) }

  /// The median of the last passes, which are those over all rows: the first ones see a subsample.
  func median(ofLast count: Int) -> Double { seconds.suffix(count).sorted()[count / 2] }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

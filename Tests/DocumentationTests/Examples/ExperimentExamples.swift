import CommandSupport
import Foundation
import MixtureDiagnostics
import Mixtures
import Testing

/// The code of the article `Experiments`.
@Suite struct ExperimentExamples {
  /// Two distributions, each on its side of x1 = 0.
  private func clouds() throws -> Table {
    var random = RandomSource(seed: 3)
    let x = (0..<100).map { _ in [random.gaussian(), random.gaussian()] }
    let y = x.map { x in
      (x[0] < 0 ? 1 + 2 * x[0] - x[1] : -1 - x[0] + 1.5 * x[1]) + random.gaussian(standardDeviation: 0.4)
    }
    return try Table([("x1", .numbers(x.map { $0[0] })), ("x2", .numbers(x.map { $0[1] })), ("y", .numbers(y))])
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")))
  func paths() async throws {
    let table = try clouds()
    let model = try Mixture("y ~ x1 + x2", gate: SoftmaxGate()) { Block(2, LinearExpert(noise: .perExpert)) }

    var options = FitOptions()
    var iterations: [FittedMixture] = []
    repeat {
      options.maximumIterations = iterations.count + 1
      iterations.append(try await model.fit(table, from: .coefficients([[1, 0, 0], [-1, 0, 0]]), options: options))
    } while iterations.last?.stopReason != .converged
    let figure = Figure.paths([("mixture of experts", iterations)], truth: [[1, 2, -1, 0.4], [-1, -1, 1.5, 0.8]])

    // Every iteration is one of the whole fit's.
    let whole = try await model.fit(table, from: .coefficients([[1, 0, 0], [-1, 0, 0]]))
    #expect(iterations.last?.elboTrace == whole.elboTrace && whole.starts[0].iterations == iterations.count)
    let folder = try TemporaryFolder()
    try figure.write(to: folder.url.appendingPathComponent("paths.svg"))
    let drawn = try folder.read("paths.svg")
    for text in ["expert 2", "truth", "mixture of experts", "x1", "noise sd", "iteration"] { #expect(drawn.contains(text)) }
  }

  /// The first row of the table.
  @Test func crossValidation() async throws {
    let table = try Table(csv: CommandLineTool.packageFolder.appendingPathComponent("Examples/Data/mcycle.csv"))
    let model = try Mixture("accel ~ times") { Block(1, LinearExpert()) }

    var score = 0.0
    for fold in try table.folds(10, seed: 1) {
      let fit = try await model.fit(fold.training)
      score += try fit.mixture.logPredictiveDensity(fit.observations(fold.heldOut))
    }

    #expect(abs(score + 701.6) < 0.05)
  }
}

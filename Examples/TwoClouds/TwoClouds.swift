import Foundation
import MixtureDiagnostics
import Mixtures

/// Two clouds of points in the plane with a linear distribution in each: a mixture of models, which does not know where the clouds are, beside
/// a mixture of experts, which finds out.
@main
struct TwoClouds {
  /// What makes the rows of each cloud, and with what noise: y = w₀ + w₁ x1 + w₂ x2 + ε.
  static let coefficients = [[1.0, 2.0, -1.0], [-1.0, -1.0, 1.5]]
  static let noise = [0.4, 0.8]

  static func main() async throws {
    let output = URL(fileURLWithPath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ".")
    let (table, clouds) = try data()
    let models = try [
      ("mixture of models", Mixture("y ~ x1 + x2", gate: DirichletGate()) { Block(2, LinearExpert(noise: .perExpert)) }),
      ("mixture of experts", Mixture("y ~ x1 + x2", gate: SoftmaxGate()) { Block(2, LinearExpert(noise: .perExpert)) }),
    ]
    var fits: [(title: String, iterations: [FittedMixture])] = []
    var summaries: [Summary] = []
    for (name, model) in models {
      let iterations = try await path(model, table)
      fits.append((name, iterations))
      var summary = try Summary(iterations[iterations.count - 1], table, clouds)
      summary.bestELBO = try await model.fit(table).elbo.total
      summary.meanError = try await meanError(model)
      summaries.append(summary)
    }
    print(Summary.markdown(models.map(\.0), summaries))

    print()
    let figures = try [
      ("two-clouds-paths", Figure.paths(fits, truth: zip(coefficients, noise).map { $0 + [$1] })),
      ("two-clouds-constant", Figure.gate(fits[0].iterations.last!, on: table, over: ["x1", "x2"])),
      ("two-clouds-softmax", Figure.gate(fits[1].iterations.last!, on: table, over: ["x1", "x2"])),
    ]
    for (name, figure) in figures {
      for file in try figure.write(named: name, into: output) { print("wrote \(file.relativePath)") }
    }
  }

  /// Two hundred rows, and the cloud of each.
  static func data(seed: UInt64 = 1) throws -> (Table, [Int]) {
    var random = RandomSource(seed: seed)
    let centres = [[-1.2, -0.6], [1.2, 0.6]]
    let clouds = (0..<200).map { $0 % 2 }
    let x = clouds.map { cloud in centres[cloud].map { random.gaussian(mean: $0, standardDeviation: 0.8) } }
    let y = zip(clouds, x).map { cloud, x in
      let w = coefficients[cloud]
      return w[0] + w[1] * x[0] + w[2] * x[1] + random.gaussian(standardDeviation: noise[cloud])
    }
    return (try Table([("x1", .numbers(x.map { $0[0] })), ("x2", .numbers(x.map { $0[1] })), ("y", .numbers(y))]), clouds)
  }

  /// The mixture after each iteration of one start, two level planes. A fit repeats itself, so one that must stop after t iterations
  /// ends where a longer one then was.
  static func path(_ model: Mixture, _ table: Table) async throws -> [FittedMixture] {
    var options = FitOptions()
    var iterations: [FittedMixture] = []
    repeat {
      options.maximumIterations = iterations.count + 1
      iterations.append(try await model.fit(table, from: .coefficients([[1, 0, 0], [-1, 0, 0]]), options: options))
    } while iterations.last?.stopReason != .converged
    return iterations
  }

  /// The mean over twenty other draws of the data of the error of the coefficients.
  static func meanError(_ model: Mixture) async throws -> Double {
    var sum = 0.0
    for seed in 101...120 as ClosedRange<UInt64> { sum += error(try await model.fit(data(seed: seed).0)) }
    return sum / 20
  }

  /// The length of what is wrong with all coefficients together, whichever expert took which cloud.
  static func error(_ fit: FittedMixture) -> Double {
    let experts = fit.mixture.experts(of: LinearExpert.self).map(\.coefficients.mean)
    return [experts, experts.reversed()].map { experts in
      zip(experts.joined(), coefficients.joined()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }.min() ?? .nan
  }
}

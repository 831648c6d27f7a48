import Foundation
import MixtureDiagnostics
import Mixtures

/// The head of a dummy in a simulated motorcycle crash (Silverman 1985): its acceleration stays level, falls, rises and rings out, and
/// scatters differently in each phase. Linear experts take the phases, and a gate decides by the time which of them is on.
@main
struct Motorcycle {
  static func main() async throws {
    let output = URL(fileURLWithPath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ".")
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Data/mcycle.csv").standardized
    let table = try Table(csv: data)
    let folds = try table.folds(10, seed: 1)

    print("| log density of held-out rows | mean of a row | standard error | total | lowest |")
    print("|---|---:|---:|---:|---:|")
    for (name, experts, gate) in try gates() {
      let score = try await Score(mixture(experts, gate), folds)
      let numbers = [("%.3f", score.mean), ("%.3f", score.standardError), ("%.1f", score.total), ("%.1f", score.lowest)]
      print("| \(name) | " + numbers.map { String(format: $0, $1) }.joined(separator: " | ") + " |")
    }

    print("\n| experts | constant gate, mean of a row | \(try softmax.name), mean of a row | ELBO of all rows |")
    print("|---:|---:|---:|---:|")
    for count in 2...6 {
      let constant = try await Score(mixture(count, DirichletGate()), folds)
      let model = try mixture(count, softmax.gate)
      let (score, fit) = (try await Score(model, folds), try await model.fit(table, options: options))
      print(String(format: "| %d | %.3f | %.3f | %.1f |", count, constant.mean, score.mean, fit.elbo.total))
    }

    print()
    for (name, gate) in try [("softmax", softmax.gate), ("perceptron", perceptron.gate)] {
      let figure = try Figure.predictive(await mixture(4, gate).fit(table, options: options), on: table)
      for file in try figure.write(named: "motorcycle-\(name)", into: output) { print("wrote \(file.relativePath)") }
    }
  }

  /// Fits are many, and a perceptron takes its time.
  static var options: FitOptions {
    var options = FitOptions()
    options.starts = 5
    return options
  }

  /// Linear experts in time, each with its own noise.
  static func mixture(_ count: Int, _ gate: any Gate) throws -> Mixture {
    try Mixture("accel ~ times", gate: gate) { Block(count, LinearExpert(noise: .perExpert)) }
  }

  /// The gates of the figures. The default penalty of one is too much for 133 rows: phases cannot begin and end as sharply as they do.
  static var softmax: (name: String, gate: any Gate) {
    get throws { ("softmax gate, penalty 0.01", try SoftmaxGate(penalty: 0.01)) }
  }
  static var perceptron: (name: String, gate: any Gate) {
    get throws { ("perceptron gate, penalty 0.1", try PerceptronGate(penalty: 0.1)) }
  }

  /// What is compared: a name, the number of experts, and their gate.
  static func gates() throws -> [(name: String, experts: Int, gate: any Gate)] {
    [
      ("one linear model", 1, try DirichletGate()),
      ("4 experts, constant gate", 4, try DirichletGate()),
      ("4 experts, softmax gate, penalty 1", 4, try SoftmaxGate()),
      ("4 experts, \(try softmax.name)", 4, try softmax.gate),
      ("4 experts, perceptron gate, penalty 1", 4, try PerceptronGate()),
      ("4 experts, \(try perceptron.name)", 4, try perceptron.gate),
      ("4 experts, perceptron gate, penalty 0.01", 4, try PerceptronGate(penalty: 0.01)),
    ]
  }

  /// The log predictive densities of all rows, each under the fit that has not seen it, in nats.
  struct Score {
    var mean: Double
    /// The standard deviation of a row's log density over √n.
    var standardError: Double
    var total: Double
    var lowest: Double

    init(_ model: Mixture, _ folds: [Table.Fold]) async throws {
      var densities: [Double] = []
      for fold in folds {
        let fit = try await model.fit(fold.training, options: Motorcycle.options)
        densities += zip(try fit.predict(fold.heldOut), try fit.response(fold.heldOut)).map { $0.logDensity(at: $1) }
      }
      let count = Double(densities.count)
      let total = densities.reduce(0, +)
      let squares = densities.reduce(0) { $0 + ($1 - total / count) * ($1 - total / count) }
      (mean, self.total, lowest) = (total / count, total, densities.min() ?? .nan)
      standardError = (squares / (count - 1) / count).squareRoot()
    }
  }
}

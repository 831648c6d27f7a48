import CommandSupport
import Foundation
import References
import Testing

/// What `mixtures predict` prints of every family, against quadrature (Tests/References/generate_posteriors.py).
@Suite struct PredictReferenceTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Prior: Decodable, Sendable {
      var variance: Double?
    }
    struct Noise: Decodable, Sendable {
      var kind: String
      var variance: Double?
    }
    struct Prediction: Decodable, Sendable {
      var mean, standardDeviation: Double
      var quantiles: [Double]
    }
    var name, family, estimate: String
    var prior: Prior?
    var noise: Noise?
    var degreesOfFreedom: Double?
    var columns, new: [String: [Double]]
    var predictions: [Prediction]
    var testDescription: String { name }

    /// The flags of a fit.
    var words: [String] {
      var words = ["--formula", columns["o"] == nil ? "y ~ x" : "y ~ x + offset(o)", "--family", family, "--experts", "1"]
      words += ["--estimate", estimate, "--tolerance", "1e-15", "--iterations", "20000", "--restarts", "1", "--quiet"]
      if columns["n"] != nil { words += ["--trials", "n"] }
      if let variance = prior?.variance { words += ["--prior", "fixed:\(variance)"] }
      if let variance = noise?.variance { words += ["--noise", "fixed:\(variance)"] }
      if let degreesOfFreedom { words += ["--dof", "\(degreesOfFreedom)"] }
      return words
    }
  }

  /// Of each family the fit with an offset, and that of maximum likelihood.
  static let cases: [Case] = ((try? Reference.load("posteriors", as: [Case].self)) ?? []).filter {
    $0.name.hasSuffix("normal prior, offset") || $0.estimate == "ml"
  }

  private func csv(_ columns: [String: [Double]]) -> String {
    let names = columns.keys.sorted()
    let rows = columns[names[0]]!.indices.map { i in names.map { "\(columns[$0]![i])" }.joined(separator: ",") }
    return ([names.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }

  @Test func referencesAreThere() { #expect(Self.cases.count == 10) }

  @Test(arguments: cases)
  func printsThem(expected: Case) throws {
    let folder = try TemporaryFolder()
    let data = try folder.write(csv(expected.columns), to: "data.csv")
    let new = try folder.write(csv(expected.new), to: "new.csv")
    let model = folder.path("model.json")
    // The reference is of the posterior as it is fitted, of points themselves.
    let errors = expected.words.contains("ml") ? [] : ["--errors", "mean-field"]
    let fit = try CommandLineTool.runAll(["fit", data, "--output", model] + expected.words + errors)
    #expect(fit.status == 0, "\(fit.errors)")
    let outcome = try CommandLineTool.run("predict", model, new, "--interval", "0.9", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try #require(try outcome.json as? [String: [Double]])
    for (i, prediction) in expected.predictions.enumerated() {
      let size = max(abs(prediction.mean), prediction.standardDeviation)
      guard expected.family != "bernoulli" else {
        #expect(abs(try #require(found["probability"])[i] - prediction.mean) <= 1e-6 * size)
        continue
      }
      let isWhole = expected.family == "poisson" || expected.family == "binomial"
      let quantities = [
        ("mean", prediction.mean, 1e-6), ("sd", prediction.standardDeviation, 1e-6),
        ("lower", prediction.quantiles[0], isWhole ? 0 : 1e-6), ("upper", prediction.quantiles[2], isWhole ? 0 : 1e-6),
      ]
      for (name, value, tolerance) in quantities {
        let printed = try #require(found[name])[i]
        #expect(abs(printed - value) <= tolerance * size, "\(name) \(printed), not \(value)")
      }
    }
  }
}

import CommandSupport
import Foundation
import Testing

/// What a newcomer does with each family: draw rows, type what `generate` says, look at the score, the predictions and the pictures.
@Suite struct FamilyJourneyTests {
  private let folder: TemporaryFolder
  private let tool: CommandLineTool

  init() throws {
    folder = try TemporaryFolder()
    tool = CommandLineTool(in: folder.url)
  }

  /// Runs a command line as a shell does.
  private func type(_ line: String) throws -> CommandLineTool.Outcome {
    let path = "PATH='\(CommandLineTool.programFolder.path)':\"$PATH\""
    let outcome = try tool.run("/bin/sh", ["-c", "\(path); \(line)"])
    #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    return outcome
  }

  /// Recipes, what is said of how to fit them, and what is drawn.
  @Test(arguments: [
    ("linear", "--target y --experts 2", "y"), ("student:3", "--target y --family student --experts 2", "y"),
    ("poisson", "--target y --family poisson --experts 2", "y"),
    ("poisson:8", "--formula 'y ~ x1 + x2 + offset(log(exposure))' --family poisson --experts 2", "y"),
    ("binomial", "--target y --family binomial --experts 2 --trials trials", "share of y among trials"),
    ("bernoulli+grouped:10", "--target y --family bernoulli --experts 2 --group group", "probability of y"),
  ])
  func everyFamily(recipe: String, options: String, label: String) throws {
    let generated = try type(
      "mixtures generate \(recipe) --rows 300 --experts 2 --seed 3 --output data.csv --truth truth.json")
    let said = generated.output.split(separator: "\n").suffix(2).map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(
      said == [
        "mixtures fit data.csv \(options) --output model.json", "mixtures score model.json --truth truth.json",
      ])
    _ = try type(said[0] + " --restarts 2")
    let score = try type(said[1] + " --rows 1000 --json").json
    #expect((score["logDensity"] as? [String: Any]) != nil && (score["parameters"] as? [Any])?.isEmpty == false)
    #expect((score["responseCoverage"] as? [Any])?.count == 3)
    // Nothing of the parameters is left out.
    let omissions = (score["omissions"] as? [[String: Any]] ?? []).compactMap { $0["part"] as? String }
    #expect(omissions.isEmpty, "\(omissions)")
    #expect(try type("mixtures predict model.json data.csv").output.split(separator: "\n").count == 301)
    for kind in ["fit", "predictive"] {
      _ = try type("mixtures plot \(kind) model.json --data data.csv --output \(kind).svg")
      #expect(try folder.read("\(kind).svg").contains(label))
    }
  }

  /// Weights, further experts and curves have their options, too, and lead to a fit.
  @Test(arguments: [
    ("linear+softmax+irrelevant:1", "--target y --experts 3 --gate softmax"),
    ("linear+membership", "--formula 'y ~ x1 + x2 | category' --experts 3 --gate membership"),
    ("linear+contaminated", "--target y --family normal:3 --family background:1"),
    ("poisson+contaminated", "--target y --family poisson --experts 4"),
    ("curves", "--formula 'y ~ x + I(x^2)' --experts 3 --gate softmax"),
    ("binomial+gaussian", "--target y --family binomial --experts 3 --trials trials --gate gaussian"),
  ])
  func everyStep(recipe: String, options: String) throws {
    let generated = try type("mixtures generate \(recipe) --rows 200 --output data.csv")
    let said = try #require(generated.output.split(separator: "\n").last).trimmingCharacters(in: .whitespaces)
    #expect(said == "mixtures fit data.csv \(options)")
    _ = try type(said + " --restarts 1 --iterations 20 --quiet")
  }

  /// Data on standard output go straight into a fit, by the words that are said beside them.
  @Test func pipe() throws {
    let line = "mixtures generate binomial --rows 200 --experts 2 --output -"
    let said = try #require(try type(line).errors.split(separator: "\n").last).trimmingCharacters(in: .whitespaces)
    #expect(said == "mixtures fit - --target y --family binomial --experts 2 --trials trials")
    #expect(try type("\(line) --quiet | \(said) --restarts 1").output.contains("ELBO"))
  }

  /// Where no expert is like a generator's, or columns have no names, nothing is said.
  @Test(arguments: [("clouds", "data.csv"), ("multinomial", "data.csv"), ("linear", "data.npy")])
  func nothingToSay(recipe: String, name: String) throws {
    #expect(try !type("mixtures generate \(recipe) --rows 50 --output \(name)").output.contains("mixtures fit"))
  }
}

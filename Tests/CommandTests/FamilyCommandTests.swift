import CommandSupport
import Foundation
import Testing

/// Experts of other families on the command line.
@Suite struct FamilyCommandTests {
  /// Two kinds of rows: successes of 12 trials, counts, yes or no, and a number.
  private func data(_ folder: TemporaryFolder, changing row: (index: Int, line: String)? = nil) throws -> String {
    var lines = (0..<80).map { i -> String in
      let x = Double(i % 20) / 10
      let (successes, count) = i % 2 == 0 ? (2 + i % 3, 1 + i % 3) : (9 + i % 3, 20 + i % 7)
      return "\(x),\(successes),12,\(12 - successes),\(count),\(i % 2),\(Double(count) + x)"
    }
    if let row { lines[row.index] = row.line }
    return try folder.write((["x,won,played,lost,count,yes,y"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
  }

  @Test func successesOfTrialsAreWrittenInTwoWays() throws {
    let folder = try TemporaryFolder()
    let data = try data(folder)
    let outcomes = try [
      ["--formula", "won ~ x", "--trials", "played"], ["--formula", "cbind(won, lost) ~ x"],
    ].map { try CommandLineTool.runAll(["fit", data, "--family", "binomial", "--json", "--seed", "3"] + $0) }
    #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.map(\.errors))")
    let elbos = try outcomes.map { try #require($0.json["elbo"] as? Double) }
    #expect(elbos[0] == elbos[1])
  }

  @Test(arguments: ["poisson", "bernoulli", "student"])
  func fitsSavesAndPredicts(family: String) throws {
    let folder = try TemporaryFolder()
    let (data, model) = (try data(folder), folder.path("model.json"))
    let target = ["poisson": "count", "bernoulli": "yes", "student": "y"][family]!
    let fit = try CommandLineTool.run(
      "fit", data, "--formula", "\(target) ~ x", "--family", family, "--output", model, "--restarts", "5")
    #expect(fit.status == 0, "\(fit.errors)")
    let predicted = try CommandLineTool.run("predict", model, data)
    #expect(predicted.status == 0, "\(predicted.errors)")
    let lines = predicted.output.split(separator: "\n")
    let isYesOrNo = family == "bernoulli"
    #expect(
      lines.first.map(String.init) == (isYesOrNo ? "probability,weight1,weight2" : "mean,sd,lower,upper,weight1,weight2"))
    let numbers = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(numbers.count == 80)
    if isYesOrNo { #expect(numbers.allSatisfy { (0...1).contains($0[0]) }) }
    if family == "poisson" { #expect(numbers.allSatisfy { $0[2] == $0[2].rounded() && $0[3] == $0[3].rounded() }) }
    #expect(try CommandLineTool.run("describe", model).status == 0)
  }

  @Test func familiesOfOneKindMix() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.run(
      "fit", data(folder), "--formula", "y ~ x", "--family", "normal:1", "--family", "student:1", "--dof", "4",
      "--restarts",
      "5")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("normal") || outcome.output.contains("linear"))
  }

  @Test(arguments: [
    (
      ["--family", "normal:1", "--family", "poisson:1"], "poisson has probabilities of whole numbers, and normal densities"
    ),
    (["--family", "poisson", "--noise", "shared"], "--noise is of normal and student experts"),
    (["--family", "poisson", "--dof", "4"], "--dof is of student experts"),
    (["--family", "student", "--dof", "0"], "takes estimate, or a number"),
    (["--family", "poison"], "there are normal, student, poisson, binomial, bernoulli, background"),
    (["--family", "poisson:0"], "the number of experts, as in poisson:2"),
    (["--family", "normal", "--family", "student:1"], "each needs its number of experts"),
    (["--family", "normal:1", "--family", "normal:1"], "--family normal is given twice"),
    (["--family", "normal:2", "--family", "student:1", "--experts", "2"], "the families have 3 together"),
  ])
  func refusals(words: [String], message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.runAll(["fit", data(folder), "--formula", "y ~ x"] + words)
    #expect(outcome.status == 64 && outcome.flattenedErrors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("poisson", "count ~ x", "0,2,12,10,-1,0,1", "row 6: count is -1, which is no count"),
    ("poisson", "count ~ x", "0,2,12,10,1.5,0,1", "row 6: count is 1.5, which is no count"),
    ("bernoulli", "yes ~ x", "0,2,12,10,1,2,1", "row 6: yes is 2, but a BernoulliExpert explains 0 and 1, no and yes"),
    ("bernoulli", "yes ~ x", "0,2,12,10,1,0.5,1", "row 6: yes is 0.5, but"),
    ("binomial", "cbind(won, lost) ~ x", "0,2,12,-3,1,0,1", "row 6: won is more than its number of trials, -1"),
    ("binomial", "cbind(won, lost) ~ x", "0,2,12,1.5,1,0,1", "row 6: the number of trials of won is 3.5"),
    ("binomial", "won ~ x", "0,2,12,10,1,0,1", "row 1: won is 2, but a BinomialExpert explains successes among trials"),
  ])
  func valuesThatTheFamilyHasNot(family: String, formula: String, line: String, message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.run(
      "fit", data(folder, changing: (5, line)), "--formula", formula, "--family", family)
    #expect(outcome.status == 65 && outcome.flattenedErrors.contains(message), "\(outcome.status) \(outcome.errors)")
  }
}

extension CommandLineTool.Outcome {
  /// What stands on standard error, in one line.
  var flattenedErrors: String {
    errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

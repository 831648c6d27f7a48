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
    (["--family", "poisson:0"], "the number of experts, from 1 to 10000, as in poisson:2"),
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
    ("poisson", "count ~ x", "0,2,12,10,-1,0,1", "row 6: count is -1, which is not a count"),
    ("poisson", "count ~ x", "0,2,12,10,1.5,0,1", "row 6: count is 1.5, which is not a count"),
    ("bernoulli", "yes ~ x", "0,2,12,10,1,2,1", "row 6: yes is 2, but a BernoulliExpert explains 0 and 1, no and yes"),
    ("bernoulli", "yes ~ x", "0,2,12,10,1,0.5,1", "row 6: yes is 0.5, but"),
    (
      "binomial", "cbind(won, lost) ~ x", "0,2,12,-3,1,0,1",
      "row 6: the number of failures, lost, is -3, which is not a count"
    ),
    ("binomial", "cbind(won, lost) ~ x", "0,2,12,1.5,1,0,1", "row 6: the number of failures, lost, is 1.5"),
    ("binomial", "won ~ x", "0,2,12,10,1,0,1", "row 1: won is 2, but a BinomialExpert explains successes among trials"),
  ])
  func valuesThatTheFamilyHasNot(family: String, formula: String, line: String, message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.run(
      "fit", data(folder, changing: (5, line)), "--formula", formula, "--family", family)
    #expect(outcome.status == 65 && outcome.flattenedErrors.contains(message), "\(outcome.status) \(outcome.errors)")
  }

  /// Predictions are of as many trials as new rows have, which must be there; the response need not be.
  @Test func predictionsNeedTheNumbersOfTrials() throws {
    let folder = try TemporaryFolder()
    let (data, model) = (try data(folder), folder.path("model.json"))
    func predictions(_ formula: [String], _ rows: String) throws -> CommandLineTool.Outcome {
      let fit = try CommandLineTool.runAll(["fit", data, "--family", "binomial", "-q", "-o", model] + formula)
      #expect(fit.status == 0, "\(fit.errors)")
      return try CommandLineTool.run("predict", model, folder.write(rows, to: "new.csv"))
    }
    let named = ["--formula", "won ~ x", "--trials", "played"]
    let missing = try predictions(named, "x\n1\n")
    #expect(missing.status == 65, "\(missing.output)")
    #expect(missing.flattenedErrors.contains("no column \"played\", which says of how many trials won is"))
    let pair = try predictions(["--formula", "cbind(won, lost) ~ x"], "x,lost\n1,3\n")
    #expect(pair.status == 65 && pair.flattenedErrors.contains("which is the sum of won and lost"), "\(pair.errors)")
    let both = try predictions(["--formula", "cbind(won, lost) ~ x"], "x,won,lost\n1,0,12\n")
    let difference = try predictions(["--formula", "cbind(won, played - won) ~ x"], "x,played\n1,12\n")
    let column = try predictions(named, "x,played\n1,12\n")
    #expect(both.status == 0 && both.output == difference.output && both.output == column.output, "\(difference.errors)")
    // Weights need no trials.
    let empty = try folder.write("x,played,won\n1,12,\n", to: "empty.csv")
    #expect(try CommandLineTool.run("predict", model, empty).output == column.output)
  }

  /// What a word stands for is said even where nothing else is.
  @Test func whichWordIsOneIsAlwaysSaid() throws {
    let folder = try TemporaryFolder()
    let data = try folder.write("x,fate\n1,died\n2,alive\n3,died\n4,alive\n5,alive\n", to: "fate.csv")
    let fit = try CommandLineTool.run("fit", data, "--formula", "fate ~ x", "--family", "bernoulli", "-k", "1", "-q")
    #expect(fit.output.hasPrefix("fate: died is 1 and alive is 0, so probabilities are P(died)\n"), "\(fit.output)")
  }

  /// A model of other experts than its data had is no model.
  @Test func modelsOfOtherExpertsAreDamaged() throws {
    let folder = try TemporaryFolder()
    let (data, model) = (try data(folder), folder.path("model.json"))
    let options = ["--formula", "won ~ x", "--trials", "played", "--family", "binomial", "-k", "1", "-q", "-o", model]
    #expect(try CommandLineTool.runAll(["fit", data] + options).status == 0)
    let text = try String(contentsOf: URL(fileURLWithPath: model), encoding: .utf8)
    let changed = try folder.write(text.replacing("Binomial", with: "Poisson"), to: "changed.json")
    let outcome = try CommandLineTool.run("predict", changed, data)
    #expect(outcome.status == 65 && outcome.flattenedErrors.contains("a damaged model file"), "\(outcome.errors)")
    #expect(outcome.flattenedErrors.contains("does not know numbers of trials, which the data have"), "\(outcome.errors)")
  }

  /// Families say how many experts they have, in a benchmark, too.
  @Test func benchmarksCountTheExpertsOfFamilies() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      """
      {"grids": [{"name": "a", "seeds": 1, "unseenRows": 50, "generators": [{"recipe": "linear", "rows": 60, "experts": 3}],
        "models": [{"name": "m", "options": "--restarts 1 --family normal:2 --family background:1"}]}]}
      """, to: "suite.json")
    let outcome = try CommandLineTool(in: folder.url).run(["benchmark", "suite.json", "--output", "results"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}

extension CommandLineTool.Outcome {
  /// What stands on standard error, in one line.
  var flattenedErrors: String {
    errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

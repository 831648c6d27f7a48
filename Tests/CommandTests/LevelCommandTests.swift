import CommandSupport
import Foundation
import Testing

/// Yes or no in words, and what the report as JSON says of responses.
@Suite struct LevelCommandTests {
  /// x and an answer, which depends on x in two kinds of rows, of which `group` has five each.
  private func data(_ folder: TemporaryFolder, no: String = "no", yes: String = "yes", also: [String] = []) throws -> String
  {
    let lines = (0..<120).map { i -> String in
      let x = Double((i * 7) % 24) / 4 - 3
      let isYes = ((i / 5) % 2 == 0 ? x : -x) + Double((i * 5) % 7 - 3) > 0
      return "\(x),\(isYes ? yes : no),\(isYes ? 1 : 0),\(i / 5),\((i * 3) % 6),6"
    }
    return try folder.write(
      (["x,answer,number,group,won,played"] + lines + also).joined(separator: "\n") + "\n", to: "data.csv")
  }

  private let options = ["--family", "bernoulli", "--group", "group", "--restarts", "5"]

  @Test func wordsAreYesAndNo() throws {
    let folder = try TemporaryFolder()
    let (data, model) = (try data(folder), folder.path("model.json"))
    let words = try CommandLineTool.runAll(["fit", data, "--formula", "answer ~ x", "--output", model] + options)
    #expect(words.status == 0, "\(words.errors)")
    let line = "answer: yes is 1 and no is 0, so probabilities are P(yes)"
    #expect(words.errors.contains(line) && words.output.contains(line), "\(words.errors)\(words.output)")
    #expect(try CommandLineTool.run("describe", model).output.contains(line))
    // The same as in numbers.
    let json = try ["answer", "number"].map {
      try CommandLineTool.runAll(["fit", data, "--formula", "\($0) ~ x", "--json"] + options).json
    }
    #expect(json[0]["elbo"] as? Double == json[1]["elbo"] as? Double)
    #expect(json[0]["successLevel"] as? String == "yes" && json[1]["successLevel"] == nil)
    // New rows need no answer.
    let new = try folder.write("x\n-1\n2\n", to: "new.csv")
    #expect(try CommandLineTool.run("predict", model, new).status == 0)
  }

  /// A gate that reads features is described where no answer is known.
  @Test func gatesAreDescribedForWords() throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let fit = try CommandLineTool.runAll(
      ["fit", data(folder), "--formula", "answer ~ x", "--gate", "softmax", "--output", model] + options.prefix(2))
    #expect(fit.status == 0, "\(fit.errors)")
    let described = try CommandLineTool.run("describe", model)
    #expect(described.status == 0 && described.output.contains("softmax gate: weights"), "\(described.errors)")
  }

  /// Trials of new rows are counts, too.
  @Test(arguments: [("2.5", "2.5"), ("-3", "-3")])
  func newRowsHaveWholeTrials(trials: String, told: String) throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let fit = try CommandLineTool.runAll(
      ["fit", data(folder), "--formula", "won ~ x", "--trials", "played", "--family", "binomial", "--output", model])
    #expect(fit.status == 0, "\(fit.errors)")
    let new = try folder.write("x,played\n1,6\n1,\(trials)\n", to: "new.csv")
    let predicted = try CommandLineTool.run("predict", model, new)
    #expect(
      predicted.status == 65
        && predicted.flattenedErrors.contains("row 2: the number of trials of won is \(told), which is not a count"),
      "\(predicted.output)\(predicted.errors)")
  }

  @Test(arguments: [("FALSE", "TRUE"), ("control", "treated"), ("f", "m"), ("right", "left")])
  func anyTwoWords(no: String, yes: String) throws {
    let folder = try TemporaryFolder()
    let fit = try CommandLineTool.runAll(
      ["fit", data(folder, no: no, yes: yes), "--formula", "answer ~ x", "--quiet"] + options)
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(!fit.errors.contains("so probabilities are"))
  }

  @Test func threeWordsAreNamed() throws {
    let folder = try TemporaryFolder()
    let fit = try CommandLineTool.runAll(
      ["fit", data(folder, also: ["0,maybe,1,30,2,6"]), "--formula", "answer ~ x"] + options)
    #expect(
      fit.status == 65
        && fit.errors.contains(
          "answer has 3 levels, maybe, no and yes, but a BernoulliExpert explains 0 and 1, no and yes: it must be one of two in each row"
        ),
      "\(fit.errors)")
    let line = try CommandLineTool.run("fit", data(folder), "--formula", "answer ~ x")
    #expect(
      line.status == 65 && line.flattenedErrors.contains("such as a BernoulliExpert (--family bernoulli)"), "\(line.errors)"
    )
  }

  /// Every family has a report as JSON, and the trials are among it.
  @Test(arguments: [
    ("normal", ["--formula", "won ~ x"]), ("student", ["--formula", "won ~ x"]), ("background", ["--formula", "won ~ x"]),
    ("poisson", ["--formula", "won ~ x"]), ("bernoulli", ["--formula", "number ~ x"]),
    ("binomial", ["--formula", "won ~ x", "--trials", "played"]),
  ])
  func everyFamilyHasJSON(family: String, formula: [String]) throws {
    let folder = try TemporaryFolder()
    for estimate in ["variational", "map", "ml"] {
      let outcome = try CommandLineTool.runAll(
        ["fit", data(folder), "--family", family, "--estimate", estimate, "--json", "--restarts", "3"] + formula)
      #expect(outcome.status == 0, "\(estimate): \(outcome.errors)")
      let json = try outcome.json
      let experts = try #require(json["experts"] as? [[String: Any]])
      #expect(experts.count == 2 && json["elbo"] is Double && json["logLikelihood"] is Double)
      #expect(experts.allSatisfy { !(($0["parameters"] as? [[String: Any]]) ?? []).isEmpty })
      #expect(json["trials"] as? String == (family == "binomial" ? "played" : nil))
    }
  }

  /// What there is to do about separated rows stands on standard error, and in the report as JSON.
  @Test func separatedRowsAreNamed() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\($0),\($0 < 15 ? "no" : "yes")" }
    let data = try folder.write((["x,answer"] + rows).joined(separator: "\n") + "\n", to: "data.csv")
    let words = ["fit", data, "--formula", "answer ~ x", "--family", "bernoulli", "--experts", "1"]
    let likelihood = try CommandLineTool.runAll(words + ["--estimate", "ml"])
    #expect(
      likelihood.status == 0
        && likelihood.flattenedErrors.contains(
          "warning: the rows of expert 1 are separated, completely or quasi-completely, by x: their likelihood rises without end with the "
            + "coefficient, of which the estimate shows no more than where the fit stopped; take a prior (--estimate map or variational, or "
            + "another --prior), or leave x out"),
      "\(likelihood.errors)")
    let posterior = try CommandLineTool.runAll(words + ["--json"])
    let warnings = try posterior.json["warnings"] as? [String] ?? []
    #expect(warnings.contains { $0.hasSuffix("which only the prior keeps finite") })
  }
}

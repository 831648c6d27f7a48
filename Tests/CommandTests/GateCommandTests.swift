import CommandSupport
import Foundation
import Testing

/// `mixtures fit --gate`: every gate from the data to predictions, words and figures.
@Suite struct GateCommandTests {
  private static let motorcycle = CommandLineTool.dataFile("mcycle.csv")

  @Test(arguments: [
    "dirichlet", "stick-breaking", "softmax", "softmax-bayes", "perceptron:3", "hierarchical", "hierarchical:(1,2)",
    "gaussian",
  ])
  func everyGateFitsAndPredicts(gate: String) throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let outcome = try CommandLineTool.run(
      "fit", Self.motorcycle, "--target", "accel", "--gate", gate, "--noise", "per-expert", "--restarts", "2",
      "--iterations",
      "60", "--json", "--output", model)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let told = try #require(outcome.json["gate"] as? [String: Any])
    #expect(told["type"] as? String != nil)
    #expect(try #require(told["parameters"] as? [Any]).allSatisfy { !ToldParameter.list($0).isEmpty })
    let common = ToldParameter.list(told["common"])
    // Three hidden units of two weights.
    #expect(common.count == (gate == "perceptron:3" ? 6 : gate == "stick-breaking" ? 1 : 0))
    let predicted = try CommandLineTool.run("predict", model, Self.motorcycle)
    let rows = predicted.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").suffix(2).map(String.init)
    }
    #expect(rows.count == 133)
    let dependsOnRow = Set(rows.map { $0[0] }).count > 1
    #expect(dependsOnRow == !["dirichlet", "stick-breaking"].contains(gate))
    let described = try CommandLineTool.run("describe", model).output
    #expect(described.contains("weights where a feature is low and high") == dependsOnRow)
  }

  /// A category has a line for each of its levels, with the shares of the rows that have it, and a number two.
  @Test(arguments: ["y ~ x | g", "y ~ x | 0 + g", "y ~ x | g + x"])
  func categoriesAreDescribedByTheirLevels(formula: String) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<300).map { i in
      let (x, jitter) = (Double(i * 37 % 101) / 10 - 5, Double(i * 7919 % 101) / 100 - 0.5)
      // Of the rows with level a all but a tenth are on the first line, with b the half, and with c a tenth.
      let isFirst = (i / 3) % 10 < [9, 5, 1][i % 3]
      return "\(x),\((isFirst ? 3 + 2 * x : -3 - 2 * x) + jitter),\("abc".map(String.init)[i % 3])\n"
    }
    let (data, model) = (try folder.write("x,y,g\n" + rows.joined(), to: "data.csv"), folder.path("model.json"))
    let outcome = try CommandLineTool.run(
      "fit", data, "--formula", formula, "--gate", "softmax", "--restarts", "5", "--output", model)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let described = try CommandLineTool.run("describe", model).output
    let hasNumber = formula.hasSuffix("x")
    #expect(
      described.contains(
        "softmax gate: weights at each level of a category"
          + (hasNumber ? ", and where a feature is low and high, the others at their means\n" : "\n")))
    let lines = described.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let levels =
      lines.filter { $0.count == 4 && $0[0] == "g" && $0[1] == "a" }
      + lines.filter { $0.count == 3 && ["b", "c"].contains($0[0]) }
    #expect(levels.count == 3)
    let weights = levels.compactMap { line in line.dropFirst(line.count - 2).first.flatMap(Double.init) }
    let ofFirst = weights.first ?? 0 > 0.5 ? weights : weights.map { 1 - $0 }
    #expect(ofFirst.count == 3 && zip(ofFirst, [0.9, 0.5, 0.1]).allSatisfy { abs($0 - $1) < 0.06 }, "\(ofFirst)")
    #expect(lines.contains { $0.first == "x" && $0.count == 4 } == hasNumber)
    #expect(!described.contains("the more g"))
  }

  @Test func aSoftmaxGateIsTold() throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let outcome = try CommandLineTool.run(
      "fit", Self.motorcycle, "--formula", "accel ~ times | times", "--gate", "softmax-bayes", "--json", "--output", model)
    let gate = try #require(outcome.json["gate"] as? [String: Any])
    let parameters = try #require(gate["parameters"] as? [Any]).map { ToldParameter.list($0) }
    #expect(parameters.count == 2 && parameters[0].map(\.name) == ["(intercept)", "times"])
    #expect(abs(parameters[0][1].value + parameters[1][1].value) < 1e-9)
    #expect((parameters[0][1].standardError ?? 0) > 0)
    let described = try CommandLineTool.run("describe", model).output
    #expect(described.contains("the more times, the more expert"))
  }

  /// Two kinds of patients who take one drug or the other at different rates.
  @Test func groupsHaveWeightsOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<120).map { i in
      let (patient, x) = (["ann", "bob"][i / 60], Double(i % 12))
      let isFirst = i / 60 == 0 ? i % 10 < 8 : i % 10 < 2
      return "\(patient),\(x),\((isFirst ? 2 * x : 30 - x) + 0.1 * sin(Double(7 * i)))"
    }
    let data = try folder.write((["patient,x,y"] + rows).joined(separator: "\n"), to: "data.csv")
    let model = folder.path("model.json")
    let fit = try CommandLineTool.run(
      "fit", data, "--formula", "y ~ x", "--gate", "membership", "--gate-features", "patient", "--quiet", "--output", model)
    #expect(fit.status == 0, "\(fit.errors)")
    let predicted = try CommandLineTool.run("predict", model, data).output.split(separator: "\n").dropFirst()
    let weights = predicted.compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
    // Nearly 0.8 and 0.2: where the lines cross, nobody can tell.
    #expect(Set(weights).count == 2)
    #expect(abs(weights[0] - 0.5) > 0.2 && abs(weights[0] - 0.5) < 0.35 && abs(weights[0] + weights[119] - 1) < 0.1)
  }

  /// A file that was changed by hand must not bring the program down.
  @Test func aGateWithTooFewWeightsIsDamage() throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    _ = try CommandLineTool.run(
      "fit", Self.motorcycle, "--target", "accel", "--gate", "perceptron:2", "--restarts", "1", "--iterations", "3",
      "--quiet",
      "--output", model)
    var file = try #require(JSONSerialization.jsonObject(with: Data(folder.read("model.json").utf8)) as? [String: Any])
    var fit = try #require(file["model"] as? [String: Any])
    var mixture = try #require(fit["mixture"] as? [String: Any])
    var gate = try #require(mixture["gate"] as? [String: Any])
    var value = try #require(gate["value"] as? [String: Any])
    let parameters = try #require(value["parameters"] as? [Double])
    value["parameters"] = Array(parameters.dropLast())
    gate["value"] = value
    mixture["gate"] = gate
    fit["mixture"] = mixture
    file["model"] = fit
    let text = String(decoding: try JSONSerialization.data(withJSONObject: file), as: UTF8.self)
    let damaged = try folder.write(text, to: "damaged.json")
    for arguments in [["describe", damaged], ["predict", damaged, Self.motorcycle]] {
      let outcome = try CommandLineTool.runAll(arguments)
      #expect(
        outcome.status == 65 && outcome.errors.contains("parameters: ")
          && outcome.errors.contains("the weights of all layers"), "\(outcome.errors)")
    }
  }

  @Test func gateFeaturesAreLikeTermsBehindABar() throws {
    func elbo(_ arguments: String...) throws -> [Double]? {
      try CommandLineTool.runAll(["fit", Self.motorcycle, "--gate", "softmax", "--restarts", "1", "--json"] + arguments)
        .json["elboTrace"] as? [Double]
    }
    let formula = try elbo("--formula", "accel ~ I(times^2) | times")
    #expect(try formula != nil && formula == elbo("--formula", "accel ~ I(times^2)", "--gate-features", "times"))
    #expect(try formula != elbo("--formula", "accel ~ I(times^2)"))
  }

  @Test(arguments: [
    (["--gate", "soft"], "soft"), (["--gate", "softmax:3"], "softmax:3"), (["--gate", "hierarchical:(1,3)"], "tree"),
    (["--gate", "membership"], "--gate-features"), (["--gate", "perceptron:0"], "perceptron:0"),
    (["--gate-penalty=-1"], "--gate-penalty"), (["--gate-features", "times"], "same weights in each row"),
    (["--gate", "softmax-bayes", "--gate-penalty", "0"], "needs a prior"), (["--concentration", "1,2,3"], "3 numbers"),
    (["--concentration", "1,-2"], "'1,-2'"),
    (["--gate", "hierarchical:2x2"], "has 4 experts, but --experts says 2"),
  ])
  func badGateOptionsAreUsageErrors(options: [String], message: String) throws {
    let outcome = try CommandLineTool.runAll(["fit", Self.motorcycle, "--target", "accel"] + options)
    #expect(outcome.status == 64 && outcome.errors.contains(message) && outcome.output.isEmpty, "\(outcome.errors)")
  }

  /// It works as no gate would, with a word.
  @Test(arguments: ["softmax", "softmax-bayes", "perceptron:2", "hierarchical", "gaussian"])
  func oneExpertNeedsNoGate(gate: String) throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let one = ["fit", Self.motorcycle, "--target", "accel", "--experts", "1", "--quiet"]
    let fit = try CommandLineTool.runAll(one + ["--gate", gate, "--output", model])
    #expect(fit.status == 0 && fit.errors.contains("--gate \(gate) has nothing to weigh: leave it out"), "\(fit.errors)")
    let plain = try CommandLineTool.runAll(one)
    #expect(plain.errors.isEmpty)
    #expect(plain.output.split(separator: "\n").prefix(4) == fit.output.split(separator: "\n").prefix(4))
    #expect(try !CommandLineTool.run("describe", model).output.contains("weights where"))
  }

  /// The published row, which needs starts better than flexmix's: maximum likelihood without penalty.
  @Test func theMotorcycleGateIsFound() throws {
    let outcome = try CommandLineTool.run(
      "fit", Self.motorcycle, "--target", "accel", "--gate", "softmax", "--estimate", "ml", "--json")
    let elbo = try #require(outcome.json["elboTrace"] as? [Double])
    #expect((elbo.last ?? 0) > -643.400067 - 1e-4)
  }

  /// Bars for each level of the category that the gate reads, be it of text or of numbers.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")),
    arguments: [("site", "softmax"), ("site", "membership"), ("factor(code)", "softmax"), ("factor(code)", "membership")])
  func figuresOverACategory(term: String, gate: String) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<120).map { i in
      let (isNorth, x) = (i / 60 == 0, Double(i % 12))
      let isFirst = i % 10 < (isNorth ? 8 : 2)
      return "\(isNorth ? "north" : "south"),\(isNorth ? 3 : 7),\(x),\(isFirst ? 2 * x : 30 - x)"
    }
    let data = try folder.write((["site,code,x,y"] + rows).joined(separator: "\n"), to: "data.csv")
    let (model, picture) = (folder.path("model.json"), folder.path("gate.svg"))
    let fit = try CommandLineTool.run(
      "fit", data, "--formula", "y ~ x | \(term)", "--gate", gate, "--noise", "fixed:0.1", "--restarts", "2", "--quiet",
      "--output", model)
    #expect(fit.status == 0, "\(fit.errors)")
    let drawn = try CommandLineTool.run("plot", "gate", model, "--data", data, "--output", picture)
    #expect(drawn.status == 0, "\(drawn.errors)")
    let text = try folder.read("gate.svg")
    for label in term == "site" ? ["north", "south", "site"] : [">3<", ">7<", "code"] { #expect(text.contains(label)) }
    let column = term == "site" ? "site" : "code"
    let two = try CommandLineTool.run(
      "plot", "gate", model, "--data", data, "--feature", "x,\(column)", "--output", picture)
    #expect(two.status == 64 && two.errors.contains("no feature \"x\" to draw over; there are \(column)"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")))
  func figuresOverOneFeatureAndTwo() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map { i in
      let (x, z) = (Double(i % 8), Double(i / 8))
      return "\(x),\(z),\(i % 3 == 0 ? "north" : "south"),\(x > z ? x : 9 - z)"
    }
    let data = try folder.write((["x,z,site,y"] + rows).joined(separator: "\n"), to: "data.csv")
    let model = folder.path("model.json")
    let fit = try CommandLineTool.run(
      "fit", data, "--target", "y", "--gate", "softmax", "--restarts", "2", "--output", model)
    #expect(fit.status == 0, "\(fit.errors)")
    for features in ["x", "x,z"] {
      let picture = folder.path("gate.svg")
      let outcome = try CommandLineTool.run(
        "plot", "gate", model, "--data", data, "--feature", features, "--output", picture)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try folder.read("gate.svg").contains("expert 2"))
    }
    let two = try CommandLineTool.run("plot", "gate", model, "--data", data, "--feature", "x,site", "--output", "x.svg")
    #expect(two.status == 64 && two.errors.contains("\"site\" is a category, over which weights are drawn alone"))
    let three = try CommandLineTool.run("plot", "gate", model, "--data", data, "--feature", "x,z,y", "--output", "x.svg")
    #expect(three.status == 64)
  }
}

import CommandSupport
import Foundation
import Testing

/// Formulas, categories and missing cells on the command line.
@Suite struct FormulaCommandTests {
  /// A line and a parabola, with a category that shifts both by three.
  private func data(_ folder: TemporaryFolder, separator: String = ",", missing: Bool = false) throws -> String {
    let rows = (0..<120).map { i -> String in
      let x = Double(i % 40) / 4
      let shift = i % 3 == 0 ? 3.0 : 0
      let y = (i % 2 == 0 ? 5 * x : 15 + 10 * x - x * x) + shift + Double(i * 7919 % 13) / 13
      let cell = missing && i % 10 == 0 ? (i % 20 == 0 ? "NA" : "") : "\(y)"
      return ["\(x)", cell, i % 3 == 0 ? "north" : "south", i == 5 && missing ? "NA" : "1"].joined(separator: separator)
    }
    let header = ["x", "y", "side", "unused"].joined(separator: separator)
    return try folder.write(header + "\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  @Test func aFormulaIsFittedSavedAndPredictedWith() throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let outcome = try CommandLineTool.run(
      "fit", data(folder), "--formula", "y ~ x + I(x^2) + side", "--json", "--output", model)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let experts = try #require(outcome.json["experts"] as? [[String: Any]])
    let coefficients = experts.map { ToldParameter.values($0["parameters"]) }
    #expect(coefficients.allSatisfy { Set($0.keys) == ["(intercept)", "x", "I(x^2)", "sidesouth", "noise sd"] })
    #expect(coefficients.allSatisfy { abs(($0["sidesouth"] ?? 0) + 3) < 0.3 })
    #expect(coefficients.contains { abs(($0["I(x^2)"] ?? 0) + 1) < 0.05 })
    let new = try folder.write("side;x\nnorth;2\nsouth;2\n", to: "new.csv")
    let predictions = try CommandLineTool.run("predict", model, new)
    let means = predictions.output.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[0]) }
    #expect(means.count == 2 && abs(means[0] - means[1] - 3) < 0.3)
    let picture = folder.path("fit.svg")
    let plot = try CommandLineTool.run("plot", "fit", model, "--data", folder.path("data.csv"), "--output", picture)
    #expect(plot.status == 0 && FileManager.default.fileExists(atPath: picture))

    let unknown = try CommandLineTool.run("predict", model, folder.write("side,x\nwest,2\n", to: "west.csv"))
    #expect(unknown.status == 65 && unknown.errors.contains("west") && unknown.errors.contains("north"))
    let lacking = try CommandLineTool.run("predict", model, folder.write("x\n2\n", to: "lacking.csv"))
    #expect(lacking.status == 65 && lacking.errors.contains("side"))
  }

  @Test(arguments: [",", ";", "\t"])
  func targetAndFeaturesAreAShorthand(separator: String) throws {
    let folder = try TemporaryFolder()
    let path = try data(folder, separator: separator)
    func bound(_ options: String...) throws -> Double {
      let outcome = try CommandLineTool.runAll(["fit", path, "--json", "--restarts", "2"] + options)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try #require((outcome.json["elbo"] as? Double))
    }
    #expect(try bound("--target", "y", "--features", "x,side") == bound("--formula", "y ~ x + side"))
    #expect(
      try bound("--target", "y", "--features", "x", "--no-intercept", "--prior", "fixed:1")
        == bound("--formula", "y ~ x - 1", "--prior", "fixed:1"))
  }

  /// Two lines whose offset 100 x is in the predictions of new rows, but not in the coefficients.
  @Test func anOffsetIsFittedAndPredictedWith() throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let outcome = try CommandLineTool.run(
      "fit", data(folder), "--formula", "y ~ x + offset(100 * x)",
      "--experts", "1", "--json", "--output", model)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let expert = try #require((outcome.json["experts"] as? [[String: Any]])?.first)
    let found = ToldParameter.values(expert["parameters"])
    // Without the offset the slope lies between 0 and 10.
    #expect(found["x"]! > -100 && found["x"]! < -90)
    let predictions = try CommandLineTool.run("predict", model, folder.write("x\n2\n", to: "new.csv"))
    let row = try #require(predictions.output.split(separator: "\n").last)
    let mean = try #require(Double(row.split(separator: ",")[0]))
    #expect(abs(mean - (found["(intercept)"]! + (found["x"]! + 100) * 2)) < 1e-9)
  }

  @Test func missingCellsAreNamedOrDropped() throws {
    let folder = try TemporaryFolder()
    let path = try data(folder, missing: true)
    let refused = try CommandLineTool.run("fit", path, "--formula", "y ~ x")
    #expect(
      refused.status == 65 && refused.errors.contains("row 1") && refused.errors.contains("\"y\""), "\(refused.errors)")
    // Only what is used counts: the column that is not may lack cells.
    let dropped = try CommandLineTool.run("fit", path, "--formula", "y ~ x", "--missing", "drop", "--json")
    #expect(dropped.status == 0 && dropped.errors.contains("left out 12 rows"), "\(dropped.errors)")
    #expect(try dropped.json["rows"] as? Int == 108)
    let all = try CommandLineTool.run("fit", path, "--target", "y", "--features", "x,unused", "--missing", "drop", "--json")
    #expect(all.errors.contains("left out 13 rows"))
  }

  /// Whatever rows are left out, messages and outputs give the numbers of the file.
  @Test func rowsKeepTheirNumbers() throws {
    let folder = try TemporaryFolder()
    let data = try folder.write("x,y\n" + (0..<40).map { "\($0),\($0 % 7)\n" }.joined(), to: "data.csv")
    let model = folder.path("model.json")
    #expect(try CommandLineTool.run("fit", data, "--formula", "y ~ bs(x, df = 4)", "-k", "1", "-o", model).status == 0)
    let new = try folder.write("x\n1\nNA\n\n3\n.\n50\n", to: "new.csv")
    let predicted = try CommandLineTool.run("predict", model, new, "--missing", "drop")
    #expect(predicted.output.split(separator: "\n").map { $0.split(separator: ",")[0] } == ["row", "1", "3", "5"])
    #expect(predicted.errors.contains("left out 2 rows") && predicted.errors.contains("the first of them row 5"))
    let far = try folder.write("x\n1\nNA\n1e200\n", to: "far.csv")
    let infinite = try CommandLineTool.run("predict", model, far, "--missing", "drop")
    #expect(infinite.status == 65 && infinite.errors.contains("far.csv, row 3: bs(x, df = 4)1 is "), "\(infinite.errors)")
    let refused = try CommandLineTool.run("predict", model, new)
    #expect(refused.status == 65 && refused.errors.contains("new.csv, row 2, column \"x\": \"NA\" is a missing cell"))
  }

  /// A number below zero is a value, and the message says what it must be.
  @Test(arguments: [
    ("--gate-penalty", "--gate-penalty must be at least 0, not -1.0"),
    ("--experts", "--experts must be from 1 to 10000, not -1"),
    ("--restarts", "--restarts"), ("--tolerance", "--tolerance"), ("--digits", "--digits"),
    ("--threads", "--threads must be at least 1"),
  ])
  func numbersBelowZeroAreValues(option: String, message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.run("fit", try data(folder), "--target", "y", option, "-1")
    #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!outcome.errors.contains("Missing value"))
  }

  @Test func errorsOfFormulasPointAtTheCharacter() throws {
    let folder = try TemporaryFolder()
    let path = try data(folder)
    let outcome = try CommandLineTool.run("fit", path, "--formula", "y ~ x + + log(")
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.contains { $0.contains("y ~ x + + log(") } && lines.contains { $0.contains("^") }, "\(outcome.errors)")
    for formula in ["y ~ x | x", "cbind(unused, unused) ~ side", "mvbind(y, x) ~ side"] {
      #expect(try CommandLineTool.run("fit", path, "--formula", formula).status == 64, "\(formula)")
    }
    for options in [[], ["--formula", "y ~ x", "--target", "y"], ["--formula", "y ~ x", "--features", "x"]] {
      #expect(try CommandLineTool.runAll(["fit", path] + options).status == 64)
    }
    let unknown = try CommandLineTool.run("fit", path, "--formula", "y ~ z")
    #expect(unknown.status == 65 && unknown.errors.contains("\"z\"") && unknown.errors.contains("unused"))
  }

  /// The published maximum of flexmix 2.3.18 for grouped rows, whose neighbours this file tears apart.
  @Test func groupsShareAnAssignment() throws {
    let folder = try TemporaryFolder()
    let source = try String(contentsOfFile: CommandLineTool.dataFile("npreg.csv"), encoding: .utf8)
    let lines = source.split(separator: "\n")
    let shuffled = lines.dropFirst().enumerated().sorted { ($0.offset * 77 % 200) < ($1.offset * 77 % 200) }.map(\.element)
    let path = try folder.write((lines.prefix(1) + shuffled).joined(separator: "\n") + "\n", to: "npreg.csv")
    let outcome = try CommandLineTool.run(
      "fit", path, "--formula", "yn ~ x + I(x^2)", "--group", "id2", "--estimate", "ml", "--noise", "per-expert", "--json",
      "--responsibilities", folder.path("r.csv"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try #require((outcome.json["elbo"] as? Double)) > -561.553688 - 1e-4)
    // A row of responsibilities for each row of the file, equal within groups.
    let shares = try folder.read("r.csv").split(separator: "\n").dropFirst()
    let columns = lines[0].split(separator: ",").map { $0.replacingOccurrences(of: "\"", with: "") }
    let id = try #require(columns.firstIndex(of: "id2"))
    let groups = Dictionary(grouping: zip(shuffled, shares)) { $0.0.split(separator: ",")[id] }
    #expect(shares.count == 200 && groups.count < 200)
    #expect(groups.values.allSatisfy { Set($0.map(\.1)).count == 1 })
  }
}

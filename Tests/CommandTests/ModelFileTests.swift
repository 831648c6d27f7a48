import CommandSupport
import Foundation
import Testing

/// From `fit --output` to `predict`, `describe` and `--init`, and what becomes of files that are no models.
@Suite struct ModelFileCommandTests {
  private func fit(_ folder: TemporaryFolder, _ options: String...) throws -> String {
    let path = folder.path("model.json")
    let outcome = try CommandLineTool.runAll(
      ["fit", CommandLineTool.toneData, "--target", "tuned", "--noise", "per-expert", "--quiet", "--output", path] + options
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    return path
  }

  @Test func predictionsOfASavedModel() throws {
    let folder = try TemporaryFolder()
    let model = try fit(folder)
    let new = try folder.write("other,stretchratio\nx,1.5\ny,2.5\n", to: "new.csv")
    let outcome = try CommandLineTool.run("predict", model, new, "--interval", "0.5")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "mean,sd,lower,upper,weight1,weight2")
    let cells = lines[2].split(separator: ",").compactMap { Double($0) }
    #expect(cells.count == 6 && cells[2] < cells[3] && abs(cells[4] + cells[5] - 1) < 1e-12)
    // The mixed mean of the slope-one expert and the octave.
    let slopeOne = cells[4] < cells[5] ? 4 : 5
    #expect(abs(cells[0] - (cells[slopeOne] * 2.46 + cells[9 - slopeOne] * 2.02)) < 0.1)
    let json = try CommandLineTool.run("predict", model, new, "--interval", "0.5", "--json").json
    for (name, cell) in [("mean", cells[0]), ("upper", cells[3]), ("weight2", cells[5])] {
      #expect(abs(((json[name] as? [Double])?[1] ?? .nan) - cell) < 1e-12)
    }
  }

  @Test func aModelIsDescribed() throws {
    let folder = try TemporaryFolder()
    let model = try fit(folder)
    let outcome = try CommandLineTool.run("describe", model)
    #expect(outcome.status == 0)
    for text in [
      "2 linear experts: tuned ~ . (. is stretchratio), 150 rows", "noise = per expert; prior = Cauchy", "noise sd",
      "lower",
      "50 of 50 starts (different initial values) ended in this same best solution",
    ] { #expect(outcome.output.contains(text), "\(text)") }
    let json = try CommandLineTool.run("describe", model, "--json").json
    #expect((json["experts"] as? [Any])?.count == 2 && json["logLikelihood"] == nil)
  }

  /// Foundation does not say where a number is not whole.
  @Test(arguments: [
    ("\"rowCount\" : 150", "\"rowCount\" : 150.5", "model › data › rowCount: must be a whole number"),
    ("\"seed\" : ", "\"seed\" : -1", "seed: must be a whole number that is not negative"),
  ])
  func aNumberOfTheWrongKindHasItsPlace(whole: String, wrong: String, message: String) throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: fit(folder), encoding: .utf8)
    let damaged = try folder.write(text.replacingOccurrences(of: whole, with: wrong), to: "damaged.json")
    let outcome = try CommandLineTool.runAll(["describe", damaged])
    #expect(outcome.status == 65 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func aModelStartsTheNextFit() throws {
    let folder = try TemporaryFolder()
    let model = try fit(folder)
    let outcome = try CommandLineTool.run(
      "fit", CommandLineTool.toneData, "--target", "tuned", "--noise", "per-expert", "--init", model, "--json")
    let restarts = try #require(outcome.json["restarts"] as? [[String: Any]])
    #expect(restarts.count == 1 && restarts[0]["recipe"] == nil)
    // What begins like a model is one, whatever its name, and from a pipe.
    let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    let piped = try CommandLineTool(in: folder.url).run(
      "/bin/sh",
      [
        "-c", "cat \"$1\" | \"$0\" fit \"$2\" --target tuned --noise per-expert --json --init /dev/stdin", program, model,
        CommandLineTool.toneData,
      ])
    #expect(piped.status == 0, "\(piped.errors)")
    #expect(try piped.json["elboTrace"] as? [Double] == outcome.json["elboTrace"] as? [Double])
    let three = try CommandLineTool.run(
      "fit", CommandLineTool.toneData, "--target", "tuned", "--init", model, "--experts", "3")
    #expect(three.status == 64 && three.errors.contains("the number of experts is 2, but must be 3"))
  }

  @Test func responsibilitiesAreWritten() throws {
    let folder = try TemporaryFolder()
    _ = try fit(folder, "--responsibilities", folder.path("r.csv"))
    let lines = try folder.read("r.csv").split(separator: "\n")
    #expect(lines.count == 151 && lines[0] == "expert1,expert2")
    #expect(
      lines.dropFirst().allSatisfy { abs($0.split(separator: ",").compactMap { Double($0) }.reduce(0, +) - 1) < 1e-12 })
  }

  /// The bytes of one file, changed.
  private func changed(_ model: String, _ folder: TemporaryFolder, _ change: (String) -> String) throws -> String {
    try folder.write(change(try String(contentsOfFile: model, encoding: .utf8)), to: "changed.json")
  }

  @Test func filesThatAreNoModelsExitWith65() throws {
    let folder = try TemporaryFolder()
    let model = try fit(folder)
    func message(_ path: String) throws -> String {
      let outcome = try CommandLineTool.run("describe", path)
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      return outcome.errors
    }
    #expect(try message(folder.path("missing.json")).contains("cannot be read"))
    #expect(try message(CommandLineTool.toneData).contains("not a model file"))
    #expect(try message(folder.write("\u{0}\u{1}\u{FF}", to: "rubbish")).contains("not a model file"))
    #expect(try message(changed(model, folder) { String($0.prefix($0.count / 2)) }).contains("damaged"))
    #expect(
      try message(changed(model, folder) { $0.replacingOccurrences(of: "\"precisionOfFit\"", with: "\"noise\"") })
        .contains("\"precisionOfFit\" is missing"))
    #expect(
      try message(changed(model, folder) { $0.replacingOccurrences(of: "\"format\" : 5", with: "\"format\" : 9") })
        .contains("format 9, but this program reads format 5"))
    #expect(
      try message(changed(model, folder) { $0.replacingOccurrences(of: "Gates.DirichletGate\"", with: "Gates.LostGate\"") })
        .contains("\"Gates.LostGate\" is no part that this version knows"))
  }

  @Test(arguments: ["fit", "predictive", "bound", "responsibilities"], ["svg", "png", "pdf"])
  func figuresAreDrawn(kind: String, format: String) throws {
    let folder = try TemporaryFolder()
    let picture = folder.path("figure.\(format)")
    let data = kind == "bound" ? [] : ["--data", CommandLineTool.toneData]
    let outcome = try CommandLineTool.runAll(["plot", kind, fit(folder), "--output", picture] + data)
    #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.isEmpty)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
    let beginnings = ["svg": Data("<?xml".utf8), "png": Data([0x89, 0x50, 0x4E, 0x47]), "pdf": Data("%PDF".utf8)]
    #expect(bytes.starts(with: try #require(beginnings[format])) && bytes.count > 2000)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["figure.\(format)", "model.json"])
  }

  @Test func figuresThatCannotBeAreRefused() throws {
    let folder = try TemporaryFolder()
    let model = try fit(folder)
    func outcome(_ options: String...) throws -> CommandLineTool.Outcome {
      try CommandLineTool.runAll(["plot", "fit", model] + options)
    }
    let withoutData = try outcome("--output", folder.path("x.svg"))
    #expect(withoutData.status == 64 && withoutData.errors.contains("--data"))
    let gif = try outcome("--data", CommandLineTool.toneData, "--output", folder.path("x.gif"))
    #expect(gif.status == 64 && gif.errors.contains("svg, png and pdf"))
    let unknown = try outcome("--data", CommandLineTool.toneData, "--output", folder.path("x.svg"), "--feature", "speed")
    #expect(unknown.status == 64 && unknown.errors.contains("\"speed\"") && unknown.errors.contains("stretchratio"))
    let nowhere = try outcome("--data", CommandLineTool.toneData, "--output", folder.path("no/x.svg"))
    #expect(nowhere.status == 73)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["model.json"])
  }
}

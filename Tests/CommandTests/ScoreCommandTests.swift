import CommandSupport
import Foundation
import SyntheticData
import Testing

/// `mixtures score`, from data that were drawn by a recipe.
@Suite struct ScoreCommandTests {
  private let folder: TemporaryFolder
  private let fit = ["fit", "data.csv", "--target", "y", "--experts", "3", "--output", "model.json", "--threads", "1"]

  init() throws {
    folder = try TemporaryFolder()
    let data = try SyntheticDataSet(Recipe("linear+irrelevant:1").generator(), rows: 400, seed: 3)
    let truth = try Truth(data)
    try truth.write(to: folder.url.appendingPathComponent("truth.json"))
    try writeRows(of: data, to: "data.csv")
    try writeRows(of: truth.unseenRows(300), to: "later.csv")
  }

  private func writeRows(of data: SyntheticDataSet, to name: String) throws {
    let table = try data.table()
    let columns = try table.columnNames.map { try table.numbers($0) }
    let lines = (0..<table.rowCount).map { i in columns.map { "\($0[i])" }.joined(separator: ",") }
    _ = try folder.write(([table.columnNames.joined(separator: ",")] + lines).joined(separator: "\n") + "\n", to: name)
  }

  @Test func reportSnapshot() throws {
    var transcript = Transcript(in: folder)
    try transcript.run(fit, lines: 0, status: 0)
    try transcript.run(["score", "model.json", "--truth", "truth.json"], status: 0)
    try transcript.run(["score", "model.json", "--truth", "truth.json", "--data", "later.csv"], status: 0)
    try transcript.run(
      [
        "fit", "data.csv", "--formula", "y ~ poly(x1, 2) + x2", "--experts", "2", "--estimate", "ml", "--output",
        "poly.json",
      ],
      lines: 0, status: 0)
    try transcript.run(["score", "poly.json", "--truth", "truth.json", "--rows", "500"], status: 0)
    try transcript.matches("score")
  }

  @Test func jsonAndThreads() throws {
    let tool = CommandLineTool(in: folder.url)
    #expect(try tool.run(fit).status == 0)
    let score = ["score", "model.json", "--truth", "truth.json"]
    let one = try tool.run(score + ["--json", "--threads", "1"])
    let four = try tool.run(score + ["--json", "--threads", "4"])
    #expect(one.status == 0 && one.output == four.output && one.errors.isEmpty)
    let json = try one.json
    #expect(json["rowCount"] as? Int == 10_000 && json["rows"] as? String == "10000 unseen rows")
    #expect((json["experts"] as? [[String: Any]])?.count == 3 && (json["parameters"] as? [[String: Any]])?.count == 15)
    let densities = try #require(json["logDensity"] as? [String: [String: Double]])
    let excess = try #require(densities["truth"]?["mean"]) - (try #require(densities["model"]?["mean"]))
    #expect(abs(excess - (try #require(densities["regret"]?["mean"]))) < 1e-9)

    // The rows that it was fitted to are known to the bit, and so are their assignments.
    let own = try tool.run(score + ["--data", "data.csv", "--json"]).json
    #expect(own["rowCount"] as? Int == 400 && own["adjustedRandIndex"] as? Double != nil)
    let later = try tool.run(score + ["--data", "later.csv", "--json"]).json
    #expect(later["adjustedRandIndex"] == nil && (later["omissions"] as? [[String: String]])?.count == 1)
    let piped = try CommandLineTool(in: folder.url, input: folder.read("later.csv")).run(score + ["--data", "-", "--json"])
      .json
    #expect(piped["logDensity"] as? NSDictionary == later["logDensity"] as? NSDictionary)
  }

  /// Columns without names are told by their place.
  @Test func numPyDataAreScoredAsThoseWithNames() throws {
    let tool = CommandLineTool(in: folder.url)
    let drawn = ["generate", "linear+softmax", "--seed", "2", "--quiet", "--truth", "truth.json", "--output"]
    for file in ["rows.npy", "rows.csv"] { #expect(try tool.run(drawn + [file]).status == 0) }
    func scores(_ file: String, _ fit: String...) throws -> [NSDictionary] {
      let options = ["--experts", "2", "--restarts", "4", "--threads", "1", "--output", "found.json"]
      let fitted = try tool.run(["fit", file] + fit + options)
      #expect(fitted.status == 0)
      return try [[], ["--data", file]].map { data in
        let outcome = try tool.run(["score", "found.json", "--truth", "truth.json", "--json"] + data)
        #expect(outcome.status == 0, "\(outcome.errors)")
        var json = try outcome.json
        #expect((json["parameters"] as? [[String: Any]])?.count == 8)
        for key in ["rows", "parameters"] { json[key] = nil }
        return json as NSDictionary
      }
    }
    let named = try scores("rows.csv", "--target", "y", "--gate", "softmax")
    let numbered = try scores("rows.npy", "--target", "3", "--gate", "softmax")
    #expect(numbered == named)
  }

  @Test func errorSnapshot() throws {
    var transcript = Transcript(in: folder)
    try transcript.run(fit, lines: 0, status: 0)
    let score = ["score", "model.json", "--truth", "truth.json"]
    try transcript.run(["score", "model.json"], status: 64)
    for options in [["--rows", "0"], ["--rows", "1e3"], ["--threads", "0"], ["--rows", "5", "--data", "later.csv"]] {
      try transcript.run(score + options, status: 64)
    }
    try transcript.run(["score", "missing.json", "--truth", "truth.json"], status: 65)
    try transcript.run(["score", "model.json", "--truth", "missing.json"], status: 65)
    try transcript.run(score + ["--data", "missing.csv"], status: 65)
    for text in ["x1,y\n1,2\n", "x1,x2,irrelevant1,y\n1,2,3,\n", "x1,x2,irrelevant1,y\n1,2,a,3\n", "x1,x2,irrelevant1,y\n"]
    {
      try transcript.write(text, to: "bad.csv")
      try transcript.run(score + ["--data", "bad.csv"], status: 65)
    }
    _ = try folder.write(folder.read("data.csv").replacing("irrelevant1", with: "z"), to: "other.csv")
    try transcript.run(["fit", "other.csv", "--target", "y", "--output", "other.json"], lines: 0, status: 0)
    try transcript.run(["score", "other.json", "--truth", "truth.json"], status: 65)
    let edits = [
      ("\"probabilities\" : [", "\"probabilities\" : [ -0.5,"), ("\"standardDeviation\" : 1", "\"standardDeviation\" : -1"),
      ("\"count\" : 1\n", "\"count\" : 2\n"), ("\"rowCount\" : 400", "\"rowCount\" : 0"),
    ]
    for (old, new) in edits {
      _ = try folder.write(folder.read("truth.json").replacing(old, with: new), to: "edited.json")
      // So wide that no line breaks where the number of digits decides.
      try transcript.run(["score", "model.json", "--truth", "edited.json"], columns: 400, status: 65)
    }
    try transcript.matches("errors-score")
  }
}

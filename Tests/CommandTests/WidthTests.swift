import CommandSupport
import Foundation
import Testing

/// Tables fit the terminal, whatever they hold.
@Suite struct WidthTests {
  private let folder: TemporaryFolder
  private let fit = [
    "fit", "data.csv", "--formula", "y ~ .", "--noise", "per-expert", "--threads", "2", "-o", "model.json",
  ]

  /// Five columns, one of them with a long name, and two lines through them.
  init() throws {
    folder = try TemporaryFolder()
    let rows = (0..<120).map { i in
      let x = (0..<4).map { Double((i * [7, 11, 13, 17][$0]) % 23) }
      let noise = 0.3 * sin(Double(97 * i))
      let y = noise + (i % 3 == 0 ? 2 * x[0] - x[1] + 40 : x[2] - 3 * x[3])
      return (x + [y]).map { "\($0)" }.joined(separator: ",")
    }
    let header = "x,age,mean_daily_temperature_in_the_shade,yield of the field,y"
    _ = try folder.write(([header] + rows).joined(separator: "\n") + "\n", to: "data.csv")
  }

  /// Tables have two blanks between columns; text has not.
  private func tableLines(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.contains(/\S {2,}\S/) && !$0.contains("numbers from") }
  }

  @Test(arguments: [40, 80, 160])
  func tablesSnapshot(columns: Int) throws {
    var transcript = Transcript(in: folder)
    try transcript.run(fit, columns: columns, status: 0)
    try transcript.run(["describe", "model.json"], columns: columns, status: 0)
    let lines = tableLines(transcript.text)
    #expect(lines.count > 20 && lines.allSatisfy { $0.count <= columns }, "\(lines.filter { $0.count > columns })")
    try transcript.matches("tables-\(columns)")
  }

  @Test(arguments: [40, 80, 160])
  func gatesScoresAndBenchmarks(columns: Int) throws {
    var transcript = Transcript(in: folder)
    try transcript.run(
      ["generate", "linear+softmax", "--rows", "300", "--experts", "3", "-q", "-o", "rows.csv", "--truth", "truth.json"],
      lines: 0, status: 0)
    try transcript.run(
      ["fit", "rows.csv", "--target", "y", "-k", "3", "--gate", "softmax", "-q", "-o", "model.json"], columns: columns,
      status: 0)
    try transcript.run(["describe", "model.json"], columns: columns, status: 0)
    try transcript.run(["score", "model.json", "--truth", "truth.json"], columns: columns, status: 0)
    let suite = """
      {"grids": [{"name": "noise", "seeds": 1, "unseenRows": 200,
        "generators": [{"recipe": "linear+heavy-tails:3", "rows": 60, "features": 1, "experts": 2}],
        "models": [{"name": "shared", "options": "--restarts 1"}, {"name": "own", "options": "--restarts 1 --noise per-expert"}]}]}
      """
    _ = try folder.write(suite, to: "suite.json")
    try transcript.run(["benchmark", "suite.json", "-q", "-o", "results"], columns: columns, status: 0)
    let lines = tableLines(transcript.text)
    #expect(lines.count > 30 && lines.allSatisfy { $0.count <= columns }, "\(lines.filter { $0.count > columns })")
  }

  /// Eighty columns where there is neither a terminal nor COLUMNS.
  @Test func pipesHaveEightyColumns() throws {
    let tool = CommandLineTool(in: folder.url, environment: ["COLUMNS": ""])
    #expect(try tool.run(fit).status == 0)
    let piped = try tool.run(["describe", "model.json"]).output
    #expect(
      try piped == CommandLineTool(in: folder.url, environment: ["COLUMNS": "80"]).run(["describe", "model.json"]).output)
    #expect(tableLines(piped).allSatisfy { $0.count <= 80 })
  }

  /// The digits of the numbers in the tables, and of nothing else.
  @Test func digits() throws {
    let tool = CommandLineTool(in: folder.url, environment: ["COLUMNS": "300"])
    let options = ["--target", "tuned", "--noise", "per-expert", "-q", "--digits"]
    func fit(_ digits: String) throws -> [Substring] {
      try tool.run(["fit", CommandLineTool.toneData] + options + [digits]).output.split(separator: "\n")
    }
    let (five, three, seventeen) = (try fit("5"), try fit("3"), try fit("17"))
    #expect(five[1].split(separator: " ") == ["1", "0.6996", "105.3", "1.9159", "0.042770", "0.046913"])
    #expect(three[1].split(separator: " ") == ["1", "0.70", "105.3", "1.92", "0.0428", "0.0469"])
    #expect(seventeen[1].contains(/\s1\.915\d{13}\s/))
    #expect(five.contains { $0.contains("ELBO 123.319936") } && three.contains { $0.contains("ELBO 123.319936") })
    for digits in ["0", "18", "-1", "many"] {
      let refused = try tool.run(["fit", CommandLineTool.toneData, "--target", "tuned", "--digits=\(digits)"])
      #expect(refused.status == 64 && refused.output.isEmpty && refused.errors.contains("--digits"), "\(refused.errors)")
    }
  }
}

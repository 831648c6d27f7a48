import CommandSupport
import Foundation
import Testing

@testable import MixturesCommand

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
    #expect(lines.count > 20)
    // All but the commands.
    let long = transcript.text.split(separator: "\n").filter { $0.count > columns && !$0.hasPrefix("$") }
    #expect(long.isEmpty, "\(long)")
    try transcript.matches("tables-\(columns)")
  }

  @Test(arguments: ["fit", "predict", "describe", "plot", "generate", "score", "benchmark"], [40, 80])
  func usage(command: String, columns: Int) throws {
    var transcript = Transcript(in: folder)
    try transcript.run([command, "--help"], columns: columns, status: 0)
    let lines = transcript.text.split(separator: "\n", omittingEmptySubsequences: false)
    let usage = lines.drop { !$0.hasPrefix("USAGE: ") }.prefix { !$0.isEmpty }
    #expect(!usage.isEmpty && usage.allSatisfy { $0.count <= columns }, "\(usage)")
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
    for label in ["log density, nats/row", "coefficients, RMSE", "within intervals of", "10000 responses"] {
      #expect(transcript.text.contains(label))
    }
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
    let wrapped = try CommandLineTool(in: folder.url, environment: ["COLUMNS": "80"]).run(["describe", "model.json"]).output
    #expect(tableLines(piped) == tableLines(wrapped) && tableLines(piped).allSatisfy { $0.count <= 80 })
    // Text has whole lines in a pipe, where something may search them.
    #expect(
      piped.contains("prior = Cauchy; intercept = yes") && !wrapped.contains("prior = Cauchy; intercept = yes"))
    #expect(piped.split(whereSeparator: \.isWhitespace) == wrapped.split(whereSeparator: \.isWhitespace))
  }

  @Test(
    arguments: [
      ("one two three", nil, "one two three"), ("one two three", 13, "one two three"),
      ("one two three", 12, "one two\n  three"),
      ("one two three", 3, "one\n  two\n  three"), ("incomprehensibilities", 5, "incomprehensibilities"),
      ("a   b", 5, "a   b"), ("a   b", 4, "a\n  b"), ("first line\nsecond one", 8, "first\n  line\nsecond\n  one"),
      ("a formula\n  y ~ x + z\n      ^", 7, "a\n  formula\n  y ~ x + z\n      ^"), ("", 5, ""),
      ("a = 1; bee = 2", 12, "a = 1;\n  bee = 2"), ("say \"y ~ x\" now", 9, "say\n  \"y ~ x\"\n  now"),
      ("say \"y ~ x + z\"", 8, "say \"y ~\n  x + z\""), ("a\n\nb", 1, "a\n\nb"),
    ] as [(String, Int?, String)])
  func linesBreakBetweenWords(text: String, width: Int?, lines: String) { #expect(text.wrapped(to: width) == lines) }

  /// What ± means is said where it stands.
  @Test(
    arguments: [
      ("variational", "corrected", 200, "standard error"), ("variational", "corrected", 40, nil),
      ("ml", "corrected", 200, "standard error"), ("map", "robust", 200, "robust standard error"),
      ("variational", "mean-field", 200, "standard deviation of each factor of the posterior by itself"),
    ] as [(String, String, Int, String?)])
  func theSignOfErrorsIsExplained(estimate: String, errors: String, columns: Int, meaning: String?) throws {
    let tool = CommandLineTool(in: folder.url, environment: ["COLUMNS": "\(columns)"])
    let output = try tool.run(
      ["fit", "data.csv", "--target", "y", "--restarts", "1", "--estimate", estimate, "--errors", errors]
    ).output
    #expect(output.contains("± ") == (meaning != nil))
    if let meaning { #expect(output.contains("\n± \(meaning)\n")) }
  }

  /// Warnings and errors are wrapped too.
  @Test(arguments: [40, 80])
  func messagesFitTheTerminal(columns: Int) throws {
    let tool = CommandLineTool(in: folder.url, environment: ["COLUMNS": "\(columns)"])
    let messages = try [
      ["fit", "data.csv", "--target", "y", "--experts", "1", "--gate", "gaussian", "-q"],
      ["fit", "data.csv", "--target", "y", "--noise", "loud"], ["fit", "data.csv", "--family", "poisson"],
    ].map { try tool.run($0).errors }
    for message in messages {
      let lines = message.split(separator: "\n")
      #expect(lines.count > 1 && lines.allSatisfy { $0.count <= max(columns, 60) }, "\(message)")
    }
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

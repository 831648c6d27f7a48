import CommandSupport
import Foundation
import Testing

/// `mixtures benchmark`, on suites small enough for a test.
@Suite struct BenchmarkCommandTests {
  private let folder: TemporaryFolder
  private static let small = """
    {"grids": [{"name": "noise", "seeds": 2, "unseenRows": 200,
      "generators": [{"recipe": "linear", "rows": 60, "features": 1, "experts": 2}],
      "models": [{"name": "shared", "options": "--restarts 1"},
        {"name": "own", "options": "--restarts 1 --noise per-expert"}]}]}
    """

  init() throws { folder = try TemporaryFolder() }

  /// A suite of one grid, with one of its parts replaced.
  private func suite(
    name: String = "\"noise\"", generators: String = #"[{"recipe": "linear", "rows": 60}]"#,
    models: String = #"[{"name": "shared"}]"#, more: String = ""
  ) -> String {
    #"{"grids": [{"name": \#(name), "generators": \#(generators), "models": \#(models)\#(more)}]}"#
  }

  @Test func resultsDoNotDependOnThreadsNorOnBeingStopped() throws {
    let tool = CommandLineTool(in: folder.url, environment: ["COLUMNS": "400"])
    _ = try folder.write(Self.small, to: "suite.json")
    #expect(try tool.run(["benchmark", "suite.json", "--output", "one", "--threads", "1"]).status == 0)
    #expect(try tool.run(["benchmark", "suite.json", "--output", "two", "--threads", "2", "--seeds", "1"]).status == 0)
    let resumed = try tool.run(["benchmark", "suite.json", "--output", "two", "--threads", "2"])
    #expect(resumed.errors == "2 of 4 runs were already there\n")
    let (one, two) = (try metrics(in: "one"), try metrics(in: "two"))
    #expect(one == two && one.count == 4)
    #expect(try resumed.output == folder.read("two/table.txt"))
    #expect(try folder.read("two/suite.json") == Self.small)
    // Models stand in the order of the file.
    let lines = resumed.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.count == 4 && lines[2].starts(with: ["linear", "shared"]) && lines[3].starts(with: ["own"]))
    let files = try Set(FileManager.default.contentsOfDirectory(atPath: folder.path("one")))
    #expect(files.isSuperset(of: ["suite.json", "runs.jsonl", "results.json", "table.txt"]))
  }

  private func metrics(in name: String) throws -> [NSDictionary] {
    let results = try JSONSerialization.jsonObject(with: Data(folder.read("\(name)/results.json").utf8))
    let runs = (results as? [String: Any])?["runs"] as? [[String: Any]]
    return try #require(runs?.compactMap { $0["metrics"] as? NSDictionary })
  }

  @Test func theSuiteInTheFolderIsTheOneThatRan() throws {
    let tool = CommandLineTool(in: folder.url)
    _ = try folder.write(Self.small, to: "suite.json")
    #expect(try tool.run(["benchmark", "suite.json", "--output", "results", "--seeds", "1"]).status == 0)
    let again = try tool.run(["benchmark", "results/suite.json", "--output", "results", "--seeds", "1"])
    #expect(again.status == 0 && again.errors == "2 of 2 runs were already there\n")
  }

  /// A fit that fails is counted, told in the results, and does not stop the others.
  @Test func aFitThatFailsIsCounted() throws {
    let models = #"[{"name": "good", "options": "--restarts 1"}, {"name": "bad", "options": "--features x9"}]"#
    _ = try folder.write(suite(models: models, more: #", "seeds": 1"#), to: "suite.json")
    let outcome = try CommandLineTool(in: folder.url).run(["benchmark", "suite.json", "--output", "results"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("1, 1 failed"))
    #expect(try folder.read("results/results.json").contains("no column \\\"x9\\\""))
  }

  @Test func errorSnapshot() throws {
    var transcript = Transcript(in: folder)
    let benchmark = ["benchmark", "suite.json", "--output", "results"]
    try transcript.run(["benchmark"], status: 64)
    try transcript.run(["benchmark", "default", "--seeds", "0"], status: 64)
    try transcript.run(["benchmark", "default", "--threads", "none"], status: 64)
    try transcript.run(["benchmark", "missing.json", "--output", "results"], status: 65)
    let texts = [
      "", "grids: noise", "[]", "{}", #"{"grids": []}"#, #"{"grids": [{"name": "noise"}]}"#, suite(name: "7"),
      suite(generators: "[]"), suite(generators: #"[{"recipe": "liner", "rows": 60}]"#),
      suite(generators: #"[{"recipe": "linear+softmax:-1", "rows": 60, "name": "sharp"}]"#),
      suite(generators: #"[{"recipe": "linear", "rows": 0}]"#), suite(generators: #"[{"recipe": "linear", "rows": "60"}]"#),
      suite(generators: #"[{"recipe": "linear", "rows": 60, "experts": 0}]"#),
      suite(generators: #"[{"recipe": "linear", "rows": 60, "noize": 2}]"#),
      suite(generators: #"[{"recipe": "linear", "rows": 60}, {"recipe": "linear", "rows": 90}]"#),
      suite(models: #"{"shared": ""}"#), suite(models: #"[{"name": "loud", "options": "--noise loud"}]"#),
      suite(models: #"[{"name": "misprint", "options": "--nosie shared"}]"#),
      suite(models: #"[{"name": "quote", "options": "--formula 'y ~ x1"}]"#),
      suite(models: #"[{"name": "one"}, {"name": "one"}]"#),
      suite(models: #"[{"name": "seeded", "options": "--seed 7"}]"#),
      suite(models: #"[{"name": "asking", "options": "--help"}]"#), suite(name: #""two\nlines""#),
      suite(more: #", "seeds": 1.5"#), suite(more: #", "seeds": 0"#),
      suite(more: #", "seeds": 1000000000000"#),
      suite(more: #", "unseenRows": -1"#), suite(more: #", "repetitions": 3"#),
    ]
    for text in texts {
      try transcript.write(text, to: "suite.json")
      try transcript.run(benchmark, status: 65)
    }
    // Nothing was made as long as nothing could be run.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["suite.json"])

    try transcript.write(suite(), to: "suite.json")
    try transcript.write("my notes\n", to: "notes.txt")
    try transcript.run(["benchmark", "suite.json", "--output", "notes.txt"], status: 73)
    try transcript.run(["benchmark", "suite.json", "--output", "notes.txt/results"], status: 73)
    try FileManager.default.createDirectory(atPath: folder.path("results"), withIntermediateDirectories: false)
    try transcript.write("my notes\n", to: "results/runs.jsonl")
    try transcript.run(benchmark, status: 65)
    #expect(try folder.read("results/runs.jsonl") == "my notes\n" && folder.read("notes.txt") == "my notes\n")
    try transcript.matches("errors-benchmark")
  }

  /// Grids of any names and results have figures of their own; one that cannot be drawn does not stand for others.
  @Test func everyGridHasAFigure() throws {
    func grid(_ name: String, _ recipe: String) -> String {
      #"""
      {"name": "\#(name)", "seeds": 1, "unseenRows": 100, "generators": [{"recipe": "\#(recipe)", "rows": 60, "name": "5 % %s"}],
      "models": [{"name": "own", "options": "--restarts 1"}]}
      """#
    }
    // Excess losses may be of any sign, or unknown.
    let grids = [grid("n = 50", "linear"), grid("N/50", "poisson"), grid("??", "multinomial"), grid("%d", "linear")]
    _ = try folder.write("{\"grids\": [\(grids.joined(separator: ", "))]}", to: "suite.json")
    let tool = CommandLineTool(in: folder.url)
    let outcome = try tool.run(["benchmark", "suite.json", "--output", "results"])
    // The responses of some are no numbers, which linear experts need.
    #expect(
      outcome.status == 0 && outcome.errors.hasPrefix("warning: 1 of 4 runs failed; the first, own on "),
      "\(outcome.errors)")
    func figures() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path("results")).filter { $0.hasSuffix(".png") }.sorted()
    }
    #expect(try figures() == ["d.png", "grid.png", "n-50-2.png", "n-50.png"])
    // A figure of other runs must not stay.
    let without = CommandLineTool(in: folder.url, environment: ["PATH": "/nowhere"])
    let again = try without.run(["benchmark", "suite.json", "--output", "results"])
    #expect(
      again.status == 0 && again.errors.contains("no figure n-50-2: gnuplot, which draws the figures, failed: it is not"))
    #expect(try figures().isEmpty)
  }

  /// Two at work in one folder would write into each other's results.
  @Test func aFolderInUseIsLeftAlone() throws {
    _ = try folder.write(suite(more: #", "seeds": 1"#), to: "suite.json")
    try FileManager.default.createDirectory(atPath: folder.path("results"), withIntermediateDirectories: false)
    let journal = open(folder.path("results/runs.jsonl"), O_RDWR | O_CREAT, 0o644)
    defer { close(journal) }
    #expect(flock(journal, LOCK_EX | LOCK_NB) == 0)
    let outcome = try CommandLineTool(in: folder.url).run(["benchmark", "suite.json", "--output", "results"])
    #expect(outcome.status == 73 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("results/runs.jsonl: another benchmark is writing to it"))
  }
}

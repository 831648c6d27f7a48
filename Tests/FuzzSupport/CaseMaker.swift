import CommandSupport
import Foundation
import GSL

/// Makes cases. Number n of a seed is always the same one, for the same program.
package struct CaseMaker: Sendable {
  /// What is changed.
  package enum Kind: String, Sendable, CaseIterable { case csv, numpy, model, truth, suite, journal, formula, flags }

  /// What is there to be changed cannot be made.
  package struct SeedError: Error, CustomStringConvertible {
    package var description: String
  }

  private let seed: UInt64
  private let tables: [[UInt8]]
  private let models: [[UInt8]]
  private let truths: [[UInt8]]
  private let journal: [String: [UInt8]]
  private let options: [String: CommandOptions]
  private let runner: FuzzRunner

  private static let suite = #"""
    {"grids": [{"name": "noise", "generators": [{"recipe": "linear", "rows": 30, "features": 1, "experts": 2}],
      "models": [{"name": "shared", "options": "--restarts 1 --iterations 5"},
        {"name": "own", "options": "--restarts 1 --iterations 5 --noise per-expert"}], "seeds": 1, "unseenRows": 20}]}
    """#
  /// What keeps a fit short; the last of an option's values counts.
  private static let short = ["--restarts", "1", "--iterations", "12", "--threads", "1", "--quiet"]
  private static let fits = [
    ["--target", "y"], ["--formula", "y ~ x + z", "--noise", "per-expert"],
    ["--target", "y", "--features", "x", "--gate", "softmax"],
    ["--target", "y", "--features", "x,z", "--gate", "gaussian", "--prior", "ard"],
    ["--formula", "y ~ x + factor(g) | z", "--gate", "softmax-bayes", "--experts", "3"],
    ["--target", "y", "--gate", "stick-breaking", "--noise", "per-expert-gamma"],
    ["--target", "y", "--features", "x", "--gate", "perceptron:2"],
    ["--target", "y", "--features", "x", "--labels", "g", "--experts", "3"],
    ["--target", "y", "--features", "x", "--gate", "hierarchical", "--experts", "3"],
    ["--target", "y", "--features", "x", "--gate", "membership", "--gate-features", "g", "--group", "g"],
    ["--target", "y", "--features", "x", "--prior", "fixed:4", "--estimate", "map", "--row-weights", "w"],
  ]

  /// The cases of a seed. The program itself makes the models and truths that are changed, so that they have today's format.
  package init(program: String, seed: UInt64) throws {
    self.seed = seed
    runner = FuzzRunner(program: program)
    var random = RandomSource(seed: 1)
    tables = (0..<3).map { Array(Self.table(rows: [16, 30, 60][$0], &random).utf8) }
    let tables = tables
    let runner = runner
    func made(_ arguments: [String], _ names: [String], files: [String: [UInt8]] = [:]) throws -> [[UInt8]] {
      let outcome = try runner.run(FuzzCase(kind: "seed", arguments: arguments, files: files))
      guard outcome.fault == nil, outcome.status == 0 else {
        throw SeedError(description: "mixtures \(arguments.joined(separator: " ")): \(outcome.fault ?? outcome.errors)")
      }
      return try names.map {
        guard let file = outcome.files[$0] else { throw SeedError(description: "no \($0) from mixtures \(arguments)") }
        return file
      }
    }
    models = try Self.fits.flatMap {
      try made(
        ["fit", "data.csv"] + $0 + Self.short + ["--output", "out.json"], ["out.json"], files: ["data.csv": tables[1]])
    }
    truths = try [["linear"], ["linear+softmax"], ["linear", "--experts", "3", "--features", "1"]].flatMap {
      try made(["generate"] + $0 + ["--rows", "20", "--output", "out.csv", "--truth", "out.json", "--quiet"], ["out.json"])
    }
    let suite = ["suite.json": Array(Self.suite.utf8)]
    journal = try suite.merging([
      "out/runs.jsonl": made(["benchmark", "suite.json", "--output", "out", "--quiet"], ["out/runs.jsonl"], files: suite)[0]
    ]) { $1 }
    var options: [String: CommandOptions] = [:]
    for command in ["fit", "predict", "describe", "plot", "generate", "score", "benchmark"] {
      let help = try CommandLineTool(environment: ["COLUMNS": "80"]).run(program, ["help", command])
      options[command] = CommandOptions(help: help.output)
      guard options[command]?.isEmpty == false else { throw SeedError(description: "no options in the help of \(command)") }
    }
    self.options = options
  }

  private static func table(rows: Int, _ random: inout RandomSource) -> String {
    "y,x,z,g,w\n"
      + (0..<rows).map { row in
        let (x, z) = (random.gaussian(), random.gaussian(standardDeviation: 10))
        let y = (row % 2 == 0 ? 1 + 2 * x : -1 - x) + random.gaussian(standardDeviation: 0.2)
        return "\(y),\(x),\(z),\(["a", "b", "c"][row / 2 % 3]),\(1 + row % 2)\n"
      }.joined()
  }

  /// Case number n.
  package func makeCase(_ number: Int) -> FuzzCase {
    var random = RandomSource(seed: seed).split(UInt64(number))
    let kind = Kind.allCases[number % Kind.allCases.count]
    var files = [
      "data.csv": random.element(of: tables), "out.json": Array("before\n".utf8), "out.csv": Array("before\n".utf8),
    ]
    var arguments: [String]
    let model = random.element(of: models)
    switch kind {
    case .csv:
      files["data.csv"] = CSV.mutated(random.element(of: tables), &random)
      if random.isOnce(in: 6) { files["data.csv"] = Bytes.mutated(files["data.csv"]!, &random) }
      arguments = ["fit", "data.csv"] + random.element(of: Self.fits) + Self.short + ["--output", "out.json"]
      if random.isOnce(in: 3) {
        files["model.json"] = model
        arguments = random.element(of: [
          ["predict", "model.json", "data.csv", "--interval", "0.9"], ["predict", "model.json", "data.csv", "--json"],
        ])
      }
    case .numpy:
      files["data.npy"] = NumPy.mutated(&random)
      arguments = ["fit", "data.npy", "--target", random.element(of: ["1", "3"])] + Self.short + ["--output", "out.json"]
    case .model:
      files["model.json"] = JSONTree.mutated(model, &random)
      files["truth.json"] = truths[0]
      arguments = random.element(of: [
        ["describe", "model.json"], ["describe", "model.json", "--json"],
        ["predict", "model.json", "data.csv", "--interval", "0.9"],
        ["fit", "data.csv", "--target", "y", "--features", "x", "--init", "model.json", "--output", "out.json"]
          + Self.short,
        ["score", "model.json", "--truth", "truth.json", "--rows", "30", "--threads", "1"],
        ["plot", "bound", "model.json", "--output", "out.svg"],
        ["plot", "fit", "model.json", "--data", "data.csv", "--output", "out.svg"],
      ])
    case .truth:
      files["model.json"] = model
      files["truth.json"] = JSONTree.mutated(random.element(of: truths), &random)
      arguments = ["score", "model.json", "--truth", "truth.json", "--rows", "30", "--threads", "1"]
      if random.isOnce(in: 2) { arguments += ["--data", "data.csv"] }
    case .suite:
      files["suite.json"] = JSONTree.mutated(journal["suite.json"]!, &random)
      arguments = ["benchmark", "suite.json", "--output", "out", "--threads", "1", "--seeds", "1", "--quiet"]
    case .journal:
      files.merge(journal) { $1 }
      let lines = journal["out/runs.jsonl"]!.split(separator: UInt8(ascii: "\n")).map {
        random.isOnce(in: 2) ? JSONTree.mutated(Array($0), &random) : Array($0)
      }
      let text = Array(lines.joined(separator: [UInt8(ascii: "\n")])) + (random.isOnce(in: 3) ? [] : [UInt8(ascii: "\n")])
      files["out/runs.jsonl"] = random.isOnce(in: 3) ? Bytes.mutated(text, &random) : text
      arguments = ["benchmark", "suite.json", "--output", "out", "--threads", "1", "--quiet"]
    case .formula:
      arguments =
        ["fit", "data.csv", "--formula", FormulaText.random(&random).replacing("\0", with: "")] + Self.short + [
          "--output", "out.json",
        ]
    case .flags:
      files["model.json"] = model
      files["truth.json"] = random.element(of: truths)
      files["suite.json"] = journal["suite.json"]
      arguments = flags(&random, files: files.keys.sorted().filter { !$0.hasPrefix("out") })
    }
    return FuzzCase(kind: kind.rawValue, arguments: arguments, files: files)
  }

  private func flags(_ random: inout RandomSource, files: [String]) -> [String] {
    let command = random.element(of: options.keys.sorted() + ["fit", "fit", "fit", "generate"])
    let chosen = options[command]!.random(&random, files: files)
    switch command {
    case "fit": return ["fit", "data.csv"] + (random.isOnce(in: 6) ? [] : ["--target", "y"]) + chosen + Self.short
    case "predict": return ["predict", "model.json", "data.csv"] + chosen
    case "describe": return ["describe", "model.json"] + chosen
    case "plot":
      return [
        "plot", random.element(of: ["fit", "bound", "responsibilities", "gate", "predictive", "x"]), "model.json", "--data",
        "data.csv", "--output", "out.svg",
      ] + chosen
    case "generate":
      let recipe = random.element(of: ["linear", "linear+softmax", "linear+", "+", "clouds", "circles", "piecewise", "x"])
      return ["generate", recipe, "--output", "out.csv"] + chosen + ["--rows", "20", "--quiet"]
    case "score": return ["score", "model.json", "--truth", "truth.json"] + chosen + ["--rows", "30"]
    default:
      return ["benchmark", "suite.json", "--output", "out"] + chosen + ["--seeds", "1", "--threads", "1", "--quiet"]
    }
  }
}

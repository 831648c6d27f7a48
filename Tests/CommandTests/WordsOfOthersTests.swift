import CommandSupport
import Foundation
import Testing

/// What people type who come from other programs, or type little.
@Suite struct WordsOfOthersTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: CommandLineTool.toneData, toPath: folder.path("tonedata.csv"))
  }

  @Test func answersSnapshot() throws {
    var transcript = Transcript(in: folder)
    let fit = ["fit", "tonedata.csv", "--target", "tuned"]
    for words in [
      ["--components", "2"], ["--ncomponents=2"], ["--n-components", "2"], ["--clusters", "2"], ["--tol", "1e-3"],
      ["--max-iter", "100"], ["--maxiter", "100"], ["--max-iterations", "100"], ["--n-init", "5"], ["--nstart", "5"],
      ["--random-state", "1"], ["--bic"], ["--aic"],
    ] {
      try transcript.run(fit + words, status: 64)
    }
    try transcript.run(["generate", "linear", "--components", "2", "--output", "data.csv"], status: 64)
    try transcript.run(["generate", "linear", "--random-state", "2", "--output", "data.csv"], status: 64)
    // Where nothing like it is there, the word is as unknown as any.
    try transcript.run(["describe", "model.json", "--components", "2"], status: 64)
    for command in ["summary", "train", "simulate", "evaluate"] { try transcript.run([command, "model.json"], status: 64) }
    try transcript.run(["help", "summary"], status: 64)
    try transcript.matches("errors-words-of-others")
  }

  /// What people type who come from other programs, and the word of the answer that they need; nothing similar to a short word.
  @Test(arguments: [
    ("fit d.csv --sep ;", "say --delimiter"), ("fit d.csv --out m.json", "say --output"),
    ("fit d.csv --outfile m.json", "--output"),
    ("fit d.csv --k 3", "say -k"), ("fit d.csv --K 3", "say -k"), ("fit d.csv -K 3", "say -k"),
    ("fit d.csv --g 3", "--experts"),
    ("fit d.csv --em", "--estimate"), ("fit d.csv --method vb", "--estimate"), ("fit d.csv --verbose", "--quiet"),
    ("fit d.csv -v", "--quiet"), ("fit d.csv --response y", "--target"), ("fit d.csv --y y", "--target"),
    ("fit d.csv --max_iter 5", "say --iterations"), ("fit d.csv --n_init 5", "say --restarts"),
    ("fit d.csv --random_state 5", "say --seed"), ("fit d.csv --n_components=5", "say --experts"),
    ("fit d.csv --nEngine 5", "mixtures fit --help lists its options"),
    ("fit d.csv --distribution poisson", "say --family"),
    ("fit d.csv --jobs 2", "say --threads"), ("score m.json --n-jobs 2", "say --threads"),
    ("fit d.csv --niter 5", "--iterations"),
    ("fit d.csv --iter 5", "say --iterations"), ("fit d.csv --covariance-type full", "--noise"),
    ("fit --data d.csv", "the file stands by itself"), ("fit --file d.csv", "the file stands by itself"),
    ("describe --model m.json", "the file stands by itself"),
    ("predict m.json --newdata d.csv", "mixtures predict model.json new.csv"),
    ("predict m.json d.csv --output p.csv", "> predictions.csv"), ("predict m.json d.csv --level 0.9", "say --interval"),
    ("describe m.json --interval 0.9", "intervals of 95 %"), ("fit d.csv --na.rm", "say --missing drop"),
    ("plot fit m.json --x age", "say --feature"), ("generate linear --n 5", "say --rows"),
    ("fit d.csv --Formula y~x", "say --formula"), ("fit d.csv --gate-feat x", "did you mean --gate-features?"),
    ("fit d.csv --expert 2", "did you mean --experts?"), ("fit d.csv --nosie 2", "did you mean --noise?"),
    ("fit d.csv y ~ x", "say --formula \"y ~ x\""),
    ("fit d.csv --formula y ~ x", "put the formula in quotes"),
    ("fit d.csv e.csv --formula y~x", "has no place for e.csv: leave it out"),
    ("fit d.csv --zz 2", "mixtures fit --help lists its options"),
    ("fit d.csv --drop", "mixtures fit --help lists its options"), ("coef m.json", "mixtures describe model.json"),
    ("info m.json", "mixtures describe model.json"), ("version", "say mixtures --version"), ("print m.json", "describe"),
    ("cluster d.csv", "--responsibilities"), ("classify d.csv", "--responsibilities"),
    ("select d.csv", "compare the ELBOs"),
    ("anova a.json b.json", "compare the ELBOs"), ("m.json", "say mixtures describe m.json"),
    ("d.csv", "say mixtures fit d.csv"),
    ("fits d.csv", "did you mean mixtures fit?"),
  ])
  func answers(typed: String, answer: String) throws {
    let outcome = try CommandLineTool(in: folder.url).run(typed.split(separator: " ").map(String.init))
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("mixtures") && outcome.errors.contains(answer), "\(outcome.errors)")
    #expect(!outcome.errors.contains("Unknown option"), "\(outcome.errors)")
  }

  /// Values that other programs take, also behind an equals sign, and the one to say instead.
  @Test(arguments: [
    ("--noise equal", "has no --noise equal: say --noise shared"), ("--noise=equal", "say --noise shared"),
    ("--noise unequal", "say --noise per-expert"), ("--noise 2.5", "say --noise fixed:2.5"),
    ("--estimate mle", "say --estimate ml"),
    ("--estimate Maximum_Likelihood", "say --estimate ml"), ("--estimate bayes", "say --estimate variational"),
    ("--estimate=mode", "say --estimate map"), ("--delimiter tabs", "say --delimiter tab"),
    ("--delimiter \\s+", "say --delimiter space"),
    ("--decimal comma", "say --decimal ,"), ("--missing na.omit", "say --missing drop"),
    ("--prior normal", "say --prior fixed:VARIANCE"),
    ("--prior ridge --noise equal", "say --prior fixed:VARIANCE"), ("--gate logistic", "say --gate softmax"),
    ("--init k-means++", "say --init kmeans"),
    ("--na -- --missing drop", "say --na=--"), ("--seed -1", "a whole number from 0 on"),
  ])
  func answersToValues(typed: String, answer: String) throws {
    let fit = ["fit", "tonedata.csv", "--target", "tuned"]
    let outcome = try CommandLineTool(in: folder.url).run(fit + typed.split(separator: " ").map(String.init))
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.replacing(/\s+/, with: " ").contains(answer), "\(outcome.errors)")
  }

  /// A tab as other programs write it, and two hyphens as a word for missing cells.
  @Test func valuesThatAreUnderstood() throws {
    let tool = CommandLineTool(in: folder.url)
    _ = try folder.write("x\ty\n1\t2\n--\t3\n3\t5\n4\t6\n5\t9\n", to: "tabs.txt")
    let outcome = try tool.run([
      "fit", "tabs.txt", "--target", "y", "--delimiter", "\\t", "--na=--", "--missing", "drop", "-k", "1",
    ])
    #expect(
      outcome.status == 0 && outcome.errors.contains("left out 1 row with missing cells: x (1: \"--\")"),
      "\(outcome.errors)")
  }

  /// All those answers name options and commands that there are.
  @Test func answersNameWhatThereIs() throws {
    let source = try String(
      contentsOf: CommandLineTool.packageFolder.appendingPathComponent("Sources/MixturesCommand/ForeignWord.swift"),
      encoding: .utf8)
    let commands = ["fit", "predict", "describe", "plot", "generate", "score", "benchmark"]
    let help = try commands.map { try CommandLineTool.run($0, "--help").output }.joined() + "--version"
    let options = source.matches(of: /--[a-z-]+/).map { String($0.output) }
    #expect(options.count > 50)
    for option in options { #expect(help.contains(option), "\(option)") }
    for command in source.matches(of: /mixtures ([a-z]+)/) { #expect(commands.contains(String(command.1)), "\(command.0)") }
  }

  @Test func modelsOfBenchmarksAreAnsweredToo() throws {
    func run(_ options: String) throws -> CommandLineTool.Outcome {
      let suite = """
        {"grids": [{"name": "noise", "generators": [{"recipe": "linear", "rows": 60}],
          "models": [{"name": "one", "options": "\(options)"}]}]}
        """
      return try CommandLineTool(in: folder.url).run([
        "benchmark", folder.write(suite, to: "suite.json"), "--output", "out",
      ])
    }
    #expect(try run("--tol 1e-3").errors.contains("mixtures fit has no option --tol: say --tolerance"))
    for (options, long) in [
      ("-o a.json", "--output"), ("-qj", "--json"), ("-s 3", "--seed"), ("-s=3", "--seed"), ("--digits 3", "--digits"),
    ] {
      let outcome = try run(options)
      #expect(outcome.status == 65 && outcome.errors.contains("\(long) means nothing in a benchmark"), "\(outcome.errors)")
    }
    // A number of experts that is given is not overruled.
    #expect(try run("-k 0").errors.contains("--experts must be from 1"))
  }

  /// One letter does what the word does.
  @Test func shortOptions() throws {
    let tool = CommandLineTool(in: folder.url)
    func run(_ arguments: String...) throws -> CommandLineTool.Outcome {
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }
    let short = try run("fit", "tonedata.csv", "--target", "tuned", "-k", "3", "-s", "7", "-q", "-j", "-o", "short.json")
    let long = try run(
      "fit", "tonedata.csv", "--target", "tuned", "--experts", "3", "--seed", "7", "--quiet", "--json", "--output",
      "long.json")
    #expect(short.errors.isEmpty && long.errors.isEmpty)
    #expect(try short.json["elboTrace"] as? [Double] == long.json["elboTrace"] as? [Double])
    #expect(try (short.json["experts"] as? [Any])?.count == 3 && short.json["seed"] as? Int == 7)
    #expect(try run("describe", "short.json", "-j").json["seed"] as? Int == 7)
    #expect(try run("predict", "short.json", "tonedata.csv", "-j").json["mean"] != nil)
    _ = try run("generate", "linear", "-k", "2", "-s", "5", "-q", "-o", "a.csv", "--truth", "truth.json")
    _ = try run("generate", "linear", "--experts", "2", "--seed", "5", "--quiet", "--output", "b.csv")
    #expect(try folder.read("a.csv") == folder.read("b.csv"))
    _ = try run("fit", "a.csv", "--target", "y", "-q", "-o", "model.json")
    #expect(try run("score", "model.json", "--truth", "truth.json", "-j").json["adjustedRandIndex"] != nil)
    // The letter is understood: something else is missing.
    #expect(try tool.run(["plot", "fit", "model.json", "-o", "fit.svg"]).errors.contains("plot fit needs --data"))
  }

  /// Results are on standard output, and what is said about them beside it.
  @Test func whatIsSaidBesideTheResult() throws {
    let tool = CommandLineTool(in: folder.url)
    let fit = ["fit", "tonedata.csv", "--target", "tuned"]
    let loud = try tool.run(fit + ["--output", "model.json"])
    #expect(loud.errors == "wrote model.json; use it with mixtures predict model.json NEW.csv\n")
    #expect(!loud.output.contains("wrote"))
    let spaced = try tool.run(fit + ["--output", "my model.json"])
    #expect(spaced.errors == "wrote my model.json; use it with mixtures predict 'my model.json' NEW.csv\n")
    #expect(try tool.run(fit + ["--output", "model.json", "--quiet"]).errors.isEmpty)
    let short = ["--init", "random", "--restarts", "2", "--iterations", "3", "--output", "short.json"]
    let stopped = try tool.run(fit + short)
    let lines = stopped.errors.split(separator: "\n")
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("warning: ") } && lines.last?.hasPrefix("wrote short.json") == true)
    #expect(lines.count > 1 && !stopped.output.contains("warning"))
    let described = try tool.run(["describe", "short.json"])
    #expect(described.errors.split(separator: "\n") == lines.dropLast() && !described.output.contains("warning"))
  }
}

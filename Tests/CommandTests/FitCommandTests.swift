import CommandSupport
import Foundation
import Testing

/// `mixtures fit`, as a user sees it: what it prints, and how it fails.
@Suite struct FitCommandTests {
  @Test func jsonHoldsWhatIsPromised() throws {
    let outcome = try CommandLineTool.run(
      "fit", CommandLineTool.toneData, "--target", "tuned", "--features", "stretchratio", "--experts", "2",
      "--prior", "fixed:100", "--noise", "gamma:1,0.01", "--no-standardize", "--seed", "7", "--restarts", "3", "--init",
      "random",
      "--threads", "2", "--json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let json = try outcome.json
    let elbo = try #require(json["elboTrace"] as? [Double])
    #expect(abs(elbo.last! - 76.57359021) < 1e-6)
    #expect(zip(elbo, elbo.dropFirst()).allSatisfy { $1 >= $0 - 1e-9 })
    #expect(json["iterations"] as? Int == elbo.count)
    #expect(json["converged"] as? Bool == true && json["stopReason"] as? String == "converged")
    let terms = try #require(json["elboTerms"] as? [[String: Any]])
    #expect(terms.compactMap { $0["part"] as? String } == ["responsibilities", "LinearExpert", "DirichletGate", "units"])
    #expect(abs(terms.compactMap { $0["value"] as? Double }.reduce(0, +) - elbo.last!) < 1e-9)
    #expect(json["seed"] as? Int == 7 && json["rows"] as? Int == 150 && json["threads"] as? Int == 2)
    #expect(json["seconds"] as? Double ?? 0 > 0)
    #expect((json["logLikelihood"] as? Double ?? 0) > elbo.last!)

    let experts = try #require(json["experts"] as? [[String: Any]])
    #expect(experts.count == 2)
    for expert in experts {
      let parameters = ToldParameter.list(expert["parameters"])
      #expect(parameters.map(\.name) == ["(intercept)", "stretchratio", "noise sd"])
      #expect(parameters.map { ($0.standardError ?? 0) > 0 } == [true, true, true])
      #expect(abs(pow(parameters[2].value, 2) - 1 / 137.79) < 1e-5)
    }
    #expect(abs(experts.reduce(0) { $0 + ($1["weight"] as? Double ?? 0) } - 1) < 1e-12)
    #expect(abs(experts.reduce(0) { $0 + ($1["effectiveRows"] as? Double ?? 0) } - 150) < 1e-9)

    let restarts = try #require(json["restarts"] as? [[String: Any]])
    #expect(restarts.count == 3)
    for restart in restarts {
      #expect(restart["seed"] is Int && restart["elbo"] is Double && restart["iterations"] is Int)
      #expect(restart["stopReason"] as? String == "converged")
    }
  }

  @Test(arguments: [
    ["--noise", "shared"], ["--noise", "per-expert"], ["--noise", "fixed:0.01"], ["--noise", "gamma"],
    ["--noise", "per-expert-gamma:2,0.1"], ["--prior", "fixed:10", "--no-intercept"], ["--concentration", "0.5,2"],
    ["--iterations", "3"], ["--prior", "flat"], ["--prior", "ard"], ["--prior", "full"],
    ["--estimate", "map", "--prior", "fixed:1"], ["--estimate", "ml", "--noise", "per-expert"], ["--couple", "1"],
    ["--tolerance", "0", "--iterations", "20"], ["--quiet"], ["--no-standardize"],
    ["--anneal"], ["--no-acceleration"], ["--init", "planes", "--anneal", "--no-acceleration"],
  ])
  func tableForEveryOption(options: [String]) throws {
    let outcome = try CommandLineTool.runAll(["fit", CommandLineTool.toneData, "--target", "tuned"] + options)
    #expect(outcome.status == 0)
    #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("warning: ") }, "\(outcome.errors)")
    #expect(
      !outcome.output.contains("warning:") && outcome.output.contains("stretchratio") && outcome.output.contains("noise sd")
    )
    #expect(outcome.output.contains(options.contains("--iterations") ? "limit of iterations" : "converged"))
    #expect(outcome.output.contains("dirichlet gate: estimate = ") != options.contains("--quiet"))
  }

  @Test func priorsAndWarningsAreInTheJSON() throws {
    let folder = try TemporaryFolder()
    let means = try folder.write("1,0.5\n0,1\n", to: "means.csv")
    func fit(_ options: String...) throws -> [String: Any] {
      let outcome = try CommandLineTool.runAll(["fit", CommandLineTool.toneData, "--target", "tuned", "--json"] + options)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json
    }
    func prior(_ json: [String: Any], _ expert: Int, _ key: String) -> [String: Double] {
      let priors = (json["experts"] as? [[String: Any]])?[expert]["priors"] as? [[String: Any]] ?? []
      return Dictionary(
        uniqueKeysWithValues: priors.map { ($0["name"] as? String ?? "", $0[key] as? Double ?? .nan) })
    }
    let given = try fit("--prior", "fixed:4", "--prior-mean", means)
    #expect(abs((prior(given, 0, "mean")["stretchratio"] ?? 0) - 0.5) < 1e-9)
    #expect(abs((prior(given, 1, "mean")["(intercept)"] ?? 9)) < 1e-9)
    #expect(abs((prior(given, 0, "standardDeviation")["(intercept)"] ?? 0) - 2) < 1e-9)
    #expect((given["warnings"] as? [String]) == [])

    let flat = try fit("--estimate", "ml")
    #expect(prior(flat, 0, "mean") == [:] && (flat["experts"] as? [[String: Any]])?.count == 2)
    #expect(abs(((flat["elbo"] as? Double) ?? 0) - 107.256698) < 1e-6)
    // The array of bounds holds log-likelihoods.
    #expect(abs((flat["logLikelihood"] as? Double ?? 0) - ((flat["elbo"] as? Double) ?? 1)) < 1e-9)

    let common = try fit("--prior-mean", "common", "--prior", "ard")
    #expect(prior(common, 0, "mean") == prior(common, 1, "mean") && prior(common, 0, "mean").count == 2)
    let coupled = try fit("--prior", "fixed:1", "--prior-mean", means, "--couple", "0.01:stretchratio")
    let slopes = (0..<2).map { prior(coupled, $0, "mean")["stretchratio"] ?? .nan }
    #expect(abs(slopes[0] - slopes[1]) < 0.2)
    #expect(abs((prior(coupled, 0, "mean")["(intercept)"] ?? 0) - 1) < 1e-9)
    let each = try fit("--prior", "fixed:1", "--prior-mean", means, "--couple", "1e4,0.01")
    func gap(_ coefficient: String) -> Double {
      abs((prior(each, 0, "mean")[coefficient] ?? .nan) - (prior(each, 1, "mean")[coefficient] ?? .nan))
    }
    #expect(gap("stretchratio") < 0.2 && gap("(intercept)") > 0.5)
    let warnings = try fit("--prior", "isotropic", "--prior-mean", "learned")["warnings"] as? [String]
    #expect(warnings?.contains { $0.contains("sharpens") } == true)
  }

  @Test(arguments: [
    ["--estimate", "ml", "--noise", "gamma"], ["--estimate", "map", "--prior", "full"],
    ["--intercept-prior", "same"], ["--prior", "fixed:1", "--intercept-prior", "flat"],
    ["--prior", "ard", "--intercept-prior", "wide"],
    ["--couple", "1", "--prior-mean", "common"], ["--couple", "-1"], ["--estimate", "mle"], ["--prior", "ard:2"],
  ])
  func refusedCombinationsExitWith64(options: [String]) throws {
    let outcome = try CommandLineTool.runAll(["fit", CommandLineTool.toneData, "--target", "tuned"] + options)
    #expect(outcome.status == 64 && outcome.output.isEmpty && !outcome.errors.isEmpty)
  }

  @Test func priorMeansThatDoNotFit() throws {
    let folder = try TemporaryFolder()
    let means = try folder.write("1,0.5,3\n", to: "means.csv")
    let outcome = try CommandLineTool.run("fit", CommandLineTool.toneData, "--target", "tuned", "--prior-mean", means)
    #expect(outcome.status == 65 && outcome.errors.contains("(intercept), stretchratio"))
    let coupled = try CommandLineTool.run("fit", CommandLineTool.toneData, "--target", "tuned", "--couple", "1:speed")
    #expect(coupled.status == 64 && coupled.errors.contains("speed"))
    let three = try CommandLineTool.run("fit", CommandLineTool.toneData, "--target", "tuned", "--couple", "1,2,3")
    #expect(three.status == 64 && three.errors.contains("3 variances for 2 coefficients"))
  }

  @Test func sameSeedSameOutputWhateverTheThreads() throws {
    func bounds(_ threads: String) throws -> [Double] {
      let outcome = try CommandLineTool.run(
        "fit", CommandLineTool.toneData, "--target", "tuned", "--seed", "3", "--threads", threads, "--json")
      return try #require(outcome.json["elboTrace"] as? [Double])
    }
    #expect(try bounds("1") == bounds("4"))
  }

  @Test func startsFromATableOfResponsibilities() throws {
    let folder = try TemporaryFolder()
    let table = (0..<150).map { $0 % 3 == 0 ? "0.9,0.1" : "0.2,0.8" }.joined(separator: "\n")
    let path = try folder.write(table + "\n", to: "start.csv")
    let outcome = try CommandLineTool.run(
      "fit", CommandLineTool.toneData, "--target", "tuned", "--init", path, "--json")
    #expect(outcome.status == 0)
    #expect((try outcome.json["restarts"] as? [Any])?.count == 1)
    let wrong = try CommandLineTool.run(
      "fit", CommandLineTool.toneData, "--target", "tuned", "--init", path, "--experts", "3")
    #expect(wrong.status == 65 && wrong.errors.contains("2 columns"))
    let equal = try folder.write(Array(repeating: "0.5,0.5\n", count: 150).joined(), to: "equal.csv")
    let symmetric = try CommandLineTool.run("fit", CommandLineTool.toneData, "--target", "tuned", "--init", equal)
    #expect(symmetric.status == 65 && symmetric.errors.contains("experts 1 and 2 start equal"))
  }

  /// The same optimum; plain passes are more, and each of them is kept.
  @Test func accelerationCanBeSwitchedOff() throws {
    func fit(_ options: String...) throws -> (elbo: Double, iterations: Int, made: Int, warmUp: Int) {
      let outcome = try CommandLineTool.runAll(
        ["fit", CommandLineTool.toneData, "--target", "tuned", "--init", "random", "--restarts", "1", "--json"] + options)
      let json = try outcome.json
      let restart = try #require((json["restarts"] as? [[String: Any]])?.first)
      return (
        try #require((json["elbo"] as? Double)), try #require(json["iterations"] as? Int),
        try #require(restart["iterations"] as? Int), try #require(restart["warmUpIterations"] as? Int)
      )
    }
    let (fast, plain, annealed) = (try fit(), try fit("--no-acceleration"), try fit("--anneal", "--no-acceleration"))
    #expect(abs(fast.elbo - plain.elbo) < 1e-6 && abs(annealed.elbo - plain.elbo) < 1e-6)
    // Before the passes of the fit come those with points, or 30 that are annealed.
    #expect(fast.made < plain.made && plain.made == plain.iterations && (25...200).contains(plain.warmUp))
    #expect(annealed.made == annealed.iterations && annealed.warmUp == 30)
  }

  @Test func weightsComeFromAColumn() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\($0),\($0 % 2 == 0 ? 2 * $0 + $0 % 3 : -$0),\($0 % 4)" }
    let path = try folder.write("x,y,w\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
    let outcome = try CommandLineTool.run("fit", path, "--target", "y", "--row-weights", "w", "--json")
    let experts = try #require(outcome.json["experts"] as? [[String: Any]])
    #expect(abs(experts.reduce(0) { $0 + ($1["effectiveRows"] as? Double ?? 0) } - 60) < 1e-9)
    #expect(ToldParameter.list(experts[0]["parameters"]).map(\.name) == ["(intercept)", "x", "noise sd"])
  }

  @Test(arguments: [
    ["--experts", "0"], ["--noise", "fixed"], ["--noise", "fixed:-1"], ["--noise", "gamma:1"], ["--noise", "loud"],
    ["--prior", "isotropic:3"], ["--prior", "flat:1"], ["--prior", "fixed:x"], ["--concentration", "1,2,3"],
    ["--concentration", "-1"],
    ["--restarts", "0"], ["--iterations", "0"], ["--tolerance", "-1"], ["--threads", "0"], ["--bogus"],
    ["--features", "a,,b"],
  ])
  func usageErrorsExitWith64(options: [String]) throws {
    let outcome = try CommandLineTool.runAll(["fit", CommandLineTool.toneData, "--target", "tuned"] + options)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty && outcome.errors.contains(options[0]))
  }

  @Test func quotesNewlinesAndByteOrderMarksAreRead() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "\u{FEFF}\"first, x\",y\r\n\"1\",2\r\n2,\"3.5\"\r\n\r\n3e0,-4\r\n5,1\r\n", to: "data.csv")
    let outcome = try CommandLineTool.run("fit", path, "--target", "y", "--experts", "1", "--json")
    #expect(try outcome.json["rows"] as? Int == 4)
    let experts = try #require(outcome.json["experts"] as? [[String: Any]])
    #expect(ToldParameter.values(experts[0]["parameters"])["first, x"] != nil)
  }
}

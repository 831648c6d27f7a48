import CommandSupport
import Foundation
import Testing

/// Inputs on which numbers were once silently wrong (see Tests/CommandTests/Faults/README.md).
@Suite struct FaultyInputTests {
  private static let folder = CommandLineTool.packageFolder.appendingPathComponent("Tests/CommandTests/Faults")

  private func fit(_ file: String, _ options: String...) throws -> CommandLineTool.Outcome {
    try CommandLineTool.runAll(["fit", Self.folder.appendingPathComponent(file).path] + options)
  }

  /// The experts' parameters by name, and the warnings.
  private func told(_ file: String, _ options: String...) throws -> (
    experts: [[String: ToldParameter]], rows: [Double], elbo: Double, warnings: [String]
  ) {
    let outcome = try CommandLineTool.runAll(["fit", Self.folder.appendingPathComponent(file).path] + options + ["--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json
    let experts = try #require(json["experts"] as? [[String: Any]])
    let parameters = experts.map { expert in
      Dictionary(uniqueKeysWithValues: ToldParameter.list(expert["parameters"]).map { ($0.name, $0) })
    }
    return (
      parameters, experts.compactMap { $0["effectiveRows"] as? Double }, (json["elbo"] as? Double) ?? .nan,
      json["warnings"] as? [String] ?? []
    )
  }

  @Test func aFlatExpertHasHonestErrors() throws {
    let fit = try told("flat-expert.csv", "--target", "y", "--experts", "2")
    let flat = try #require(fit.experts.min { abs($0["x1"]?.value ?? 9) < abs($1["x1"]?.value ?? 9) })
    for name in ["x1", "x2"] {
      let error = try #require(flat[name]?.standardError)
      #expect(error > 0.07 && error < 0.1)
      #expect(abs((flat[name]?.value ?? 9) - 0.05) < 3 * error)
    }
  }

  @Test func aLearnedPriorSaysWhatItPrunes() throws {
    let fit = try told("flat-expert.csv", "--target", "y", "--experts", "2", "--prior", "isotropic")
    let flat = try #require(fit.experts.min { abs($0["x1"]?.value ?? 9) < abs($1["x1"]?.value ?? 9) })
    #expect(flat["x1"]?.standardError == nil && flat["(intercept)"]?.standardError != nil)
    #expect(fit.warnings.contains { $0.contains("pruned x1 and x2") })
  }

  /// 999999 among two hundred rows: the lines are found, and the value is named.
  @Test(arguments: ["shared", "per-expert"])
  func aFarOutlierLosesNoLine(noise: String) throws {
    let fit = try told("far-outlier.csv", "--target", "y", "--experts", "3", "--noise", noise)
    for (intercept, slope) in [(19.93, -0.98), (1.10, 2.00)] {
      let line = try #require(
        fit.experts.min { abs(($0["x"]?.value ?? 9) - slope) < abs(($1["x"]?.value ?? 9) - slope) })
      #expect(abs((line["x"]?.value ?? 0) - slope) < 0.05 && abs((line["(intercept)"]?.value ?? 0) - intercept) < 0.2)
      #expect(abs((line["noise sd"]?.value ?? 0) - 0.48) < 0.05)
    }
    #expect(fit.warnings.contains { $0.hasPrefix("y = 999999 is far from all others") })
    #expect(!fit.warnings.contains { $0.contains("lie on a plane") || $0.contains("every row lies") })
  }

  @Test func weightsThatSumToOneAreNoted() throws {
    let fit = try told("normalised-weights.csv", "--formula", "y ~ x", "--row-weights", "w")
    #expect(fit.warnings.contains { $0.hasPrefix("the row weights of the 2000 rows sum to 1.0: row weights count rows") })
    #expect(fit.warnings.contains("experts 1 and 2 are the same: one is enough"))
    let rescaled = try told("normalised-weights.csv", "--formula", "y ~ x", "--row-weights", "w", "--rescale-row-weights")
    #expect(rescaled.warnings.isEmpty && abs(rescaled.rows.reduce(0, +) - 2000) < 1e-6)
    for (intercept, slope) in [(1.0, 2.0), (20, -1)] {
      #expect(
        rescaled.experts.contains {
          abs(($0["x"]?.value ?? 9) - slope) < 0.02 && abs(($0["(intercept)"]?.value ?? 9) - intercept) < 0.1
            && abs(($0["noise sd"]?.value ?? 9) - 0.5) < 0.02
        })
    }
    #expect(try self.fit("normalised-weights.csv", "--target", "y", "--rescale-row-weights").status == 64)
  }

  /// Without a prior the ELBO is higher the less rows an expert has.
  @Test func noGhostWins() throws {
    let fit = try told("ghost.csv", "--target", "yield", "--noise", "per-expert", "--prior", "flat")
    #expect(fit.rows.allSatisfy { $0 > 5 } && fit.elbo > -80 && fit.elbo < -70)
    #expect(fit.experts.allSatisfy { ($0["noise sd"]?.value ?? 9) < 2 })
    #expect(fit.warnings.contains { $0.contains("of them like this: ") })
  }

  @Test func aRowThatNothingDeterminesIsNamed() throws {
    let outcome = try fit("outlier-flat-prior.csv", "--target", "y", "--prior", "flat", "--noise", "per-expert")
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("about y = 100000") && !outcome.errors.contains("formulas are wrong"))
  }

  @Test func aGaussianGateRefusesColumnsOfTwoValues() throws {
    let options = ["--gate", "gaussian", "--experts", "2", "--noise", "per-expert"]
    let path = Self.folder.appendingPathComponent("gaussian-gate-factor.csv").path
    let refused = try CommandLineTool.runAll(["fit", path, "--formula", "y ~ x | x + c"] + options)
    #expect(
      refused.status == 64 && refused.errors.contains("hardly more than two values") && refused.errors.contains("clo"))
    let fit = try told(
      "gaussian-gate-factor.csv", "--formula", "y ~ x | x", "--gate", "gaussian", "--experts", "2", "--noise", "per-expert")
    for (slope, noise) in [(1.08, 1.53), (-1.48, 0.87)] {
      #expect(
        fit.experts.contains {
          abs(($0["x"]?.value ?? 9) - slope) < 0.1 && abs(($0["noise sd"]?.value ?? 9) - noise) < 0.15
        })
    }
  }

  @Test func maximumLikelihoodHasCriteria() throws {
    let options = ["fit", CommandLineTool.toneData, "--target", "tuned", "--estimate", "ml"]
    let json = try CommandLineTool.runAll(options + ["--json"]).json
    // flexmix counts six for the same model: two lines, a noise, a weight.
    #expect(json["parameterCount"] as? Int == 6)
    #expect(abs((json["aic"] as? Double ?? 0) - (12 - 2 * 107.256698)) < 1e-4)
    #expect(abs((json["bic"] as? Double ?? 0) - (6 * log(150.0) - 2 * 107.256698)) < 1e-4)
    for expert in try #require(json["experts"] as? [[String: Any]]) {
      #expect(ToldParameter.list(expert["parameters"]).allSatisfy { ($0.standardError ?? 0) > 0 })
    }
    #expect(try CommandLineTool.runAll(options).output.contains("6 parameters, AIC -202.513"))
    let variational = try CommandLineTool.run("fit", CommandLineTool.toneData, "--target", "tuned", "--json").json
    #expect(variational["aic"] == nil && variational["parameterCount"] == nil)
  }

  @Test(arguments: ["ml", "map"])
  func pointsHaveNoMeanFieldErrors(estimate: String) throws {
    let outcome = try CommandLineTool.run(
      "fit", CommandLineTool.toneData, "--target", "tuned", "--estimate", estimate, "--errors", "mean-field")
    #expect(outcome.status == 64 && outcome.errors.contains("take corrected or robust"), "\(outcome.errors)")
  }

  @Test func whatDidNotConvergeSaysSo() throws {
    let outcome = try CommandLineTool.run("fit", CommandLineTool.toneData, "--target", "tuned", "--iterations", "3")
    #expect(outcome.errors.contains("warning: not converged within 3 iterations, the last of which changed the ELBO by "))
  }
}

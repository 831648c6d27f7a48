import CommandSupport
import Foundation
import Testing

/// Data that leave something undetermined: a warning under the default prior, else an error that names the feature.
@Suite struct DegenerateCommandTests {
  @Test(arguments: [
    ("c", 0, 4, "feature c is constant: it tells nothing"),
    ("double", 2, 0, "features x and double are linearly dependent: only the prior tells their coefficients apart"),
  ])
  func undeterminedCoefficientsAreNamed(name: String, slope: Double, start: Double, warning: String) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { i in
      let x = Double(i % 20)
      return "\(x),\(start + slope * x),\((i % 2 == 0 ? 3 * x : 5 - x) + Double(i * 31 % 7) / 20)"
    }
    let path = try folder.write("x,\(name),y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
    let fit = try CommandLineTool.run("fit", path, "--target", "y", "--restarts", "2", "--json")
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(try (fit.json["warnings"] as? [String])?.contains(warning) == true)
    for options in [["--estimate", "ml"], ["--prior", "flat"], ["--estimate", "map", "--prior", "flat"]] {
      let outcome = try CommandLineTool.runAll(["fit", path, "--target", "y"] + options)
      #expect(outcome.status == 65 && outcome.output.isEmpty, "\(options)")
      #expect(outcome.errors.contains(warning.prefix { $0 != ":" }), "\(outcome.errors)")
    }
  }

  /// Too few rows without a prior, and a response without noise with one.
  @Test func tooFewRowsAndExactResponses() throws {
    let folder = try TemporaryFolder()
    let few = try folder.write("a,b,c,y\n1,2,0,3\n2,3,5,4\n4,1,1,1\n", to: "few.csv")
    let refused = try CommandLineTool.run("fit", few, "--target", "y", "--estimate", "ml", "--experts", "1")
    #expect(refused.status == 65 && refused.errors.contains("3 rows for 4 coefficients"), "\(refused.errors)")
    let exact = try folder.write("x,y\n" + (0..<20).map { "\($0),\(3 * $0 + 1)\n" }.joined(), to: "exact.csv")
    let fit = try CommandLineTool.run("fit", exact, "--target", "y", "--experts", "1")
    #expect(fit.status == 0)
    #expect(
      fit.errors.contains("warning: the response is exactly linear: the noise variance is at its floor"), "\(fit.errors)")
  }
}

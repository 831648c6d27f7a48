import Foundation
import Mixtures

extension FamilyBenchmark {
  /// A family of this module, for which the library's loops were not compiled, beside the same written out, and one with closed forms beside the
  /// library's own.
  static func printOutside() throws {
    print("| family of another module | beside | estimate | ms/pass | ms/pass beside | ratio | at most |")
    print("|---|---|---|---:|---:|---:|---:|")
    let poisson = FamilyCase.all.first { $0.name == "Poisson" }!
    let rows = try poisson.rows(rowCount, features: features, experts: experts, seed: 1)
    for estimate in [Estimate.variational, .maximumLikelihood] {
      try compare("geometric", GeometricFamily(), "its loops written out", WrittenOutGeometricFamily(), rows, estimate)
      try compare("counts", CountsFamily(), "Poisson with its kernel", PoissonFamily(), rows, estimate)
    }
  }

  private static func compare<Own: ResponseFamily, Other: ResponseFamily>(
    _ name: String, _ own: Own, _ otherName: String, _ other: Other, _ rows: Observations, _ estimate: Estimate
  ) throws where Own.Scale == Unscaled, Other.Scale == Unscaled {
    func mixture<Family: ResponseFamily>(_ family: Family) throws -> MixtureModel where Family.Scale == Unscaled {
      try MixtureModel(
        gate: DirichletGate(estimate: estimate), blocks: [Block(experts, Regression(family, estimate: estimate))])
    }
    var (ofOwn, ofOther) = (PassTimes(), PassTimes())
    for _ in 0..<3 {
      try ofOwn.measure(mixture(own), rows, passes: 10)
      try ofOther.measure(mixture(other), rows, passes: 10)
    }
    print(
      "| \(name) | \(otherName) | \(estimate.rawValue) | \(String(format: "%.2f", ofOwn.least)) | "
        + "\(String(format: "%.2f", ofOther.least)) | \(String(format: "%.2f", ofOwn.least / ofOther.least)) | 1.5 |")
    fflush(nil)
  }
}

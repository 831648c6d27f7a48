import Foundation
import Mixtures

extension FamilyBenchmark {
  /// How many starts are made on each data set, of how many rows.
  private static let (starts, rowsOfSet) = (10, 5000)

  /// The median iterations of starts that end in the best optimum of each family's own rows.
  static func printIterations() throws {
    print("| family | n | K | estimate | iterations | over normal | best optimum |")
    print("|---|---:|---:|---|---:|---:|---:|")
    for (features, experts) in [(1, 2), (4, 3), (10, 4)] {
      for estimate in [Estimate.variational, .maximumLikelihood] {
        var ofNormal: Double?
        for family in FamilyCase.all {
          let rows = try family.rows(rowsOfSet, features: features, experts: experts, seed: 3)
          let fits = try (1...starts).map { seed in
            var options = FitOptions()
            (options.starts, options.seed) = (1, UInt64(seed))
            return try family.mixture(experts: experts, estimate).fitBlocking(
              rows, from: .recipe(.random), options: options)
          }
          let best = fits.map(\.elbo.total).max()!
          let counts = fits.filter { $0.elbo.total > best - 1e-3 }.map { $0.starts[0].iterations }.sorted()
          let median = Double(counts[counts.count / 2])
          ofNormal = ofNormal ?? median
          print(
            "| \(family.name) | \(features) | \(experts) | \(estimate.rawValue) | \(Int(median)) | "
              + "\(String(format: "%.2f", median / ofNormal!)) | \(counts.count) of \(starts) |")
          fflush(nil)
        }
      }
    }
  }
}

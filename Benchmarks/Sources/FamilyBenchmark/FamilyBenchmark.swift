import Foundation
import GSL
import Mixtures

/// Times experts of every family beside linear ones: passes, iterations, a family from another module, and flexmix.
///
/// Run with `make benchmark-families`; arguments are a table (passes, iterations, outside, flexmix), and families to pass the time of beside the normal
/// one.
@main
struct FamilyBenchmark {
  static let (rowCount, features, experts) = (100_000, 10, 4)

  static func main() throws {
    let asked = CommandLine.arguments.dropFirst().first
    let parts = [
      ("passes", printPasses), ("iterations", printIterations), ("outside", printOutside), ("flexmix", printFlexmix),
    ]
    if asked == nil {
      print(
        """
        Experts of every family, with \(rowCount) rows, \(features) features and \(experts) experts, on one thread of \(machine), BLAS \(blasName),
        \(Date().formatted(.iso8601.year().month().day())). A pass is an update with the scores and sums that follow; its time is the least of a hundred,
        and the processor's own.

        """)
    }
    for (name, printTable) in parts where asked == nil || asked == name {
      try printTable()
      print()
    }
  }

  /// Each family in turn, several times, so that what else the machine does falls on all.
  private static func printPasses() throws {
    print("| family | estimate | ms/pass | over normal | at most |")
    print("|---|---|---:|---:|---:|")
    let asked = CommandLine.arguments.dropFirst(2)
    let families = FamilyCase.all.filter { asked.isEmpty || $0.limit == nil || asked.contains($0.name) }
    let rows = try families.map { try $0.rows(rowCount, features: features, experts: experts, seed: 1) }
    for estimate in [Estimate.variational, .maximumLikelihood] {
      var times = families.map { _ in PassTimes() }
      for _ in 0..<5 {
        for (index, family) in families.enumerated() {
          try times[index].measure(family.mixture(experts: experts, estimate), rows[index])
        }
      }
      for (family, time) in zip(families, times) {
        print(
          "| \(family.name) | \(estimate.rawValue) | \(String(format: "%.2f", time.least)) | "
            + "\(String(format: "%.2f", time.least / times[0].least)) | \(family.limit.map { "\($0)" } ?? "") |")
        fflush(nil)
      }
    }
  }

  /// What the processor is called.
  private static var machine: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "a machine of unknown make"
  }
}

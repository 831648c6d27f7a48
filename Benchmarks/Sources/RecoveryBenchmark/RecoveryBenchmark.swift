import Foundation
import MixtureDiagnostics
import Mixtures
import SyntheticData

/// How often the default fit of each family finds the mixture that its rows were drawn from.
///
/// Run with `make benchmark-recovery`; an argument is the number of seeds, 20 by default.
@main
struct RecoveryBenchmark {
  static func main() throws {
    let seeds = CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 20
    print(
      """
      Of \(seeds) seeds, each with a mixture, rows and a default fit of its own: how many fits find the mixture. Found is a fit that loses no
      more on \(unseen) unseen rows than a quantile of χ² allows that a sound fit exceeds in one of 10⁴ cases (`TruthScore.isRecovery`), and whose
      adjusted Rand index is at most \(slack) below that of somebody who knows the truth. Beside them the medians of both indices, of the
      excess log loss, in nats a row, and of the bound; and how many of the coefficients are more than four of their posterior
      standard deviations off, which experts that overlap make too small.

      | data | rows | K | found | log loss within bound | index within \(slack) | index | truth's index | excess log loss | bound | beyond four s.d. |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """)
    for family in families {
      for experts in [2, 3] {
        print(row(family, experts, try (1...seeds).map { try outcome(family, experts, seed: $0) }))
        fflush(nil)
      }
    }
  }

  private static let unseen = 10_000
  private static let slack = 0.05

  /// A family with its generator, and the model that a user would fit to its rows.
  private struct Family {
    var recipe: String
    var rows = 1000
    var formula = "y ~ x1 + x2"
    var trials: String?
    var groups: String?
    /// The free parameters beside coefficients and weights of so many experts.
    var furtherParameters: @Sendable (Int) -> Int = { _ in 0 }
    var block: @Sendable (Int) -> any AnyBlock
  }

  private static let families = [
    Family(recipe: "linear", furtherParameters: { _ in 1 }) { Block($0, LinearExpert()) },
    Family(recipe: "student", furtherParameters: { 1 + $0 }) { Block($0, StudentExpert()) },
    Family(recipe: "poisson") { Block($0, PoissonExpert()) },
    Family(recipe: "poisson:10", formula: "y ~ x1 + x2 + offset(log(exposure))") { Block($0, PoissonExpert()) },
    Family(recipe: "binomial", trials: "trials") { Block($0, BinomialExpert()) },
    Family(recipe: "bernoulli+grouped:10", rows: 2000, groups: "group") { Block($0, BernoulliExpert()) },
  ]

  private struct Outcome {
    var score: TruthScore
    var bound: Double
    var isWithinBound: Bool

    var index: Double { score.adjustedRandIndex ?? 0 }
    var bestIndex: Double { score.bayesAdjustedRandIndex ?? 0 }
    var isWithinSlack: Bool { index >= bestIndex - RecoveryBenchmark.slack }
  }

  private static func outcome(_ family: Family, _ experts: Int, seed: UInt64) throws -> Outcome {
    let generator = try Recipe(family.recipe).generator(RecipeParameters(experts: experts), seed: seed)
    let data = try SyntheticDataSet(generator, rows: family.rows, seed: seed)
    let mixture = Mixture(
      try Formula(family.formula), trials: family.trials, groups: family.groups,
      parts: try MixtureModel(gate: try DirichletGate(), blocks: [family.block(experts)]))
    let score = try TruthScore(mixture.fitBlocking(data.table(), seed: seed), unseen: data.unseenRows(unseen))
    let parameters = 3 * experts + experts - 1 + family.furtherParameters(experts)
    return Outcome(
      score: score, bound: TruthScore.lossBound(ofRows: family.rows, parameters: parameters),
      isWithinBound: score.isRecovery(fromRows: family.rows, parameters: parameters) ?? false)
  }

  private static func row(_ family: Family, _ experts: Int, _ outcomes: [Outcome]) -> String {
    func median(_ value: (Outcome) -> Double) -> Double { outcomes.map(value).sorted()[outcomes.count / 2] }
    let errors = outcomes.flatMap { $0.score.parameters.compactMap(\.errorInStandardErrors) }
    let counts = [
      outcomes.count { $0.isWithinBound && $0.isWithinSlack }, outcomes.count(where: \.isWithinBound),
      outcomes.count(where: \.isWithinSlack),
    ]
    let figures = [
      String(format: "%.3f", median(\.index)), String(format: "%.3f", median(\.bestIndex)),
      String(format: "%.4f", median { $0.score.logDensity?.excessLogLoss.mean ?? .nan }),
      String(format: "%.4f", median(\.bound)), "\(errors.count { abs($0) > 4 }) of \(errors.count)",
    ]
    let cells = ["`\(family.recipe)`", "\(family.rows)", "\(experts)"] + counts.map { "\($0)" } + figures
    return "| \(cells.joined(separator: " | ")) |"
  }
}

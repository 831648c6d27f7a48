import Foundation
import Mixtures

/// What the default prior of linear experts does to the choice of their number, to superfluous experts, and beside relevance determination.
///
/// Run with `make benchmark-priors`; an argument is the number of data sets a line, 50 by default.
@main
struct PriorBenchmark {
  static func main() throws {
    let sets = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 50
    print(
      """
      ## The number of experts

      Lines of slope 0.5 in one feature whose levels are Δ noise standard deviations apart, equal shares, \(sets) data sets a line, K = 1 … 5
      fitted. How many of them each criterion gives the true K: the ELBO under the default prior; that ELBO + ln K!, the number of ways to
      name K experts; and BIC of maximum likelihood.

      | true K | N | Δ | ELBO | ELBO + ln K! | BIC |
      |---:|---:|---:|---:|---:|---:|
      """)
    var outcomes: [Outcome] = []
    for count in 1...4 {
      for rows in [150, 300, 600] {
        for distance in count == 1 ? [0] : [2.5, 3, 4] {
          let ofLine = try (0..<sets).map { try outcome(count: count, rows: rows, distance: distance, set: $0) }
          outcomes += ofLine
          let shown = [\Outcome.elbo, \.labelled, \.bic].map { path in "\(ofLine.count { $0[keyPath: path] == count })" }
          print("| \(count) | \(rows) | \(count == 1 ? "" : "\(distance)") | " + shown.joined(separator: " | ") + " |")
          fflush(nil)
        }
      }
    }
    compare(outcomes)
    try superfluous(sets: sets)
    try relevance(sets: sets)
  }

  /// The K that each criterion chooses.
  struct Outcome {
    var truth: Int
    var elbo: Int
    var labelled: Int
    var bic: Int
  }

  private static func compare(_ outcomes: [Outcome]) {
    let only = outcomes.count { $0.labelled == $0.truth && $0.bic != $0.truth }
    let other = outcomes.count { $0.labelled != $0.truth && $0.bic == $0.truth }
    // Under equal rates each of the discordant pairs is as likely one as the other (McNemar 1947).
    let count = only + other
    func probability(_ k: Int) -> Double {
      let ways = lgamma(Double(count + 1)) - lgamma(Double(k + 1)) - lgamma(Double(count - k + 1))
      return exp(ways - Double(count) * log(2))
    }
    let chance = (0...only).reduce(0) { $0 + probability($1) }
    print(
      """

      In all \(outcomes.count) sets: ELBO \(outcomes.count { $0.elbo == $0.truth }), ELBO + ln K! \
      \(outcomes.count { $0.labelled == $0.truth }), BIC \(outcomes.count { $0.bic == $0.truth }). Pair by pair, ELBO + ln K! is right where \
      BIC is wrong in \(only), and wrong where BIC is right in \(other); were both equally good, so few or fewer of the first kind would have the
      probability \(String(format: "%.2g", chance)).
      """)
  }

  private static func options(_ seed: Int, restarts: Int) -> FitOptions {
    var options = FitOptions()
    options.seed = UInt64(seed)
    options.starts = restarts
    return options
  }

  private static func outcome(count: Int, rows: Int, distance: Double, set: Int) throws -> Outcome {
    var source = RandomSource(seed: UInt64(100 * rows + 10 * count) << 20 + UInt64(1000 * distance) + UInt64(set) << 32)
    let x = (0..<rows).map { _ in source.gaussian() }
    let y = x.indices.map { distance * Double(source.integer(below: count)) + 0.5 * x[$0] + source.gaussian() }
    let data = try Observations(features: [("x", x)], responses: [("y", y)])
    var (elbos, labelled, bic): ([Double], [Double], [Double]) = ([], [], [])
    for k in 1...5 {
      // Of four experts, few starts find all.
      let options = options(set, restarts: [1, 3, 5, 10, 10][k - 1])
      let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(k, LinearExpert())]).fitBlocking(
        data, options: options)
      let likelihood = try MixtureModel(
        gate: DirichletGate(estimate: .maximumLikelihood), blocks: [Block(k, LinearExpert(estimate: .maximumLikelihood))]
      ).fitBlocking(data, options: options)
      elbos.append(fit.elbo.total)
      // Experts without rows are alike: exchanging them changes nothing.
      let empty = fit.effectiveRows.count { $0 < 0.5 }
      labelled.append(fit.elbo.total + lgamma(Double(k + 1)) - lgamma(Double(empty + 1)))
      bic.append(-(likelihood.bic ?? .infinity))
    }
    func best(_ values: [Double]) -> Int { 1 + values.indices.max { values[$0] < values[$1] }! }
    return Outcome(truth: count, elbo: best(elbos), labelled: best(labelled), bic: best(bic))
  }

  /// Six experts for two lines, under a sparse prior of the weights.
  private static func superfluous(sets: Int) throws {
    print(
      """

      ## Superfluous experts

      Six experts for two lines 4 noise standard deviations apart, 300 rows, the prior of the weights Dirichlet(0.001): in how many of \(sets)
      sets two experts with half a row or more are left, and the median iterations of the best start.

      | prior | two left | iterations |
      |---|---:|---:|
      """)
    for (name, prior) in priors {
      var (two, passes) = (0, [Int]())
      for set in 0..<sets {
        var source = RandomSource(seed: UInt64(77) << 32 + UInt64(set))
        let x = (0..<300).map { _ in source.gaussian() }
        let y = x.indices.map { 4 * Double(source.integer(below: 2)) + 0.5 * x[$0] + source.gaussian() }
        let data = try Observations(features: [("x", x)], responses: [("y", y)])
        let fit = try MixtureModel(
          gate: DirichletGate(concentration: Array(repeating: 0.001, count: 6)),
          blocks: [Block(6, LinearExpert(prior: prior))]
        ).fitBlocking(data, options: options(set, restarts: 10))
        two += fit.effectiveRows.count { $0 >= 0.5 } == 2 ? 1 : 0
        passes.append(fit.elboTrace.count)
      }
      print("| \(name) | \(two) | \(passes.sorted()[passes.count / 2]) |")
      fflush(nil)
    }
  }

  /// One line on five of thirty features.
  private static func relevance(sets: Int) throws {
    print(
      """

      ## Five features of thirty

      One line with slopes 0.5 on five of thirty features, noise sd 1, 100 and 300 rows, \(sets) sets: the root mean square error of the slopes that
      are 0.5, and of those that are 0; the log density of fresh rows, nats per row; of ARD how many of the 25 it prunes, and how many of the five.

      | N | prior | error of 0.5 | error of 0 | log density | pruned of 25 | pruned of 5 |
      |---:|---|---:|---:|---:|---:|---:|
      """)
    for rows in [100, 300] {
      for (name, prior) in priors {
        var (ofFive, ofRest, density, prunedRest, prunedFive) = (0.0, 0.0, 0.0, 0, 0)
        for set in 0..<sets {
          var source = RandomSource(seed: UInt64(78 + rows) << 32 + UInt64(set))
          func draw(_ count: Int) throws -> Observations {
            let x = (0..<30).map { _ in (0..<count).map { _ in source.gaussian() } }
            let y = (0..<count).map { i in x.prefix(5).reduce(1) { $0 + 0.5 * $1[i] } + source.gaussian() }
            return try Observations(
              features: x.enumerated().map { (column: ColumnSchema("x\($0 + 1)"), values: $1) }, responses: [("y", y)])
          }
          let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(1, LinearExpert(prior: prior))])
            .fitBlocking(draw(rows), from: .recipe(.random), options: options(set, restarts: 1))
          let slopes = fit.mixture.experts(of: LinearExpert.self)[0].parameters(for: fit.data).filter(\.isCoefficient)
            .dropFirst()
          for (j, slope) in slopes.enumerated() {
            let error = slope.value - (j < 5 ? 0.5 : 0)
            if j < 5 { ofFive += error * error / 5 } else { ofRest += error * error / 25 }
            if slope.standardError == nil { if j < 5 { prunedFive += 1 } else { prunedRest += 1 } }
          }
          density += try fit.mixture.logPredictiveDensity(draw(1000)) / 1000
        }
        func mean(_ sum: Double) -> Double { sum / Double(sets) }
        print(
          String(
            format: "| %d | %@ | %.4f | %.4f | %.4f | %.1f | %.2f |", rows, name as NSString, mean(ofFive).squareRoot(),
            mean(ofRest).squareRoot(), mean(density), mean(Double(prunedRest)), mean(Double(prunedFive))))
        fflush(nil)
      }
    }
  }

  private static let priors: [(String, GaussianPrior)] = [
    ("Cauchy", GaussianPrior()), ("isotropic", GaussianPrior(covariance: .isotropic)),
    ("ARD", GaussianPrior(covariance: .diagonal)),
  ]
}

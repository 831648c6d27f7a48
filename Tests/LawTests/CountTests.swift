import Foundation
import MixtureTestKit
import Mixtures
import Testing

/// The geometric distribution, as a user's prediction of counts: p (1 − p)ᵏ.
private struct GeometricDistribution: UnivariateDistribution {
  var support: ResponseSupport { .counts }
  var probability: Double
  /// Whether the distribution function leaves out the count itself.
  var isOffByOne = false

  var mean: Double { (1 - probability) / probability }
  var variance: Double { (1 - probability) / (probability * probability) }
  func logDensity(at value: Double) -> Double { log(probability) + value * log(1 - probability) }
  func cumulative(at value: Double) -> Double {
    value < 0 ? 0 : 1 - pow(1 - probability, value.rounded(.down) + (isOffByOne ? 0 : 1))
  }
  func sample(using source: inout RandomSource) -> Double {
    (log(1 - source.uniform()) / log(1 - probability)).rounded(.down)
  }
}

/// A user's expert without closed form: counts with mean exp(a + b x), a and b points, by Newton steps that are halved until
/// another pass shows that they raise the likelihood.
private struct PoissonExpert: IndependentModel {
  var coefficients = [0.0, 0]
  static let measure = Measure.counting
  var divergence: Double { 0 }
  /// Σ r ln p, its gradient, and the information.
  var statisticsCount: Int { 6 }

  private func logLikelihood(_ y: Double, _ x: Double) -> (value: Double, mean: Double) {
    let predictor = coefficients[0] + coefficients[1] * x
    return (y * predictor - exp(predictor) - lgamma(y + 1), exp(predictor))
  }

  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows { scores[i] = logLikelihood(tile.response[i], tile.features[i]).value }
  }

  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    for i in tile.rows {
      let (r, x, y) = (responsibilities[i], tile.features[i], tile.response[i])
      let (value, mean) = logLikelihood(y, x)
      for (j, term) in [value, y - mean, (y - mean) * x, mean, mean * x, mean * x * x].enumerated() {
        statistics[j] += r * term
      }
    }
  }

  mutating func update(from statistics: Span<Double>, resum: Resum<PoissonExpert>) throws {
    guard statistics[3] > 1e-8 else { return }
    let information = Matrix(
      rows: 2, columns: 2, elements: [statistics[3], statistics[4], statistics[4], statistics[5]])
    guard let factor = try? Cholesky(information) else {
      throw Breakdown("its rows do not determine two coefficients")
    }
    var step = factor.solve([statistics[1], statistics[2]])
    for _ in 0..<30 {
      var trial = self
      trial.coefficients = zip(coefficients, step).map(+)
      if try resum(trial)[0] >= statistics[0] {
        self = trial
        return
      }
      step = step.map { $0 / 2 }
    }
  }
}

@Suite struct CountTests {
  @Test(arguments: PredictiveLaw.allCases)
  func countDistributions(law: PredictiveLaw) {
    func subject(isOffByOne: Bool) -> PredictiveSubject<GeometricDistribution> {
      PredictiveSubject(
        [0.3, 0.05].map { GeometricDistribution(probability: $0, isOffByOne: isOffByOne) })
    }
    #expect(law.violations(of: subject(isOffByOne: false)) == [])
    #expect(law.violations(of: subject(isOffByOne: true)).isEmpty == (law != .cumulative && law != .samples))
  }

  /// An expert that asks for more passes keeps all laws: at rest it is stationary as well.
  @Test(arguments: ModelLaw.allCases)
  func expertWithoutClosedForm(law: ModelLaw) throws {
    var source = RandomSource(seed: 5)
    let labels = (0..<80).map { _ in source.integer(below: 2) }
    let x = labels.map { _ in source.uniform() }
    let y = zip(labels, x).map { label, x in
      // A Poisson count is the number of exponential waiting times before the mean.
      let mean = exp(label == 0 ? 0.5 - x : 3 + 0.5 * x)
      var (count, time) = (-1.0, 0.0)
      while time < mean {
        time -= log(1 - source.uniform())
        count += 1
      }
      return count
    }
    law.check(
      ModelSubject(
        try Block([PoissonExpert(), PoissonExpert()]),
        rows: try Observations(features: [("x", x)], responses: [("y", y)]), labels: labels,
        // A point has one draw, itself.
        drawParameters: { block, _ in
          ParameterDraw(divergence: 0) { k, tile in
            tile.rows.map { i in
              let predictor = block.experts[k].coefficients[0] + block.experts[k].coefficients[1] * tile.features[i]
              return tile.response[i] * predictor - exp(predictor) - lgamma(tile.response[i] + 1)
            }
          }
        },
        variations: (0..<2).map { j in Variation("coefficient \(j)") { $0.experts[0].coefficients[j] += $1 } },
        exceptions: [.rebase: .absent(reason: "only another pass gives the gradient at other coefficients")]))
  }
}

import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts

/// Linear experts with each treatment of the noise, the estimates, and a choice of priors.
enum LinearCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case sharedNoise = "shared noise, Cauchy prior"
  case isotropic = "shared noise, isotropic prior, the intercept included"
  case ownNoise = "own noise, fixed prior"
  case fixedNoise = "fixed noise, diagonal prior"
  case gammaNoise = "Gamma noise, given prior"
  case ownGammaNoise = "own Gamma noise, common prior mean"
  case coupledMeans = "shared noise, coupled prior means"
  case fullCovariance = "shared noise, full prior covariance"
  case flat = "own noise, flat prior"
  case withoutIntercept = "no intercept, prior of the features as they are"
  case fixedCoefficient = "own noise, a coefficient and a variance fixed"
  case offset = "own noise, an offset"
  case maximumLikelihood = "maximum likelihood, own noise"
  case maximumAPosteriori = "maximum a posteriori, own Gamma noise"

  var testDescription: String { rawValue }

  func block() throws -> Experts<LinearExpert> {
    switch self {
    case .sharedNoise: return Experts(2, LinearExpert())
    case .isotropic: return Experts(2, LinearExpert(prior: GaussianPrior(covariance: .isotropic, intercept: .same)))
    case .ownNoise:
      return Experts(2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .perExpert))
    case .fixedNoise:
      return Experts(2, LinearExpert(prior: GaussianPrior(covariance: .diagonal), noise: .fixed(variance: 0.2)))
    case .gammaNoise:
      let covariance = Matrix(rows: 2, columns: 2, elements: [4, 1, 1, 3])
      return Experts(
        2,
        LinearExpert(
          prior: GaussianPrior(covariance: .given(covariance), mean: .given([[1, 0.5], [-1, -0.5]])),
          noise: .gamma(shape: 2, rate: 0.7)))
    case .ownGammaNoise:
      return Experts(
        2,
        LinearExpert(
          prior: GaussianPrior(covariance: .fixed(variance: 5), mean: .common),
          noise: .perExpertGamma(shape: 1.5, rate: 0.4)))
    case .coupledMeans:
      let coupling = try MeanCoupling(matrix: .identity(1, scale: 0.5), coefficients: [1])
      return Experts(
        2, LinearExpert(prior: GaussianPrior(covariance: .isotropic, mean: .coupled(coupling, startingAt: [[0.2, 0.3]]))))
    case .fullCovariance: return Experts(2, LinearExpert(prior: GaussianPrior(covariance: .full)))
    case .flat: return Experts(2, LinearExpert(prior: GaussianPrior(covariance: .flat), noise: .perExpert))
    case .withoutIntercept: return Experts(2, LinearExpert(hasIntercept: false, standardizes: false))
    case .fixedCoefficient:
      var block = Experts(2, LinearExpert(noise: .perExpert))
      block.fix("x", ofExpert: 0, at: 1)
      block.fixNoiseVariance(ofExpert: 1, at: 0.3)
      return block
    case .offset: return Experts(2, LinearExpert(noise: .perExpert))
    case .maximumLikelihood: return Experts(2, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))
    case .maximumAPosteriori:
      return Experts(
        2,
        LinearExpert(
          estimate: .maximumAPosteriori, prior: GaussianPrior(covariance: .fixed(variance: 5)),
          noise: .perExpertGamma(shape: 2, rate: 0.4)))
    }
  }

  var exceptions: [ModelLaw: LawException] {
    switch self {
    case .fullCovariance:
      [
        .stationary: .inequality(
          reason: "one vector determines one direction of a full covariance, and the others creep to the floor")
      ]
    case .flat:
      [.divergence: .absent(reason: "under a flat prior the divergence is minus the entropy, of either sign")]
    case .maximumAPosteriori:
      [.divergence: .absent(reason: "a point takes minus its log prior density from the bound, of either sign")]
    case .fixedCoefficient:
      [.divergence: .absent(reason: "a fixed coefficient takes minus its log prior density from the bound, of either sign")]
    default: [:]
    }
  }

  /// Two lines, y = 3 + x and y = −3 − 1.5 x, with noise of deviations 0.4 and 0.6; without intercept y = ±3 x.
  func subject() throws -> ModelSubject<LinearExpert> {
    var source = RandomSource(seed: 3)
    let labels = (0..<90).map { _ in source.integer(below: 2) }
    let x = labels.map { _ in source.uniform() * 2 + (self == .withoutIntercept ? 0.5 : -1) }
    let y = zip(labels, x).map { label, x in
      let (start, slope) = self == .withoutIntercept ? (0.0, label == 0 ? 3.0 : -3) : label == 0 ? (3, 1) : (-3, -1.5)
      return source.gaussian(mean: start + slope * x, standardDeviation: label == 0 ? 0.4 : 0.6)
    }
    let offset = self == .offset ? x.indices.map { 5 * sin(Double($0)) } : nil
    let block = try block()
    var subject = ModelSubject(
      block, named: "LinearExpert, \(rawValue)",
      rows: try Observations(
        features: [("x", x)], responses: [("y", offset.map { zip(y, $0).map(+) } ?? y)], offset: offset),
      labels: labels,
      drawLogLikelihoods: { Self.logLikelihoods($0, $1, $2, &$3, isPredicted: false) },
      variations: Self.coefficientVariations(block) + Self.noiseVariations(block) + Self.priorVariations(block),
      exceptions: exceptions)
    let variance = try DataSummary(subject.rows).typicalVariance
    subject.drawDivergence = { try Self.divergence($0, &$1, typicalVariance: variance) }
    subject.drawPredictions = { Self.logLikelihoods($0, $1, $2, &$3, isPredicted: true) }
    subject.penalty = { try ($0.shared.prior as? GaussianPrior)?.penalty ?? 0 }
    return subject
  }

  private typealias Block = Experts<LinearExpert>

  /// Under a draw of the coefficients and of the noise precision: of its posterior, or in predictions of what its estimate is uncertain by.
  private static func logLikelihoods(
    _ block: Block, _ k: Int, _ tile: Tile, _ source: inout RandomSource, isPredicted: Bool
  ) -> [Double] {
    let expert = block.experts[k]
    let w = expert.coefficients.sample(using: &source)
    let precision =
      switch expert.noisePrecision {
      case .value(let value): (isPredicted ? expert.noiseDistribution?.sample(using: &source) : nil) ?? value
      case .gamma(let law): law.sample(using: &source)
      }
    let slope = w[w.count - 1]
    return tile.rows.map { i in
      let mean = (w.count > 1 ? w[0] : 0) + slope * tile.features[i] + (tile.offset?[i] ?? 0)
      return NormalDistribution(mean: mean, variance: 1 / precision).logDensity(at: tile.response[i])
    }
  }

  /// ln q − ln p for draws of coefficients, of τ under a Cauchy prior, and of a noise precision with a Gamma prior; −ln p of points.
  private static func divergence(
    _ block: Block, _ source: inout RandomSource, typicalVariance: Double
  ) throws -> Double {
    guard let prior = block.shared.prior as? GaussianPrior else { return .nan }
    var total = prior.couplingPenalty
    for (k, expert) in block.experts.enumerated() {
      let law = block.shared.standardizes && !prior.isInUnitsOfData ? expert.posterior : expert.coefficients
      let w = law.sample(using: &source)
      total += law.logDensity(at: w)
      switch prior.covariance {
      case .flat: break
      case .cauchy:
        // Gamma(½, ½ s²), and N(mean of the response, I / τ) about that.
        guard let q = try prior.scalePrecision(ofExpert: k) else { continue }
        let precision = q.sample(using: &source)
        total += try q.logDensity(at: precision) - Gamma(shape: 0.5, rate: 0.5 * typicalVariance).logDensity(at: precision)
        total -= zip(w, prior.means[k]).reduce(0) {
          $0 + NormalDistribution(mean: $1.1, variance: 1 / precision).logDensity(at: $1.0)
        }
      case .fixed(let variance):
        total -= zip(w, prior.means[k]).reduce(0) {
          $0 + NormalDistribution(mean: $1.1, variance: variance).logDensity(at: $1.0)
        }
      case .given(let matrix): total -= try Gaussian(mean: prior.means[k], covariance: matrix).logDensity(at: w)
      case .isotropic, .diagonal, .full:
        total -= try Gaussian(mean: prior.means[k], precision: prior.precisions[k]).logDensity(at: w)
      }
    }
    for expert in block.shared.noise.isShared ? Array(block.experts.prefix(1)) : block.experts {
      guard let prior = block.shared.noisePrior else { break }
      switch expert.noisePrecision {
      case .value(let precision): total -= prior.logDensity(at: precision)
      case .gamma(let q):
        let precision = q.sample(using: &source)
        total += q.logDensity(at: precision) - prior.logDensity(at: precision)
      }
    }
    return total
  }

  /// Means and precisions of q(w), as far as they are free.
  private static func coefficientVariations(_ block: Block) -> [Variation<Block>] {
    block.experts.indices.flatMap { k in
      var variations: [Variation<Block>] = []
      for j in 0..<(block.shared.hasIntercept ? 2 : 1) {
        if j == 1 && block.shared.fixedCoefficients[k]?["x"] != nil { continue }
        variations.append(
          Variation("mean \(j) of expert \(k)") {
            let law = $0.experts[k].posterior
            var mean = law.mean
            mean[j] += $1
            $0.experts[k].posterior = Gaussian(mean: mean, free: law.free, precision: law.precision)
          })
      }
      if block.shared.estimate == .variational {
        variations.append(
          Variation("precision of expert \(k)") {
            let law = $0.experts[k].posterior
            let precision = try Cholesky((1 + $1) * law.precision.matrix)
            $0.experts[k].posterior = Gaussian(mean: law.mean, free: law.free, precision: precision)
          })
      }
      return variations
    }
  }

  /// The noise, which each update settles last.
  private static func noiseVariations(_ block: Block) -> [Variation<Block>] {
    if case .fixed = block.shared.noise { return [] }
    func variation(
      _ name: String, _ change: @escaping @Sendable (NoisePrecision, Double) throws -> NoisePrecision
    ) -> [Variation<Block>] {
      (block.shared.noise.isShared ? [0] : [0, 1]).compactMap { k in
        guard block.shared.fixedVariances[k] == nil else { return nil }
        return Variation("\(name) of expert \(k)", isUpdatedLast: true) {
          for index in $0.experts.indices where index == k || $0.shared.noise.isShared {
            $0.experts[index].noisePrecision = try change($0.experts[index].noisePrecision, $1)
          }
        }
      }
    }
    guard block.shared.noise.hasPrior && block.shared.estimate == .variational else {
      return variation("noise") { .value($0.mean * (1 + $1)) }
    }
    @Sendable func law(_ precision: NoisePrecision, _ shape: Double, _ rate: Double) throws -> NoisePrecision {
      guard case .gamma(let law) = precision else { return precision }
      return .gamma(try Gamma(shape: law.shape * shape, rate: law.rate * rate))
    }
    return variation("noise shape") { try law($0, 1 + $1, 1) } + variation("noise rate") { try law($0, 1, 1 + $1) }
  }

  /// What is learned of the prior.
  private static func priorVariations(_ block: Block) -> [Variation<Block>] {
    guard let prior = block.shared.prior as? GaussianPrior else { return [] }
    return gaussianPriorVariations(
      prior,
      expertCount: 2, dimension: block.shared.hasIntercept ? 2 : 1, hasIntercept: block.shared.hasIntercept
    ).map { variation in
      Variation("prior " + variation.name, step: variation.step) {
        guard var prior = $0.shared.prior as? GaussianPrior else { return }
        try variation.move(&prior, $1)
        $0.shared.prior = prior
      }
    }
  }
}

@Suite struct LinearExpertTests {
  @Test(arguments: LinearCase.allCases, ModelLaw.allCases)
  func keeps(kind: LinearCase, law: ModelLaw) throws { law.check(try kind.subject()) }

  @Test(arguments: [LinearCase.sharedNoise, .gammaNoise, .offset, .maximumLikelihood], PredictiveLaw.allCases)
  func predicts(kind: LinearCase, law: PredictiveLaw) throws {
    law.check(try PredictiveSubject(predicting: kind.subject()))
  }
}

import Foundation
import GSL
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
  case cauchyPoints = "maximum a posteriori, Cauchy prior"
  case maximumAPosteriori = "maximum a posteriori, own Gamma noise"

  var testDescription: String { rawValue }

  /// The block, as one gives it for data in the units of `change`.
  func block(in change: UnitChange = UnitChange(response: 1, features: 1)) throws -> Block<LinearExpert> {
    let unit = change.response
    let slopeUnit = unit / change.features
    let square = unit * unit
    // One variance cannot be in two units.
    let fixed: GaussianPrior.Covariance =
      slopeUnit == 1
      ? .fixed(variance: 5)
      : .given(Matrix(rows: 2, columns: 2, elements: [5 * square, 0, 0, 5 * slopeUnit * slopeUnit]))
    switch self {
    case .sharedNoise: return Block(2, LinearExpert())
    case .isotropic: return Block(2, LinearExpert(prior: GaussianPrior(covariance: .isotropic, intercept: .same)))
    case .ownNoise:
      return Block(2, LinearExpert(prior: GaussianPrior(covariance: fixed), noise: .perExpert))
    case .fixedNoise:
      return Block(2, LinearExpert(prior: GaussianPrior(covariance: .diagonal), noise: .fixed(variance: 0.2 * square)))
    case .gammaNoise:
      let covariance = Matrix(
        rows: 2, columns: 2, elements: [4 * square, unit * slopeUnit, unit * slopeUnit, 3 * slopeUnit * slopeUnit])
      return Block(
        2,
        LinearExpert(
          prior: GaussianPrior(
            covariance: .given(covariance), mean: .given([[unit, 0.5 * slopeUnit], [-unit, -0.5 * slopeUnit]])),
          noise: .gamma(shape: 2, rate: 0.7 * square)))
    case .ownGammaNoise:
      return Block(
        2,
        LinearExpert(
          prior: GaussianPrior(covariance: fixed, mean: .common),
          noise: .perExpertGamma(shape: 1.5, rate: 0.4 * square)))
    case .coupledMeans:
      let coupling = try MeanCoupling(matrix: .identity(1, scale: 0.5 * slopeUnit * slopeUnit), coefficients: [1])
      return Block(
        2,
        LinearExpert(
          prior: GaussianPrior(
            covariance: .isotropic, mean: .coupled(coupling, startingAt: [[0.2 * unit, 0.3 * slopeUnit]]))))
    case .fullCovariance: return Block(2, LinearExpert(prior: GaussianPrior(covariance: .full)))
    case .flat: return Block(2, LinearExpert(prior: GaussianPrior(covariance: .flat), noise: .perExpert))
    case .withoutIntercept: return Block(2, LinearExpert(hasIntercept: false, standardizes: false))
    case .fixedCoefficient:
      var block = Block(2, LinearExpert(noise: .perExpert))
      block.fix("x", ofExpert: 0, at: slopeUnit)
      block.fixNoiseVariance(ofExpert: 1, at: 0.3 * square)
      return block
    case .offset: return Block(2, LinearExpert(noise: .perExpert))
    case .maximumLikelihood: return Block(2, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))
    case .cauchyPoints: return Block(2, LinearExpert(estimate: .maximumAPosteriori, noise: .perExpert))
    case .maximumAPosteriori:
      return Block(
        2,
        LinearExpert(
          estimate: .maximumAPosteriori, prior: GaussianPrior(covariance: fixed),
          noise: .perExpertGamma(shape: 2, rate: 0.4 * square)))
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
    case .maximumAPosteriori, .cauchyPoints:
      [.divergence: .absent(reason: "a point takes minus its log prior density from the ELBO, of either sign")]
    case .fixedCoefficient:
      [.divergence: .absent(reason: "a fixed coefficient takes minus its log prior density from the ELBO, of either sign")]
    case .withoutIntercept:
      [
        .units: .absent(
          reason: "the prior's scale is that of the response, whatever the unit of a feature that is taken as it is")
      ]
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
      variations: coefficientVariations(block) + Self.noiseVariations(block) + priorVariations(block),
      exceptions: exceptions)
    let variance = try DataSummary(subject.rows).typicalVariance
    subject.drawParameters = { try Self.draw($0, &$1, typicalVariance: variance) }
    subject.drawPredictions = { try Self.draw($0, &$1, typicalVariance: variance, isPredicted: true) }
    subject.unitOfParameter = { name in
      name == "x" ? ParameterUnit(response: 1, features: -1) : ParameterUnit(response: 1)
    }
    subject.inOtherUnits = { _, change in try self.block(in: change) }
    subject.penalty = { try ($0.shared.prior as? GaussianPrior)?.penalty ?? 0 }
    return subject
  }

  private typealias LinearBlock = Block<LinearExpert>

  /// Draws coefficients, τ under a Cauchy prior, and the noise precision, of its posterior, or for predictions of what its estimate is uncertain
  /// by. Of points −ln p.
  private static func draw(
    _ block: LinearBlock, _ source: inout RandomSource, typicalVariance: Double, isPredicted: Bool = false
  ) throws -> ParameterDraw {
    var (total, coefficients) = try drawCoefficients(block, &source, typicalVariance: typicalVariance)
    var precisions: [Double] = []
    for (k, expert) in block.experts.enumerated() {
      if k > 0 && block.shared.noise.isShared {
        precisions.append(precisions[0])
        continue
      }
      switch expert.noisePrecision {
      case .value(let value):
        precisions.append((isPredicted ? expert.noiseDistribution?.sample(using: &source) : nil) ?? value)
        total -= block.shared.noisePrior?.logDensity(at: value) ?? 0
      case .gamma(let q):
        precisions.append(q.sample(using: &source))
        total += q.logDensity(at: precisions[k]) - (block.shared.noisePrior?.logDensity(at: precisions[k]) ?? 0)
      }
    }
    return ParameterDraw(divergence: total) { [coefficients, precisions] k, tile in
      let w = coefficients[k]
      return tile.rows.map { i in
        let mean = (w.count > 1 ? w[0] : 0) + w[w.count - 1] * tile.features[i] + (tile.offset?[i] ?? 0)
        return NormalDistribution(mean: mean, variance: 1 / precisions[k]).logDensity(at: tile.response[i])
      }
    }
  }

  /// The noise, which each update settles last.
  private static func noiseVariations(_ block: LinearBlock) -> [Variation<LinearBlock>] {
    if case .fixed = block.shared.noise { return [] }
    func variation(
      _ name: String, _ change: @escaping @Sendable (NoisePrecision, Double) throws -> NoisePrecision
    ) -> [Variation<LinearBlock>] {
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
    @Sendable func scaled(_ precision: NoisePrecision, _ shape: Double, _ rate: Double) throws -> NoisePrecision {
      guard case .gamma(let distribution) = precision else { return precision }
      return .gamma(try Gamma(shape: distribution.shape * shape, rate: distribution.rate * rate))
    }
    return variation("noise shape") { try scaled($0, 1 + $1, 1) } + variation("noise rate") { try scaled($0, 1, 1 + $1) }
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

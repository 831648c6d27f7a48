import Foundation
import GSL
import Mixtures
import Testing

@testable import MixtureCore

/// The information of the observed rows against the rates at which EM converges (SEM; Meng & Rubin 1991). EM for Student experts has more than
/// the assignments missing, so its rates are of another complete information.
@Suite struct RateTests {
  enum Composition: String, CaseIterable {
    case shared, ownNoise, grouped, poisson, binomial, softmax, tree, map

    func model() throws -> MixtureModel {
      let (ml, constant) = (Estimate.maximumLikelihood, try DirichletGate(estimate: .maximumLikelihood))
      switch self {
      case .shared, .grouped: return try MixtureModel(gate: constant, blocks: [Block(2, LinearExpert(estimate: ml))])
      case .ownNoise:
        return try MixtureModel(gate: constant, blocks: [Block(2, LinearExpert(estimate: ml, noise: .perExpert))])
      case .poisson: return try MixtureModel(gate: constant, blocks: [Block(2, PoissonExpert(estimate: ml))])
      case .binomial: return try MixtureModel(gate: constant, blocks: [Block(2, BinomialExpert(estimate: ml))])
      case .softmax:
        return try MixtureModel(gate: SoftmaxGate(estimate: ml), blocks: [Block(2, LinearExpert(estimate: ml))])
      case .tree:
        return try MixtureModel(
          gate: HierarchicalGate(ExpertTree("((1,2),3)"), penalty: 0), blocks: [Block(3, LinearExpert(estimate: ml))])
      case .map:
        return try MixtureModel(
          gate: SoftmaxGate(penalty: 2, estimate: .maximumAPosteriori),
          blocks: [
            Block(
              2,
              LinearExpert(
                estimate: .maximumAPosteriori, prior: GaussianPrior(covariance: .fixed(variance: 1)),
                noise: .fixed(variance: 0.8)))
          ])
      }
    }

    func rows() throws -> Observations {
      var source = RandomSource(seed: 5)
      let count = 240
      let isGrouped = self == .grouped
      let experts = self == .tree ? 3 : 2
      let groups = (0..<count).map { isGrouped ? $0 / 3 : $0 }
      let ofGroup = groups.map { _ in source.gaussian() }
      let z = groups.map { ofGroup[$0] }
      let labels = groups.map { group in
        let wish = (0..<experts).map { Double($0) * ofGroup[group] }
        return source.categorical(weights: wish.map { exp($0) })
      }
      let x = (0..<count).map { _ in source.gaussian() }
      let trials = (0..<count).map { _ in Double(8 + source.integer(below: 9)) }
      let y = (0..<count).map { i in
        let label = labels[isGrouped ? 3 * (i / 3) : i]
        let eta = [0.2 + 0.6 * x[i], 1.6 - 0.5 * x[i], -2.2 + 0.1 * x[i]][label]
        return switch self {
        case .poisson: Double(source.poisson(mean: exp(eta)))
        case .binomial: Double(source.binomial(trials: Int(trials[i]), probability: 1 / (1 + exp(-eta))))
        default: 3 * eta + source.gaussian()
        }
      }
      return try Observations(
        features: [("x", x)], gateFeatures: [(ColumnSchema("z"), z)], responses: [("y", y)],
        trials: self == .binomial ? ["y": trials] : [:], rowWeights: groups.map { 1 + Double($0 % 2) },
        groups: isGrouped ? groups : nil)
    }
  }

  @Test(arguments: Composition.allCases)
  func informationIsThatOfTheRates(_ composition: Composition) throws {
    var options = FitOptions()
    (options.tolerance, options.maximumIterations) = (.relative(1e-15), 20_000)
    let rows = try composition.rows()
    let fit = try composition.model().fitBlocking(rows, options: options)
    let map = try PlainMap(fit.mixture, rows)
    let (complete, observed) = try map.information()
    let rates = try map.informationByRates()
    for a in 0..<complete.rows {
      for b in 0..<complete.rows {
        let size = (complete[a, a] * complete[b, b]).squareRoot()
        #expect(abs(observed[a, b] - rates[a, b]) < 1e-4 * size, "\(a) \(b): \(observed[a, b]) for \(rates[a, b])")
      }
    }
    // What is not known of the assignments matters here.
    let known = (0..<complete.rows).map { observed[$0, $0] / complete[$0, $0] }
    #expect(known.contains { $0 < 0.98 })
  }
}

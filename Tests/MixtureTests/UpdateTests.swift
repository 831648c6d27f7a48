import Foundation
import GSL
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Every update is the maximum of the ELBO over its own block.
@Suite struct UpdateTests {
  private let truth = LinearTruth(rows: 90, features: 2, experts: 3, noise: 0.5, seed: 11)

  /// The ELBO at `mixture` is at least that at each of `neighbours`, and its slope between each pair vanishes.
  private func expectMaximum(
    _ mixture: MixtureModel, _ rows: Observations, under source: any ResponsibilitySource, step: Double,
    neighbours: [(Double) throws -> MixtureModel], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let best = try bound(of: mixture, under: source, rows)
    for neighbour in neighbours {
      let (up, down) = (
        try bound(of: neighbour(step), under: source, rows), try bound(of: neighbour(-step), under: source, rows)
      )
      #expect(up < best && down < best, sourceLocation: sourceLocation)
      // A maximum is flat: the two sides fall alike, while a slope would tilt them.
      let curvature = 2 * best - up - down
      #expect(abs(up - down) < 0.05 * curvature + 1e-9 * abs(best), sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: allNoises, PriorKind.allCases)
  func everyUpdateMaximises(noise: LinearNoise, kind: PriorKind) throws {
    let rows = try truth.observations()
    let prior = try kind.make(dimension: 3)
    var mixture = try linearMixture(rows, experts: 3, noise: noise, prior: prior)
    let source = RandomResponsibilities(seed: 3, expertCount: 3)
    let sums = try statistics(of: mixture, under: source, rows)
    let linearSums = mixture.linear.experts.indices.map { k in
      let count = RegressionSums.count(dimension: 3)
      return RegressionSums(sums.part(0).span.extracting((k * count)..<((k + 1) * count)), dimension: 3)
    }
    let means = mixture.linear.experts.map(\.posterior.mean)

    var block = mixture.linear
    try LinearExpert.updateCoefficients(&block.experts, block.shared, linearSums)
    mixture.linear = block
    try expectMaximum(
      mixture, rows, under: source, step: 1e-3,
      neighbours: (0..<3).flatMap { k in
        (0..<3).map { j in
          { step in
            var trial = mixture
            let distribution = trial.linear.experts[k].posterior
            var mean = distribution.mean
            mean[j] += step * distribution.standardDeviations[j]
            trial.linear.experts[k].posterior = Gaussian(mean: mean, precision: distribution.precision)
            return trial
          }
        } + [
          { step in
            var trial = mixture
            let distribution = trial.linear.experts[k].posterior
            trial.linear.experts[k].posterior = try Gaussian(
              mean: distribution.mean, precision: (1 + step) * distribution.precision.matrix)
            return trial
          }
        ]
      })

    block = mixture.linear
    try LinearExpert.updateScales(&block.experts, block.shared, linearSums, meansOfPass: means)
    mixture.linear = block
    if case .fixed(let variance) = noise {
      #expect(mixture.linear.experts.allSatisfy { isClose($0.noiseVariance, variance, relative: 1e-15) })
    } else {
      try expectMaximum(
        mixture, rows, under: source, step: 1e-3, neighbours: noiseNeighbours(of: mixture, shared: noise.isShared))
    }

    // A flat prior has no parameters, and one whose mean and covariance are both learned no maximum.
    guard kind != .flat && kind != .isotropicLearnedMean else { return }
    block = mixture.linear
    for _ in 0..<200 { try LinearExpert.updatePrior(block.experts, &block.shared, linearSums) }
    mixture.linear = block
    let best = try #require(block.shared.prior as? GaussianPrior)
    try expectMaximum(
      mixture, rows, under: source, step: 1e-3, neighbours: priorNeighbours(of: mixture, best, kind))
  }

  /// Steps in every learned parameter of the prior.
  private func priorNeighbours(
    of mixture: MixtureModel, _ best: GaussianPrior, _ kind: PriorKind
  ) -> [(Double) throws -> MixtureModel] {
    func changed(_ change: @escaping (inout GaussianPrior, Double) -> Void) -> (Double) throws -> MixtureModel {
      { step in
        var trial = mixture
        var prior = best
        change(&prior, step)
        trial.linear.shared.prior = prior
        return trial
      }
    }
    var neighbours: [(Double) throws -> MixtureModel] = []
    let learned = (0..<3).filter { $0 != best.ownIntercept }
    for k in 0..<3 {
      switch best.covariance {
      case .cauchy: neighbours.append(changed { $0.precisions[k] = (1 + $1) * $0.precisions[k] })
      case .isotropic:
        neighbours.append(
          changed { prior, step in for j in learned { prior.precisions[k][j, j] *= 1 + step } })
      case .diagonal:
        for j in learned { neighbours.append(changed { $0.precisions[k][j, j] *= 1 + $1 }) }
      case .full:
        for i in learned {
          for j in learned where j <= i {
            neighbours.append(
              changed { prior, step in
                let size = (prior.precisions[k][i, i] * prior.precisions[k][j, j]).squareRoot()
                prior.precisions[k][i, j] += step * size
                if i != j { prior.precisions[k][j, i] += step * size }
              })
          }
        }
      case .flat, .fixed, .given: break
      }
      for j in 0..<3 {
        switch best.mean {
        case .learned where j == best.ownIntercept, .common where j == best.ownIntercept: break
        case .learned: neighbours.append(changed { $0.means[k][j] += $1 })
        case .common where k == 0: neighbours.append(changed { for k in 0..<3 { $0.means[k][j] += $1 } })
        case .coupled where j != 1:
          neighbours.append(
            changed { prior, step in
              var mean = prior.coordinates.inverse(prior.means[k])
              mean[j] += step
              prior.means[k] = prior.coordinates(mean)
            })
        default: break
        }
      }
    }
    return neighbours
  }

  private func noiseNeighbours(of mixture: MixtureModel, shared: Bool) -> [(Double) throws -> MixtureModel] {
    func changed(_ k: Int, _ change: @escaping (NoisePrecision) throws -> NoisePrecision) throws -> MixtureModel {
      var trial = mixture
      for index in trial.linear.experts.indices where shared || index == k {
        trial.linear.experts[index].noisePrecision = try change(trial.linear.experts[index].noisePrecision)
      }
      return trial
    }
    return (shared ? [0] : [0, 1, 2]).flatMap { k -> [(Double) throws -> MixtureModel] in
      switch mixture.linear.experts[k].noisePrecision {
      case .value:
        [{ step in try changed(k) { .value($0.mean * (1 + step)) } }]
      case .gamma(let distribution):
        [
          { step in
            try changed(k) { _ in .gamma(try Gamma(shape: distribution.shape * (1 + step), rate: distribution.rate)) }
          },
          { step in
            try changed(k) { _ in .gamma(try Gamma(shape: distribution.shape, rate: distribution.rate * (1 + step))) }
          },
        ]
      }
    }
  }

  @Test(arguments: ConcentrationKind.allCases)
  func gateUpdatesMaximise(kind: ConcentrationKind) throws {
    // Unequal counts, for which the best symmetric concentration is finite.
    let labels = (0..<90).map { $0 < 60 ? 0 : $0 < 82 ? 1 : 2 }
    let rows = try truth.observations()
    var mixture = try linearMixture(rows, experts: 3, gate: kind.gate())
    let source = try ResponsibilityTable(labels: labels, expertCount: 3)
    let counts = try statistics(of: mixture, under: source, rows).part(1)
    #expect(counts == [60, 22, 8])

    for _ in 0..<50 {
      try mixture.dirichlet.updateWeights(counts: counts)
      try mixture.dirichlet.updateConcentration()
    }
    try mixture.dirichlet.updateWeights(counts: counts)
    // Labels far from the experts make the data term huge and constant: only the gate's terms matter here.
    func gateBound(_ gate: DirichletGate) -> Double {
      zip(counts, gate.posterior.meanLog).reduce(-gate.divergence) { $0 + $1.0 * $1.1 }
    }
    let best = gateBound(mixture.dirichlet)
    for k in 0..<3 {
      for step in [1e-3, -1e-3] {
        var trial = mixture.dirichlet
        var concentration = trial.posterior.concentration
        concentration[k] *= 1 + step
        trial.posterior = try Dirichlet(concentration: concentration)
        #expect(gateBound(trial) < best)
      }
    }
    if kind == .learned {
      try mixture.dirichlet.updateConcentration()
      let learned = gateBound(mixture.dirichlet)
      for step in [1e-3, -1e-3] {
        var trial = mixture.dirichlet
        trial.prior = try Dirichlet(concentration: trial.prior.concentration.map { $0 * (1 + step) })
        #expect(gateBound(trial) < learned)
      }
      let mu = mixture.dirichlet.prior.concentration[0]
      #expect(mu > 1e-3 && mu < 90)
    }
  }

  @Test func learnedConcentrationGrowsToItsBoundForEqualCounts() throws {
    var gate = try DirichletGate(learningConcentrationWithin: 0.01...50)
    try gate.select([nil, nil, nil, nil])
    try gate.configure(for: DataSummary(truth.observations()))
    for _ in 0..<20 {
      try gate.updateWeights(counts: [25, 25, 25, 25])
      try gate.updateConcentration()
    }
    #expect(gate.prior.concentration == [50, 50, 50, 50])
  }

  @Test func learnedConcentrationFallsForOneExpertWithAllRows() throws {
    var gate = try DirichletGate(learningConcentrationWithin: 0.01...50)
    try gate.select([nil, nil, nil, nil])
    try gate.configure(for: DataSummary(truth.observations()))
    for _ in 0..<200 {
      try gate.updateWeights(counts: [90, 0, 0, 0])
      try gate.updateConcentration()
    }
    #expect(gate.prior.concentration == [0.01, 0.01, 0.01, 0.01])
  }
}

import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code of the articles on parts.
@Suite struct PartExamples {
  private func rows() throws -> Observations {
    try Table(csv: URL(fileURLWithPath: CommandLineTool.toneData)).observations(target: "tuned")
  }

  /// The fit of one block with a gate of its own.
  private func fit(_ block: Experts<LinearExpert>) throws -> Fit {
    try GatedExperts(gate: DirichletGate(expertCount: block.count), blocks: [block]).fit(rows())
  }

  @Test func linearExperts() throws {
    let block = Experts(2, LinearExpert(noise: .perExpert))
    let noises = try fit(block).mixture.experts(of: LinearExpert.self).map { $0.noiseVariance.squareRoot() }.sorted()
    #expect(noises[1] / noises[0] > 2.5 && noises[1] / noises[0] < 3.5)
    #expect(try abs(fit(block).bound.total - fit(Experts(2, LinearExpert())).bound.total - 34) < 0.5)
  }

  @Test func knownCoefficients() throws {
    let rows = try rows()
    var block = Experts(2, LinearExpert(noise: .perExpert))
    block.fix("(intercept)", ofExpert: 0, at: 0)
    block.fix("stretchratio", ofExpert: 0, at: 1)
    let model = try GatedExperts(gate: DirichletGate(expertCount: 2), blocks: [block])
    let fit = try model.fit(rows)
    let experts = fit.mixture.experts(of: LinearExpert.self)
    #expect(zip(experts[0].coefficients.mean, [0, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(experts[1].coefficients.mean[0] - 1.9) < 0.05)
  }

  @Test func priors() throws {
    let prior = GaussianPrior(covariance: .diagonal, mean: .common)
    let block = Experts(2, LinearExpert(prior: prior))
    let fitted = try fit(block).mixture.blocks[0]
    let laws = try [0, 1].map { try (fitted as? Experts<LinearExpert>)?.coefficientPrior(ofExpert: $0)?.mean }
    #expect(laws[0] != nil && laws[0] == laws[1])
  }

  @Test func coupledMeans() throws {
    let coupling = try MeanCoupling(matrix: Matrix(diagonal: [0.01]), coefficients: [1])
    let prior = GaussianPrior(covariance: .fixed(variance: 1), mean: .coupled(coupling, startingAt: []))
    let fitted = try fit(Experts(2, LinearExpert(prior: prior))).mixture.blocks[0]
    let means = try [0, 1].compactMap { try (fitted as? Experts<LinearExpert>)?.coefficientPrior(ofExpert: $0)?.mean }
    // Intercepts keep their prior mean; slopes, which differ by one, have nearly the same.
    #expect(means.count == 2 && means.allSatisfy { abs($0[0]) < 1e-12 } && abs(means[0][1] - means[1][1]) < 0.1)
  }

  @Test func gates() throws {
    let gate = try DirichletGate(expertCount: 4, concentration: 0.01)
    #expect(gate.weights == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func knownWeights() throws {
    var gate = try DirichletGate(expertCount: 3)
    try gate.fixWeight(ofExpert: 2, at: 0.05)
    #expect(gate.weights == [0.475, 0.475, 0.05])
  }

  @Test func factors() throws {
    let posterior = try Gamma(shape: 5, rate: 2)
    let prior = try Gamma(shape: 1, rate: 1)
    print(posterior.mean, posterior.variance, posterior.meanLog)
    print(posterior.divergence(from: prior))
    let printed = "\(posterior.mean) \(posterior.variance) \(posterior.meanLog)\n\(posterior.divergence(from: prior))"
    let text = """
      2.5 1.25 0.812970487871855
      1.0395640239392
      """
    #expect(PrintedText(printed).firstMissing(of: text.components(separatedBy: "\n")) == nil)
  }
}

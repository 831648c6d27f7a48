import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code of the articles on parts.
@Suite struct PartExamples {
  private func table() throws -> Table { try Table(csv: URL(fileURLWithPath: CommandLineTool.toneData)) }

  /// The means of the priors of two linear experts, in the units of the data.
  private func priorMeans(_ fit: FittedMixture) throws -> [[Double]] {
    let block = fit.mixture.blocks[0] as? Block<LinearExpert>
    return try [0, 1].compactMap { try block?.coefficientPrior(ofExpert: $0)?.mean }
  }

  @Test func linearExperts() async throws {
    let model = try Mixture("tuned ~ stretchratio") { Block(2, LinearExpert(noise: .perExpert)) }
    let fit = try await model.fit(table())
    let noises = fit.mixture.experts(of: LinearExpert.self).map { $0.noiseVariance.squareRoot() }.sorted()
    #expect(noises[1] / noises[0] > 2.5 && noises[1] / noises[0] < 3.5)
    let shared = try await Mixture("tuned ~ stretchratio") { Block(2, LinearExpert()) }.fit(table())
    #expect(abs(fit.elbo.total - shared.elbo.total - 34) < 0.5)
  }

  @Test func knownCoefficients() async throws {
    let table = try table()
    var model = try Mixture("tuned ~ stretchratio") { Block(2, LinearExpert(noise: .perExpert)) }
    model.parts.modify(LinearExpert.self) { block in
      block.fix("(intercept)", ofExpert: 0, at: 0)
      block.fix("stretchratio", ofExpert: 0, at: 1)
    }
    let fit = try await model.fit(table)
    let experts = fit.mixture.experts(of: LinearExpert.self)
    #expect(zip(experts[0].coefficients.mean, [0, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(experts[1].coefficients.mean[0] - 1.9) < 0.05)
  }

  @Test func priors() async throws {
    let model = try Mixture("tuned ~ stretchratio") {
      Block(2, LinearExpert(prior: GaussianPrior(covariance: .diagonal, mean: .common)))
    }
    let means = try await priorMeans(model.fit(table()))
    #expect(means.count == 2 && zip(means[0], means[1]).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func coupledMeans() async throws {
    let coupling = try MeanCoupling(matrix: Matrix(diagonal: [0.01]), coefficients: [1])
    let prior = GaussianPrior(covariance: .fixed(variance: 1), mean: .coupled(coupling, startingAt: []))
    let model = try Mixture("tuned ~ stretchratio") { Block(2, LinearExpert(prior: prior)) }
    let means = try await priorMeans(model.fit(table()))
    // Intercepts keep their prior mean; slopes, which differ by one, have nearly the same.
    #expect(means.count == 2 && means.allSatisfy { abs($0[0]) < 1e-12 } && abs(means[0][1] - means[1][1]) < 0.1)
  }

  @Test func gates() throws {
    let model = try Mixture("tuned ~ stretchratio", gate: DirichletGate(concentration: 0.01)) { Block(4, LinearExpert()) }
    #expect((model.parts.gate as? DirichletGate)?.weights == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func perceptronGates() async throws {
    let table = try Table(
      csv: URL(fileURLWithPath: CommandLineTool.toneData).deletingLastPathComponent().appendingPathComponent("mcycle.csv"))
    let model = try Mixture("accel ~ times | times", gate: PerceptronGate(hiddenUnits: [4], penalty: 0.1)) {
      Block(3, LinearExpert(noise: .perExpert))
    }
    var options = FitOptions()
    options.starts = 3
    let fit = try await model.fit(table, options: options)
    // Before the crash nothing moves: one expert has nearly all of the weight, and little noise.
    let early = try fit.predict(Table([("times", .numbers([5]))]))[0]
    #expect((early.weights.max() ?? 0) > 0.9 && abs(early.mean) < 5)
  }

  @Test func softmaxGates() async throws {
    let table = try Table(
      csv: URL(fileURLWithPath: CommandLineTool.toneData).deletingLastPathComponent()
        .appendingPathComponent("mcycle.csv"))
    let model = try Mixture("accel ~ times | times", gate: SoftmaxGate(penalty: 1)) { Block(2, LinearExpert()) }
    let fit = try await model.fit(table)
    let gate = fit.mixture.gate as! SoftmaxGate
    for estimate in gate.coefficients(ofExpert: 1, lessThoseOf: 0) {
      print(estimate.name, estimate.value, estimate.standardError ?? 0)
    }
    #expect(gate.coefficients(ofExpert: 1, lessThoseOf: 0).map(\.name) == ["(intercept)", "times"])
  }

  @Test func knownWeights() throws {
    var gate = try DirichletGate()
    try gate.fixWeight(ofExpert: 2, at: 0.05)
    let model = try Mixture("tuned ~ stretchratio", gate: gate) { Block(3, LinearExpert()) }
    #expect((model.parts.gate as? DirichletGate)?.weights == [0.475, 0.475, 0.05])
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

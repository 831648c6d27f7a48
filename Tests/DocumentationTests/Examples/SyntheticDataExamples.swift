import Foundation
import MixtureTestKit
import Mixtures
import SyntheticData
import Testing

/// The generator of the article `SyntheticData`, as a user would write it.
struct Waves: Generator {
  var phases: [Double]
  var deviation = 0.2

  var features: [ColumnSchema] { ["x"] }
  var response: [ColumnSchema] { ["y"] }
  var expertCount: Int { phases.count }

  func drawFeatures(_ block: inout RowBlock) {
    for i in 0..<block.count { block.features[i, 0] = 2 * .pi * block.sources[i].uniform() }
  }

  func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for i in 0..<block.count {
      for k in phases.indices { terms[i, k] = -log(Double(phases.count)) }
    }
  }

  func drawResponse(_ block: inout RowBlock) {
    for i in 0..<block.count {
      let mean = sin(block.features[i, 0] + phases[block.assignments[i]])
      block.response[i, 0] = block.sources[i].gaussian(mean: mean, standardDeviation: deviation)
    }
  }

  func logDensities(_ block: RowBlock, into terms: inout Matrix) {
    for i in 0..<block.count {
      for k in phases.indices {
        let distribution = NormalDistribution(mean: sin(block.features[i, 0] + phases[k]), variance: deviation * deviation)
        terms[i, k] = distribution.logDensity(at: block.response[i, 0])
      }
    }
  }
}

@Suite struct WavesTests {
  @Test(arguments: GeneratorLaw.allCases)
  func keeps(law: GeneratorLaw) throws {
    try PartRegistry.register(Waves.self)
    law.check(GeneratorSubject(Waves(phases: [0, 2])))
  }
}

@Suite struct SyntheticDataExamples {
  @Test func recipes() async throws {
    let generator = try Recipe("linear+softmax:2+irrelevant:3").generator(RecipeParameters(experts: 2, noise: 0.5), seed: 1)
    let data = try SyntheticDataSet(generator, rows: 1000, seed: 1)
    let truth = try Truth(data)
    print(truth.bayes.logDensity, truth.bayes.assignmentError)

    let model = try Mixture("y ~ .", gate: SoftmaxGate()) { Block(2, LinearExpert()) }
    let fit = try await model.fit(data.table())
    let unseen = try truth.unseenRows(1000)

    #expect(data.columns.map(\.name) == ["x1", "x2", "irrelevant1", "irrelevant2", "irrelevant3", "y"])
    #expect(fit.mixture.expertCount == 2 && unseen.rows == 1000..<2000)
  }

  @Test func parts() throws {
    var source = RandomSource(seed: 1)
    let priors = [
      try Gaussian(mean: [0, 5], precision: .identity(2)), try Gaussian(mean: [0, -5], precision: .identity(2)),
    ]
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: ConstantWeights([0.8, 0.2]),
      experts: LinearResponse.draw(from: priors, noise: StudentNoise(scale: 1, degreesOfFreedom: 4), using: &source))
    let data = try SyntheticDataSet(GroupedRows(generator, rowsPerAssignment: 5), rows: 500)

    #expect(data.columns.map(\.name) == ["x1", "y", "group"])
  }

  @Test func aGeneratorOfYourOwn() throws {
    let data = try SyntheticDataSet(IrrelevantFeatures(Waves(phases: [0, 2]), count: 2), rows: 100)
    #expect(try data.table().columnNames == ["x", "irrelevant1", "irrelevant2", "y"])
  }
}

import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// The code of the article `Scores`.
@Suite struct ScoreExamples {
  @Test func score() async throws {
    let generator = try Recipe("linear").generator(RecipeParameters(experts: 3, noise: 1), seed: 7)
    let truth = try Truth(SyntheticDataSet(generator, rows: 600, seed: 7))
    let model = try Mixture("y ~ x1 + x2") { Block(3, LinearExpert()) }
    let fit = try await model.fit(truth.data().table())
    let score = try TruthScore(fit, truth: truth)
    print(score)
    for (name, value) in score.metrics { print(name, value) }
    #expect(try #require(score.logDensity).excessLogLoss.mean < 0.05 && score.metrics.count == 14)
  }
}

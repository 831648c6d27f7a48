import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// Every generator can be scored against, whatever is fitted to its data.
@Suite struct RecipeScoreTests {
  /// Recipes, what is fitted to them, and what of it can be compared.
  @Test(arguments: [
    ("linear+softmax", "y ~ x1 + x2", true), ("linear+perceptron", "y ~ x1 + x2", true),
    ("linear+hierarchical", "y ~ x1 + x2", true), ("linear+gaussian", "y ~ x1 + x2", true),
    ("linear+membership", "y ~ x1 + x2", true), ("linear+heavy-tails", "y ~ x1 + x2", true),
    ("linear+contaminated", "y ~ x1 + x2", true), ("linear+collinear", "y ~ .", true),
    ("linear+grouped", "y ~ x1 + x2", true), ("curves", "y ~ x + I(x^2)", true),
    ("poisson", "y ~ x1 + x2", false), ("binomial", "y ~ x1 + x2", false), ("clouds", "y1 ~ y2", false),
    ("circles", "x ~ y", false),
  ])
  func everyGenerator(recipe: String, formula: String, isComparable: Bool) async throws {
    let truth = try truth(recipe, rows: 600)
    let groups = truth.rowsPerAssignment > 1 ? "group" : nil
    let model = try Mixture(formula, groups: groups) { Block(truth.experts.count, LinearExpert()) }
    let score = try await TruthScore(model.fitQuickly(truth.data().table()), truth: truth, rows: 3000)
    #expect(score.adjustedRandIndex! > -0.1 && score.adjustedRandIndex! <= 1 && score.bayesAdjustedRandIndex! <= 1)
    #expect(abs(score.experts.reduce(0) { $0 + $1.trueWeight } - 1) < 1e-9)
    #expect((score.logDensity != nil) == isComparable && score.parameters.isEmpty == !isComparable)
    // Nobody beats the truth but by chance: by more than 4.5 standard errors once in 10⁵ times.
    if let excess = score.logDensity?.excessLogLoss { #expect(excess.mean > -4.5 * excess.standardError) }
    #expect(score.metrics.allSatisfy { $0.value.isFinite } && "\(score)".contains("scored on 3000 unseen rows"))
  }

  /// Circles are regressions of a column that the truth does not draw: a table has it beside the truth's own, and rows are still told apart.
  @Test func circlesThroughSquares() async throws {
    let truth = try truth("circles", rows: 600)
    let drawn = try truth.data().table()
    let (x, y) = (try drawn.numbers("x"), try drawn.numbers("y"))
    let table = try Table([
      ("x", .numbers(x)), ("y", .numbers(y)), ("square", .numbers(zip(x, y).map { $0 * $0 + $1 * $1 })),
    ])
    let model = try Mixture("square ~ x + y") { Block(2, LinearExpert(noise: .perExpert)) }
    let score = try await TruthScore(model.fitQuickly(table), truth: truth, table: table)
    #expect(score.reasons(.parameters) == ["the fit explains square, the truth x and y"] && score.logDensity == nil)
    #expect(score.adjustedRandIndex! > 0.8 && score.weightError < 0.05)
  }
}

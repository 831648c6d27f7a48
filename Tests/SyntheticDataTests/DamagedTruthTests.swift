import DamagedFiles
import Foundation
import GSL
import MixtureCore
import MixtureData
import SyntheticData
import Testing

/// Truths that somebody edited: what makes no sense is refused with the place and the reason, and nothing crashes.
@Suite struct DamagedTruthTests {
  /// The truth of a few rows, with assignments.
  private static func truth(_ recipe: String) throws -> JSON {
    // Small ones have fewer numbers to be changed. Not all recipes have both parameters.
    let generator =
      try (try? Recipe(recipe).generator(RecipeParameters(features: 2, experts: 2), seed: 2))
      ?? Recipe(recipe).generator(RecipeParameters(experts: 2), seed: 2)
    let shared = generator.rowsPerAssignment
    let file = TemporaryFile()
    var truth = try Truth(SyntheticDataSet(generator, rows: 2 * shared, seed: 5), recipe: recipe)
    truth.assignments = try truth.data().assignments()
    try truth.write(to: file.url)
    return try JSON(contentsOf: file.url)
  }

  /// Asks for all that there is to ask of 50 unseen rows.
  private static func draw(_ truth: Truth) throws {
    try truth.unseenRows(50).forEachBlock(threads: 1, { $0 }) { block in
      let generator = truth.generator
      var terms = Matrix(rows: block.count, columns: generator.expertCount)
      generator.logWeights(block, into: &terms)
      generator.logDensities(block, into: &terms)
      if generator.hasMeans { generator.means(block, into: &terms) }
      _ = BayesSums(generator, of: block)
    }
  }

  /// Every change of every truth takes long; a variable of the environment asks for it.
  private static let share = ProcessInfo.processInfo.environment["DAMAGED_FILES"].flatMap(Double.init) ?? 0.05

  /// A crash would end the tests.
  @Test(arguments: LawTests.recipes)
  func isRefusedOrDraws(recipe: String) throws {
    let (truth, file) = (try Self.truth(recipe), TemporaryFile())
    try file.write(truth)
    try Self.draw(Truth(contentsOf: file.url))
    for mutation in truth.mutations(share: Self.share, seed: 14) {
      do {
        try file.write(mutation.applied(to: truth))
        try Self.draw(Truth(contentsOf: file.url))
      } catch let error where error is FileError || error is SyntheticDataError {
        #expect("\(error)".utf8.count < 8000, "\(mutation.description): \("\(error)".prefix(500))")
      } catch { Issue.record("\(mutation.description): \("\(error)".prefix(500))") }
    }
  }

  @Test(arguments: [
    (
      "linear", "weights.value.probabilities", "[-0.2, 1.2]",
      "weights: ConstantWeights: probabilities is [-0.2, 1.2], but must be numbers from 0 to 1"
    ),
    (
      "linear", "weights.value.probabilities", "[0.5, 0.4]",
      "weights: ConstantWeights: the sum of the probabilities is 0.9, but must be 1; divide"
    ),
    ("linear", "weights.value.probabilities", "[0.2, 0.3, 0.5]", ": weights of 3 experts, but there are 2"),
    ("linear", "experts", "[]", ": 0 experts: give at least one"),
    (
      "linear", "experts.1.value.coefficients", "[1, 2, 3, 4]",
      ": expert 2: a linear response: 4 coefficients for an intercept and 2 features"
    ),
    (
      "linear", "experts.1.value.coefficients", "[1, \"NaN\"]",
      "experts › [1]: LinearResponse: coefficients is nan, but must be a finite number of at most 1e100 in size"
    ),
    (
      "linear", "experts.0.value.noise.value.standardDeviation", "-1",
      "experts › [0] › value › noise: NormalNoise: standardDeviation is -1.0, but must be a number above 0 and"
    ),
    (
      "linear+heavy-tails", "experts.0.value.noise.value.degreesOfFreedom", "0",
      "noise: StudentNoise: degreesOfFreedom is 0.0, but must be a number above 0"
    ),
    ("linear", "featureLaw.value.count", "-1", "featureLaw: NormalFeatures: count is -1, but must be from 0 to 1000000"),
    ("binomial", "featureLaw.value.coded.1.value.most", "0", "[1]: CountFeature: most is 0, but must be from 1 to"),
    ("curves", "featureLaw.value.range", "[1, 0]", "featureLaw › value › range: "),
    (
      "curves", "weights.value.bounds", "[0.5, 0.5]",
      "weights: IntervalWeights: bounds is [0.5, 0.5], but must be each above"
    ),
    (
      "linear+hierarchical", "weights.value.expertCount", "3",
      "weights: HierarchicalWeights: branches is 1 rows of coefficients, but must be 2"
    ),
    (
      "linear+membership:2", "weights.value.levels.1.probabilities", "[1]",
      "level 2 of \"category\", MembershipWeights: levels is of 1 weights, but must be of 2, as level 1 has"
    ),
    (
      "linear+membership:2", "weights.value.column", "7",
      ": weights for 2 levels of \"category\", but the feature of number 7, counted from 0, is no such"
    ),
    (
      "clouds", "experts.0.value.cloud.root.elements", "[1, 0, 0, -1]",
      ": number 2 on the diagonal of the root is -1.0, but must be"
    ),
    (
      "clouds", "experts.0.value.cloud.root.elements", "[1, 2, 0, 1]",
      ": row 1 of the root is [1.0, 2.0], but must be zero behind its diagonal"
    ),
    (
      "clouds", "experts.0.value.cloud.mean", "[1]",
      "GaussianCloud: root is 2 × 2, but must be 1 × 1, a row and a column for each mean"
    ),
    ("circles", "experts.1.value.radius", "-2", "[1]: CircleResponse: radius is -2.0, but must be a number of at least 0"),
    ("linear+contaminated", "share", "1.5", "generator: Contamination: share is 1.5, but must be between 0 and 1"),
    (
      "poisson+contaminated", "box", "[[0, 1e300]]",
      "generator: Contamination: box is 1e+300, but must be a finite number of at most 1e100"
    ),
    ("poisson+contaminated", "box", "[[-3, 9]]", ": the box of y is -3.0...9.0, but must be within 0 to 2⁵³"),
    ("linear+irrelevant", "count", "-1", "generator: IrrelevantFeatures: count is -1, but must be from 0 to 1000000"),
    ("linear+collinear", "noise", "-1", "generator: CollinearFeatures: noise is -1.0, but must be a number of at least 0"),
    (
      "linear+grouped:2", "rowsPerAssignment", "0",
      "generator: GroupedRows: rowsPerAssignment is 0, but must be from 1 to 1000000"
    ),
  ])
  func saysWhatIsWrongWithTheGenerator(recipe: String, place: String, value: String, message: String) throws {
    try expect(recipe, "generator.value." + place, value, message)
  }

  @Test(arguments: [
    ("features", "[]", "features: not those of the generator, which has x1, x2"),
    ("rowsPerAssignment", "2", "rowsPerAssignment: not those of the generator, which has 1"),
    ("experts.0", "[]", "experts › [0]: not those of the generator, which has (intercept) "),
    ("experts", "[]", "experts: not those of the generator, which has 2, with a weight and a list of parameters each"),
    ("weights", "[0.7, 0.7]", "weights: [0.7, 0.7] are not valid mean weights"),
    ("bayes.assignmentError.mean", "-0.5", "bayes: wrong assignments in a share of -0.5: give one from 0 to 1"),
    ("assignments", "[0, 2]", "assignments › [1]: 2, but there are 2 experts, counted from 0"),
    ("assignments", "[0]", "1 assignments of 2 rows"),
    ("rowCount", "0", "0 rows from number 0: give at least one row"),
  ])
  func saysWhatIsWrongWithTheRest(place: String, value: String, message: String) throws {
    try expect("linear", place, value, message)
  }

  private func expect(_ recipe: String, _ place: String, _ value: String, _ message: String) throws {
    let file = TemporaryFile()
    try file.write(Self.truth(recipe).replacing(place, by: JSON(value)))
    let error = #expect(throws: FileError.self) { try Truth(contentsOf: file.url) }
    let text = error?.description ?? ""
    #expect(text.contains("a damaged truth file: ") && text.contains(message), "\(text)")
  }

  /// Parts that are composed in Swift are checked as those of files are.
  @Test func codeIsCheckedToo() throws {
    let noise = NormalNoise(standardDeviation: 0)
    let error = #expect(throws: ArgumentError.self) {
      try SyntheticMixture(
        features: NormalFeatures(1), weights: ConstantWeights([1]),
        experts: [LinearResponse(coefficients: [0], noise: noise)])
    }
    #expect(
      error?.description
        == "expert 1, NormalNoise: standardDeviation is 0.0, but must be a number above 0 and of at most 1e100")
    let linear = try Recipe("linear").generator()
    #expect(throws: ArgumentError.self) { try SyntheticDataSet(IrrelevantFeatures(linear, count: -1), rows: 10) }
    let truth = try Truth(SyntheticDataSet(linear, rows: (Int.max - 10)..<(Int.max - 5)))
    #expect(try truth.data().assignments().count == 5 && truth.unseenRows(4).assignments().count == 4)
    #expect(throws: ArgumentError.self) { try truth.unseenRows(5) }
  }

  /// Weights that are no probabilities are found out when rows are drawn.
  @Test func rowsWithoutWeightsAreErrors() throws {
    struct Nothing: ExpertWeights {
      var expertCount: Int { 2 }
      func logWeights(_ block: RowBlock, into terms: inout Matrix) {
        for row in 0..<block.count { for k in 0..<2 { terms[row, k] = block.rows.lowerBound + row == 3 ? .nan : log(0.5) } }
      }
    }
    let line = LinearResponse(coefficients: [0], noise: NormalNoise(standardDeviation: 1))
    let data = try SyntheticDataSet(
      SyntheticMixture(features: NormalFeatures(0), weights: Nothing(), experts: [line, line]), rows: 10)
    let error = #expect(throws: SyntheticDataError.self) { try data.table() }
    #expect(error?.description == "row 3: the weights of the experts are [nan, nan], which are no probabilities")
  }
}

/// A file in the temporary folder, as long as it is used.
private final class TemporaryFile {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  deinit { try? FileManager.default.removeItem(at: url) }
  func write(_ json: JSON) throws { try json.write(to: url) }
}

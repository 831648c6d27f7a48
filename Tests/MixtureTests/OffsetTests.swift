import Foundation
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// Offsets: a fit with offset o is that of the response less o, in every number.
@Suite struct OffsetTests {
  /// Rows with an offset, as such and with it taken off the response.
  struct Rows {
    let truth: LinearTruth
    let offset: [Double]
    let withOffset: Observations
    let less: Observations

    init(weights: Bool = false, groups: Bool = false, rows: Int = 400) throws {
      var truth = LinearTruth(rows: rows, features: 2, experts: 2, noise: 0.4, seed: 23)
      // Longer than a tile, so that the offset must follow its rows there.
      let offset = (0..<rows).map { 40 + 25 * sin(0.7 * Double($0)) }
      let labels = groups ? (0..<rows).map { $0 / 3 } : nil
      let weights = weights ? (0..<rows).map { Double($0 / 3 % 4) } : nil
      let explained = truth.response
      truth.response = zip(explained, offset).map(+)
      self.truth = truth
      self.offset = offset
      let features = truth.features.enumerated().map { (column: ColumnSchema("x\($0.offset + 1)"), values: $0.element) }
      withOffset = try Observations(
        features: features, responses: [("y", truth.response)], offset: offset, rowWeights: weights, groups: labels)
      less = try Observations(
        features: features, responses: [("y", zip(truth.response, offset).map(-))], rowWeights: weights, groups: labels)
    }
  }

  private func mixture(_ expert: LinearExpert) throws -> MixtureModel {
    try MixtureModel(
      gate: DirichletGate(estimate: expert.terms?.estimate ?? .variational), blocks: [Block(2, expert)])
  }

  private func options() -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = 30
    return options
  }

  private func expectSame(_ one: Fit, _ other: Fit) {
    #expect(one.elboTrace == other.elboTrace && one.starts == other.starts && one.effectiveRows == other.effectiveRows)
    #expect(one.mixture.linear.experts == other.mixture.linear.experts)
  }

  enum Kind: String, CaseIterable, Sendable {
    case shared, perExpert, gamma, perExpertGamma, withoutIntercept, notStandardised, likelihood, likelihoodPerExpert

    var expert: LinearExpert {
      switch self {
      case .shared: LinearExpert()
      case .perExpert: LinearExpert(noise: .perExpert)
      case .gamma: LinearExpert(noise: .gamma())
      case .perExpertGamma: LinearExpert(noise: .perExpertGamma())
      case .withoutIntercept: LinearExpert(hasIntercept: false)
      case .notStandardised: LinearExpert(standardizes: false)
      case .likelihood: LinearExpert(estimate: .maximumLikelihood)
      case .likelihoodPerExpert: LinearExpert(estimate: .maximumLikelihood, noise: .perExpert)
      }
    }
  }

  @Test(arguments: Kind.allCases, [(false, false), (true, true), (false, true)])
  func equalsTheFitOfTheResponseLessIt(kind: Kind, with: (weights: Bool, groups: Bool)) throws {
    let expert = kind.expert
    let rows = try Rows(weights: with.weights, groups: with.groups)
    let (one, other) = (
      try mixture(expert).fitBlocking(rows.withOffset, options: options()),
      try mixture(expert).fitBlocking(rows.less, options: options())
    )
    expectSame(one, other)
    #expect(try one.mixture.responsibilities(rows.withOffset) == other.mixture.responsibilities(rows.less))
    #expect(
      try isClose(
        one.mixture.logLikelihood(rows.withOffset), other.mixture.logLikelihood(rows.less), relative: 1e-12))
    #expect(
      try isClose(
        one.mixture.logPredictiveDensity(rows.withOffset), other.mixture.logPredictiveDensity(rows.less), relative: 1e-12))
    let distributions = try zip(one.mixture.predict(rows.withOffset), other.mixture.predict(rows.less))
    for ((distribution, less), offset) in zip(distributions, rows.offset) {
      #expect(
        abs(distribution.mean - less.mean - offset) < 1e-12
          && isClose(distribution.variance, less.variance, relative: 1e-12))
    }
  }

  /// Every recipe, which the mixed start tries all, makes the same responsibilities, and the short runs on every nth tile are the same.
  @Test(arguments: [Start.mixed, .coefficients([[1, 2, -1], [-1, -2, 1]])])
  func startsAreThoseOfTheResponseLessIt(start: Start) throws {
    let rows = try Rows(rows: 20_400)
    var options = options()
    options.maximumIterations = 3
    let model = try mixture(LinearExpert())
    let one = try model.fitBlocking(rows.withOffset, from: start, options: options)
    expectSame(one, try model.fitBlocking(rows.less, from: start, options: options))
    let next = try model.fitBlocking(rows.withOffset, from: .mixture(one.mixture), options: options)
    expectSame(next, try model.fitBlocking(rows.less, from: .mixture(one.mixture), options: options))
  }

  /// What experts learn of the data: moments of the response, and of what is left for the features.
  @Test func momentsOfBothAreKnown() throws {
    let rows = try Rows(weights: true)
    let (one, other) = (try DataSummary(rows.withOffset), try DataSummary(rows.less))
    #expect(one.responseLessOffset == other.responses[0].moments && one.explained == other.explained)
    #expect(other.responseLessOffset == nil && other.explained == other.responses[0].moments)
    let plain = try Observations(
      features: [], responses: [("y", rows.truth.response)], rowWeights: (0..<400).map { Double($0 / 3 % 4) })
    #expect(try one.responses == DataSummary(plain).responses)
    #expect(one.features == other.features)
  }

  /// From a formula: the offset of the fit's rows and of new ones.
  @Test func aFormulaHasOffsets() throws {
    let rows = try Rows()
    func table(_ range: Range<Int>, response: Bool) throws -> Table {
      try Table(
        [("x1", .numbers(Array(rows.truth.features[0][range]))), ("x2", .numbers(Array(rows.truth.features[1][range])))]
          + [("e", .numbers(rows.offset[range].map { exp($0 / 4 - 3) }))] + [
            ("o", .numbers(rows.offset[range].map { $0 / 2 }))
          ]
          + (response ? [("y", .numbers(Array(rows.truth.response[range])))] : []))
    }
    // log(e) is o / 4 − 3, so that the two offsets are o / 2 each.
    let formula = try Formula("y ~ x1 + x2 + offset(2 * (log(e) + 3)) + offset(o)")
    let design = try Design(formula, for: table(0..<400, response: true))
    let fit = try mixture(LinearExpert()).fitBlocking(
      design.observations(of: table(0..<400, response: true)), options: options())
    let byHand = try mixture(LinearExpert()).fitBlocking(rows.withOffset, options: options())
    #expect(isClose(fit.elbo.total, byHand.elbo.total, relative: 1e-9))
    let distributions = try zip(
      fit.mixture.predict(design.predictors(of: table(300..<390, response: false))),
      byHand.mixture.predict(rows.withOffset)[300...])
    for (distribution, expected) in distributions { #expect(isClose(distribution.mean, expected.mean, relative: 1e-9)) }
    // A saved model predicts with it, too.
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try FittedMixture(fit, design: design).write(to: file)
    let saved = try FittedMixture(contentsOf: file)
    let few = try table(0..<9, response: false)
    #expect(try saved.predict(few).map(\.mean) == fit.mixture.predict(design.predictors(of: few)).map(\.mean))
  }

  /// Experts that never heard of offsets do not ignore them.
  @Test func expertsThatDoNotKnowOffsetsRefuseThem() throws {
    let rows = try Rows()
    let model = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block(2, LinearExpert()), Block([UniformExpert(range: -99...99)])])
    func refusal(_ work: () throws -> Void) -> String? {
      do { try work() } catch { return "\(error)" }
      return nil
    }
    let fit = try model.fitBlocking(rows.less, options: options())
    #expect(refusal { _ = try model.fitBlocking(rows.withOffset) }?.contains("UniformExpert") == true)
    #expect(refusal { _ = try fit.mixture.responsibilities(rows.withOffset) }?.contains("offset") == true)
    let three = try MixtureModel(gate: DirichletGate(), blocks: [Block(3, LinearExpert())])
    #expect(
      refusal { _ = try three.fitBlocking(rows.withOffset, from: .mixture(fit.mixture)) }?.contains("UniformExpert") == true
    )
  }

  @Test func unusableOffsetsAreNamed() throws {
    func observations(_ offset: [Double]) throws -> Observations {
      try Observations(features: [], responses: [("y", [1, 2, 3])], offset: offset)
    }
    #expect(throws: DataError("2 offsets for 3 rows")) { try observations([1, 2]) }
    #expect(throws: DataError("offset of row 2: nan is not a finite number")) { try observations([1, .nan, 0]) }
    #expect(try observations([1, 2, 3]).shape.hasOffset)
  }
}

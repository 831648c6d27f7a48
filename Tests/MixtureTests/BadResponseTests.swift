import Foundation
import MixtureCore
import Mixtures
import Testing

/// Responses that a family has no probabilities of: refused under every estimate, with row, value and what to do.
@Suite struct BadResponseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var family: FamilyCase
    var y: [Double]
    var trials: [Double]?
    var message: String
    var testDescription: String { "\(family.rawValue): \(message.prefix(60))" }
  }

  private static let cases: [Case] = [
    Case(
      family: .poisson, y: [0, 3, -1, 0.5],
      message: "row 3: y is -1, which is not a count, but a PoissonExpert explains counts"),
    Case(family: .poisson, y: [0, 2.5, -1, 1], message: "row 2: y is 2.5, which is not a count"),
    Case(
      family: .poisson, y: [0, 1e-300, 1, 1],
      message:
        "row 2: y is 1e-300, which is not a count, but a PoissonExpert explains counts 0, 1, 2, …: correct the row or leave it out"
    ),
    Case(
      family: .binomial, y: [0, 3, 6, 1], trials: [5, 5, 5, 5],
      message: "row 3: the number of successes, y, is more than the number of trials, 5: correct the row or leave it out"),
    Case(
      family: .binomial, y: [0, 1, 2, 1], trials: [5, 0, 5, 5],
      message: "row 2: the number of successes, y, is more than the number of trials, 0"),
    Case(
      family: .binomial, y: [0, 1, 2, 1], trials: [5, 5, 5, -2],
      message: "row 4: the number of trials of y is -2, which is not a count"),
    Case(
      family: .binomial, y: [0, 1, 2, 1], trials: [5, 2.5, 5, 5],
      message: "row 2: the number of trials of y is 2.5, which is not a count"),
    Case(family: .binomial, y: [0, -1, 2, 1], trials: [5, 5, 5, 5], message: "row 2: y is -1, which is not a count"),
    Case(
      family: .binomial, y: [0, 0.25, 0.5, 1], trials: [4, 4, 4, 4],
      message:
        "row 2: y is 0.25, which is not a count, but a BinomialExpert explains counts 0, 1, 2, …: give numbers of successes, not shares of "
        + "the trials"),
    Case(
      family: .binomial, y: [0, 0, 0, 0], trials: [0, 0, 0, 0],
      message: "no row of y has a trial: all numbers of trials are 0"),
    Case(
      family: .binomial, y: [0, 1, 3, 2],
      message:
        "row 3: y is 3, but a BinomialExpert explains successes among trials, of which there is one in a row unless the data say: give "
        + "the numbers of trials (--trials, or cbind(successes, failures))"),
    Case(
      family: .bernoulli, y: [0, 1, 2, 5],
      message:
        "row 3: y is 2, but a BernoulliExpert explains 0 and 1, no and yes: correct the row or leave it out; for counts there is a "
        + "PoissonExpert (--family poisson), for successes among trials a BinomialExpert (--family binomial)"),
    Case(
      family: .bernoulli, y: [1, 2, 2, 1],
      message:
        "row 2: y is 2, but a BernoulliExpert explains 0 and 1, no and yes: it is 1 or 2 in every row, so write 0 for 1 and 1 for 2, in "
        + "a formula y - 1 ~ …, or two words, of which the later one in the alphabet stands for 1"),
    Case(
      family: .bernoulli, y: [1, -1, -1, 1],
      message:
        "row 2: y is -1, but a BernoulliExpert explains 0 and 1, no and yes: it is -1 or 1 in every row, so write 0 for -1 "
        + "and 1 for 1, in a formula (y + 1) / 2 ~ …"),
    Case(
      family: .bernoulli, y: [0, 5, 5, 0],
      message:
        "row 2: y is 5, but a BernoulliExpert explains 0 and 1, no and yes: it is 0 or 5 in every row, so write 0 for 0 and 1 for 5, in a "
        + "formula y / 5 ~ …"),
    Case(
      family: .bernoulli, y: [0, 0.5, 0, 1],
      message: "row 2: y is 0.5, but a BernoulliExpert explains 0 and 1, no and yes: correct the row or leave it out"),
  ]

  private func rows(_ one: Case, weights: [Double]? = nil) throws -> Observations {
    try Observations(
      features: [("x", [1, 2, 4, 8])], responses: [("y", one.y)], trials: one.trials.map { ["y": $0] } ?? [:],
      rowWeights: weights)
  }

  @Test(arguments: cases, FamilyCase.estimates)
  func isRefused(one: Case, estimate: Estimate) throws {
    #expect {
      try one.family.fit(rows(one), estimate)
    } throws: {
      ($0 as? DataError)?.description.hasPrefix(one.message) == true
    }
  }

  /// A row of weight zero may hold anything.
  @Test func rowsWithoutWeightMayBeBad() throws {
    let bad = Case(family: .bernoulli, y: [0, 1, 2, 1], message: "")
    let fit = try FamilyCase.bernoulli.fit(rows(bad, weights: [1, 1, 0, 1]), .variational)
    #expect(fit.elbo.total.isFinite)
    let alike = Case(family: .bernoulli, y: [1, 1, 0, 1], message: "")
    #expect(
      try FamilyCase.bernoulli.fit(rows(alike, weights: [1, 1, 0, 1]), .variational).warnings.contains(
        "y is 1 in every row: only the prior keeps the coefficients finite"))
  }

  /// Rows without a trial tell nothing, and change nothing.
  @Test(arguments: FamilyCase.estimates)
  func aRowWithoutTrialsTellsNothing(estimate: Estimate) throws {
    func coefficients(_ y: [Double], _ trials: [Double]) throws -> [Double] {
      let x = y.indices.map { Double($0 % 5) }
      let rows = try Observations(features: [("x", x)], responses: [("y", y)], trials: ["y": trials])
      let fit = try FamilyCase.binomial.fit(rows, estimate, prior: GaussianPrior(covariance: .fixed(variance: 4)))
      try expectFinite(fit, rows)
      return fit.mixture.experts(of: BinomialExpert.self)[0].coefficients.mean
    }
    let (y, trials) = ([1.0, 3, 2, 4, 5], [6.0, 6, 6, 6, 6])
    let plain = try coefficients(y, trials)
    // As many rows without trials at the same places leave centre and scale of the feature as they are.
    let more = try coefficients(y + [0, 0, 0, 0, 0], trials + [0, 0, 0, 0, 0])
    #expect(zip(plain, more).allSatisfy { abs($0 - $1) < 1e-6 }, "\(plain) \(more)")
  }

  /// Two levels are 0 and 1 to yes or no; one level, or three, are named.
  @Test func levels() throws {
    func rows(_ levels: [String], _ y: [Double]) throws -> Observations {
      try Observations(
        features: [("x", [1, 3, 2, 5, 4, 6])], responses: [(ColumnSchema("answer", .category(levels: levels)), y)])
    }
    func refusal(_ levels: [String], _ y: [Double]) throws -> String {
      do { _ = try FamilyCase.bernoulli.fit(rows(levels, y), .variational) } catch { return "\(error)" }
      return ""
    }
    let y: [Double] = [0, 1, 0, 1, 0, 1]
    let words = try FamilyCase.bernoulli.fit(rows(["no", "yes"], y), .variational)
    let numbers = try FamilyCase.bernoulli.fit(
      Observations(features: [("x", [1, 3, 2, 5, 4, 6])], responses: [("answer", y)]), .variational)
    #expect(words.elbo.total == numbers.elbo.total)
    #expect(
      try refusal(["maybe", "no", "yes"], [0, 1, 2, 1, 0, 2])
        == "answer has 3 levels, maybe, no and yes, but a BernoulliExpert explains 0 and 1, no and yes: it must be one of two in each row"
    )
    #expect(try refusal(["no"], [0, 0, 0, 0, 0, 0]).hasPrefix("answer has one level, no, but a BernoulliExpert explains"))
    #expect(
      try FamilyCase.bernoulli.fit(rows(["no", "yes"], [1, 1, 1, 1, 1, 1]), .variational).warnings.contains(
        "answer is yes in every row: only the prior keeps the coefficients finite"))
  }

  /// A table's words are 0 and 1 in the order of the alphabet, and stay so for new rows.
  @Test func levelsOfATable() throws {
    func table(_ levels: [String], _ codes: [Int]) throws -> Table {
      try Table([("x", .numbers([1, 3, 2, 5, 4, 6])), ("answer", .categories(levels: levels, codes: codes))])
    }
    let model = try Mixture("answer ~ x") { Block(1, BernoulliExpert()) }
    let fit = try model.fitBlocking(table(["no", "unused", "yes"], [0, 2, 0, 2, 0, 2]))
    #expect(fit.design.successLevel == "yes")
    // The codes are another table's own.
    let other = try table(["yes", "no"], [0, 1, 0, 1, 0, 1])
    #expect(try fit.response(other) == [1, 0, 1, 0, 1, 0])
    #expect {
      try fit.responsibilities(table(["no", "perhaps"], [0, 0, 1, 0, 0, 0]))
    } throws: {
      "\($0)".contains("row 3, column \"answer\": \"perhaps\" is none of the levels of the fit, no, yes")
    }
    let numbers = try Mixture("x ~ 1") { Block(1, LinearExpert()) }.fitBlocking(other)
    #expect(numbers.design.successLevel == nil)
    let read = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(fit.design))
    #expect(read.successLevel == "yes")
  }
}

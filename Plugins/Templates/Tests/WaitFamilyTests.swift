import MixtureTestKit
import Mixtures
import Testing

@testable import Templates

/// Two experts of the family and rows that they made, through the laws.
@Suite struct WaitFamilyTests {
  func subject() throws -> ModelSubject<Regression<WaitFamily>> {
    var source = RandomSource(seed: 1)
    let labels = (0..<120).map { _ in source.integer(below: 2) }
    let x = labels.map { _ in source.uniform() * 2 - 1 }
    // Change this: η of each row, by its label, so far apart that responses tell which expert they come from.
    let y = zip(labels, x).map { label, x in
      WaitFamily().sample(eta: label == 0 ? -4 + x : 4 - x, trials: 1, scale: Unscaled(), using: &source)
    }
    var subject = ModelSubject(
      Block(2, Regression<WaitFamily>(prior: GaussianPrior(covariance: .fixed(variance: 5)))),
      rows: try Observations(features: [("x", x)], responses: [("y", y)]), labels: labels,
      // Change this: say of each law that cannot hold why not, and leave out the others. Of counts the units are those of the features alone.
      exceptions: [
        .rebase: .absent(reason: "slopes at other coefficients are known to first order only"),
        .stationary: .inequality(reason: "nothing outside the library moves q(w)"),
        .units: .absent(reason: "another unit of the response moves the intercept, and so the mean of its prior"),
      ])
    subject.drawParameters = { block, source in
      let prior = NormalDistribution(mean: 0, variance: 5)
      let coefficients = block.experts.map { $0.coefficients.sample(using: &source) }
      let divergence = zip(block.experts, coefficients).reduce(0) { sum, expert in
        expert.1.reduce(sum + expert.0.coefficients.logDensity(at: expert.1)) { $0 - prior.logDensity(at: $1) }
      }
      return ParameterDraw(divergence: divergence) { k, tile in
        tile.rows.map { i in
          let eta = coefficients[k][0] + coefficients[k][1] * tile.features[i] + (tile.offset?[i] ?? 0)
          return WaitFamily().logDensity(ResponseCell(tile.response[i]), eta: eta, scale: Unscaled())
        }
      }
    }
    return subject
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test(arguments: PredictiveLaw.allCases)
  func predicts(law: PredictiveLaw) throws { law.check(try PredictiveSubject(predicting: subject())) }

  // Change this: rows that your family refuses, and what the message must say.
  @Test func namesARowThatCannotBe() async throws {
    let table = try Table([("x", .numbers([1, 2, 3])), ("y", .numbers([0.5, -2, 1]))])
    let model = try Mixture("y ~ x") { Block(1, Regression<WaitFamily>()) }
    await #expect {
      try await model.fit(table)
    } throws: {
      "\($0)".contains("row 2: y is -2.0, but a time is not negative")
    }
  }
}

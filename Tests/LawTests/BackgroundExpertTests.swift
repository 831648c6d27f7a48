import MixtureTestKit
import Mixtures
import Testing

/// The background beside a line, through the laws of models and of predictive distributions.
@Suite struct BackgroundExpertLawTests {
  private func subject() throws -> ModelSubject<BackgroundExpert> {
    var source = RandomSource(seed: 8)
    let x = (0..<120).map { _ in source.uniform() }
    // Two backgrounds of very different width are told apart by the size of the response.
    let labels = (0..<120).map { _ in source.integer(below: 2) }
    let y = labels.map { source.gaussian(standardDeviation: $0 == 0 ? 0.01 : 10) }
    var subject = ModelSubject(
      try Block([BackgroundExpert(varianceFactor: 1e-5), BackgroundExpert(varianceFactor: 2)]), named: "BackgroundExpert",
      rows: try Observations(features: [("x", x)], responses: [("y", y)]), labels: labels,
      drawParameters: { block, _ in
        ParameterDraw(divergence: 0) { k, tile in
          let distributions = try block.experts[k].predictive(tile)
          return tile.rows.map { distributions[$0].logDensity(at: tile.response[$0]) }
        }
      },
      exceptions: [.stationary: .absent(reason: "nothing is learned")])
    subject.offsetMatters = false
    subject.unitOfParameter = { _ in ParameterUnit(response: 1) }
    return subject
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test func aFitNamesItsOutliers() throws {
    var source = RandomSource(seed: 3)
    let x = (0..<300).map { _ in source.uniform() * 4 }
    let y = x.enumerated().map { i, x in
      i % 6 == 0 ? -10 + 20 * source.uniform() : 2 * x - 4 + source.gaussian(standardDeviation: 0.1)
    }
    let table = try Table([("x", .numbers(x)), ("y", .numbers(y))])
    let fit = try Mixture("y ~ x") {
      Block(1, LinearExpert(), named: "line")
      Block(1, BackgroundExpert(), named: "background")
    }.fitBlocking(table)
    let line = try fit.expert("line", as: LinearExpert.self)
    #expect(abs(line.coefficients.mean[1] - 2) < 0.03 && line.noiseVariance < 0.02)
    let shares = try fit.responsibilities(table)
    let named = shares.indices.count { (shares[$0][1] > 0.5) == ($0 % 6 == 0) }
    #expect(named > 290)
    #expect(try fit.predict(table)[0].components.count == 2)
    #expect("\(fit)".contains("background"))
  }
}

import CVectorMath
import Foundation
import MixtureCore
import References
import Testing

/// A function's value as the nearest double and the rest.
private struct ExactValue: Decodable {
  let x, value, rest: Double

  /// The error in units in the last place of the value, fractions included.
  func error(of computed: Double) -> Double { abs((computed - value) - rest) / value.ulp }
}

private struct ExactValues: Decodable {
  let exp, log: [ExactValue]
}

@Suite struct ExponentialTests {
  /// The header promises 2 units in the last place.
  static let bound = 2.0

  private func exp(_ x: [Double]) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    var span = y.mutableSpan
    VectorKernels.exp(x.span, into: &span)
    return y
  }

  private func log(_ x: [Double]) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    var span = y.mutableSpan
    VectorKernels.log(x.span, into: &span)
    return y
  }

  private func grid(from first: Double, to last: Double, count: Int) -> [Double] {
    (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
  }

  @Test func expAgreesWithExactValues() throws {
    let references = try Reference.load("exponentials", as: ExactValues.self).exp
    #expect(references.count == 512)
    let worst = zip(references, exp(references.map(\.x))).map { $0.error(of: $1) }.max() ?? .nan
    #expect(worst <= Self.bound)
  }

  @Test func logAgreesWithExactValues() throws {
    let references = try Reference.load("exponentials", as: ExactValues.self).log
    #expect(references.count == 512)
    let worst = zip(references, log(references.map(\.x))).map { $0.error(of: $1) }.max() ?? .nan
    #expect(worst <= Self.bound)
  }

  /// The C library's own functions err by less than one unit, which adds to the ELBO here.
  @Test(arguments: [(-707.0, 709.7), (-40.0, 0.0), (-1.0, 1.0), (-1e-3, 1e-3)])
  func expOnGrids(first: Double, last: Double) {
    let x = grid(from: first, to: last, count: 100_000)
    let worst = zip(x, exp(x)).map { abs($1 - Foundation.exp($0)) / Foundation.exp($0).ulp }.max() ?? .nan
    #expect(worst <= Self.bound + 1)
  }

  @Test(arguments: [(1e-3, 1.0), (0.5, 2.0), (0.999, 1.001), (1, 1e6)])
  func logOnGrids(first: Double, last: Double) {
    let x = grid(from: first, to: last, count: 100_000)
    let worst = zip(x, log(x)).map { $1 == Foundation.log($0) ? 0 : abs($1 - Foundation.log($0)) / Foundation.log($0).ulp }
    #expect((worst.max() ?? .nan) <= Self.bound + 1)
  }

  @Test func logOfPowersOfTen() {
    let x = grid(from: -307, to: 308, count: 616).map { pow(10, $0) }
    let worst = zip(x, log(x)).map { $1 == Foundation.log($0) ? 0 : abs($1 - Foundation.log($0)) / Foundation.log($0).ulp }
    #expect((worst.max() ?? .nan) <= Self.bound + 1)
  }

  @Test func edgesOfExp() {
    let below = (-707.0).nextDown, above = 709.7.nextUp
    let values = exp([below, -708, -1e4, -.infinity, above, 710, 1e4, .infinity])
    #expect(values == [0, 0, 0, 0, .infinity, .infinity, .infinity, .infinity])
    let inside = exp([-707, 709.7, 0, -0.0, .leastNonzeroMagnitude, -1e-300, .nan, -.nan])
    #expect(inside[0] > 0 && inside[1].isFinite)
    #expect(inside[2...5].allSatisfy { $0 == 1 })
    #expect(inside[6].isNaN && inside[7].isNaN)
  }

  @Test func edgesOfLog() {
    let values = log([1, 2, 0.5, 1, 1, 1, 1, 1])
    #expect(values[0] == 0 && values[1] == Foundation.log(2) && values[2] == -Foundation.log(2))
  }

  @Test func everyLaneComputesTheSame() {
    for x in [-700.3, -1.7, 0.1, 699.9] {
      #expect(Set(exp([Double](repeating: x, count: 64))).count == 1)
      #expect(Set(log([Double](repeating: abs(x), count: 64))).count == 1)
    }
  }

  @Test func inPlace() {
    let x = grid(from: -5, to: 5, count: 24)
    var inPlace = x
    VectorKernels.exp(of: &inPlace)
    #expect(inPlace == exp(x))
    var pointwise = [Double](repeating: 0, count: 24)
    vector_exp(x, &pointwise, 24)
    #expect(pointwise == inPlace)
  }
}

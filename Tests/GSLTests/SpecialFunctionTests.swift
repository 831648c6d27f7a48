import Foundation
import GSL
import References
import Testing

struct FunctionValue: Decodable, Sendable, CustomTestStringConvertible {
  let x, value, slope: Double
  var testDescription: String { "x = \(x)" }

  /// Relative error 1e-13, or what two roundings of the argument change: near a zero of the function (ψ at 1.4616, ln Γ
  /// at 1 and 2) and for steep ones the value is no better known.
  func agrees(with computed: Double) -> Bool {
    abs(computed - value) <= max(1e-13 * abs(value), 2 * Double.ulpOfOne * slope)
  }
}

@Suite struct SpecialFunctionTests {
  static let references: [String: [FunctionValue]] = (try? Reference.load("special-functions")) ?? [:]

  static func points(_ name: String) -> [FunctionValue] { references[name] ?? [] }

  @Test func referencesAreThere() {
    #expect(Self.references.values.map(\.count).filter { $0 >= 20 }.count == 7)
  }

  @Test(arguments: points("digamma"))
  func digammaAgrees(point: FunctionValue) throws {
    let computed = try digamma(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test(arguments: points("trigamma"))
  func trigammaAgrees(point: FunctionValue) throws {
    let computed = try trigamma(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test(arguments: points("logGamma"))
  func logGammaAgrees(point: FunctionValue) throws {
    let computed = try logGamma(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test(arguments: points("errorFunction"))
  func errorFunctionAgrees(point: FunctionValue) throws {
    let computed = try errorFunction(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test(arguments: points("cumulative"))
  func cumulativeAgrees(point: FunctionValue) {
    let computed = standardNormalCumulative(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test(arguments: points("logCumulative"))
  func logCumulativeAgrees(point: FunctionValue) {
    let computed = logStandardNormalCumulative(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test(arguments: points("quantile"))
  func quantileAgrees(point: FunctionValue) throws {
    let computed = try standardNormalQuantile(point.x)
    #expect(point.agrees(with: computed), "\(computed), not \(point.value)")
  }

  @Test func limits() throws {
    #expect(try errorFunction(.infinity) == 1)
    #expect(try errorFunction(-.infinity) == -1)
    #expect(standardNormalCumulative(.infinity) == 1)
    #expect(standardNormalCumulative(-.infinity) == 0)
    #expect(standardNormalCumulative(.nan).isNaN)
    #expect(logStandardNormalCumulative(.infinity) == 0)
    #expect(logStandardNormalCumulative(-.infinity) == -.infinity)
    #expect(try standardNormalQuantile(0) == -.infinity)
    #expect(try standardNormalQuantile(1) == .infinity)
  }

  @Test(arguments: [0.25, 1.0, 1.4616321449683622, 3.5, 20.0, 1e4])
  func recurrences(x: Double) throws {
    // ψ(x + 1) = ψ(x) + 1/x and ln Γ(x + 1) = ln Γ(x) + ln x; the tolerance is a few roundings of the terms.
    let (step, logStep) = (try digamma(x + 1) - digamma(x), try logGamma(x + 1) - logGamma(x))
    #expect(abs(step - 1 / x) <= 4 * Double.ulpOfOne * (try abs(digamma(x)) + abs(digamma(x + 1)) + 1))
    let largest = try max(abs(logGamma(x)), abs(logGamma(x + 1)), 1)
    #expect(abs(logStep - log(x)) <= 8 * Double.ulpOfOne * largest)
  }

  @Test(arguments: [-30.0, -8.0, -1.5, -0.1, 0.0, 0.7, 2.0])
  func quantileInvertsCumulative(x: Double) throws {
    // A relative error δ of Φ(x) moves its quantile by δ Φ / φ < δ at the left, and more and more at the right.
    let back = try standardNormalQuantile(standardNormalCumulative(x))
    #expect(abs(back - x) <= 1e-14 * max(1, abs(x)))
  }
}

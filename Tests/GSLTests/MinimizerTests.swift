import Foundation
import GSL
import References
import Testing

@Suite struct MinimizerTests {
  /// A function with a known minimum, and where a search for it begins (Moré, Garbow & Hillstrom 1981).
  enum Valley: CaseIterable {
    case rosenbrock, powell, beale, quadratic

    var start: [Double] {
      switch self {
      case .rosenbrock: [-1.2, 1]
      case .powell: [3, -1, 0, 1]
      case .beale: [1, 1]
      case .quadratic: (0..<50).map { cos(Double($0)) }
      }
    }

    var minimum: [Double] {
      switch self {
      case .rosenbrock: [1, 1]
      case .powell: [0, 0, 0, 0]
      case .beale: [3, 0.5]
      case .quadratic: Array(repeating: 2, count: 50)
      }
    }

    /// The Hessian of Powell's function is singular at its minimum, where in two directions the function is of fourth order.
    var tolerance: Double { self == .powell ? 3e-3 : 1e-7 }

    func callAsFunction(_ x: [Double]) -> (value: Double, gradient: [Double]) {
      switch self {
      case .rosenbrock:
        let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
        return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
      case .powell:
        let (a, b, c, d) = (x[0] + 10 * x[1], x[2] - x[3], x[1] - 2 * x[2], x[0] - x[3])
        let (c3, d3) = (c * c * c, d * d * d)
        return (
          a * a + 5 * b * b + c3 * c + 10 * d3 * d,
          [2 * a + 40 * d3, 20 * a + 4 * c3, 10 * b - 8 * c3, -10 * b - 40 * d3]
        )
      case .beale:
        let powers = [x[1], x[1] * x[1], x[1] * x[1] * x[1]]
        let residuals = zip([1.5, 2.25, 2.625], powers).map { $0 - x[0] * (1 - $1) }
        return (
          residuals.reduce(0) { $0 + $1 * $1 },
          [
            zip(residuals, powers).reduce(0) { $0 - 2 * $1.0 * (1 - $1.1) },
            zip(residuals, [1, 2 * x[1], 3 * x[1] * x[1]]).reduce(0) { $0 + 2 * $1.0 * x[0] * $1.1 },
          ]
        )
      case .quadratic:
        let weights = x.indices.map { Double(1 + $0) }
        return (
          zip(weights, x).reduce(0) { $0 + $1.0 * ($1.1 - 2) * ($1.1 - 2) }, zip(weights, x).map { 2 * $0 * ($1 - 2) }
        )
      }
    }
  }

  private func search(_ valley: Valley, evaluations: Int = 1000, step: Double = 0.1) throws -> Minimum {
    try minimum(from: valley.start, initialStep: step, gradientTolerance: 1e-9, evaluations: evaluations) { valley($0) }
  }

  @Test(arguments: Valley.allCases, [1e-6, 0.1, 100])
  func knownMinima(valley: Valley, step: Double) throws {
    let found = try search(valley, step: step)
    for (a, b) in zip(found.point, valley.minimum) { #expect(abs(a - b) <= valley.tolerance) }
    #expect(found.value == valley(found.point).value && found.gradient == valley(found.point).gradient)
    #expect(found.value <= 1e-9 && found.evaluations < 1000)
  }

  /// However few evaluations, the best of them is returned, and no more are made.
  @Test(arguments: 1...40)
  func theBestOfFewEvaluations(limit: Int) throws {
    var values: [Double] = []
    let found = try minimum(from: [-1.2, 1], initialStep: 0.1, gradientTolerance: 0, evaluations: limit) { point in
      let here = Valley.rosenbrock(point)
      values.append(here.value)
      return here
    }
    #expect(values.count == limit && found.evaluations == limit && found.value == values.min())
  }

  /// At the minimum there is nothing to do.
  @Test func startAtTheMinimum() throws {
    let found = try minimum(from: [1, 1], initialStep: 0.1, gradientTolerance: 1e-9, evaluations: 100) {
      Valley.rosenbrock($0)
    }
    #expect(found.point == [1, 1] && found.value == 0 && found.gradient == [0, 0] && found.evaluations == 1)
  }

  private struct Refusal: Error, Equatable { var call: Int }

  @Test(arguments: 1...12)
  func errorsOfTheObjectivePassThrough(failing: Int) throws {
    var calls = 0
    #expect(throws: Refusal(call: failing)) {
      try minimum(from: [-1.2, 1], initialStep: 0.1, gradientTolerance: 0, evaluations: 100) { point in
        calls += 1
        if calls == failing { throw Refusal(call: calls) }
        return Valley.rosenbrock(point)
      }
    }
    #expect(calls == failing)
  }

  /// A point without a finite value ends the search with the best before it; at the start it is an error.
  @Test(arguments: [Double.nan, .infinity])
  func valuesThatAreNotFinite(value: Double) throws {
    let found = try minimum(from: [4], initialStep: 1, gradientTolerance: 0, evaluations: 100) { point in
      point[0] < 1 ? (value, [1]) : (point[0], [1])
    }
    #expect(found.point[0] >= 1 && found.point[0] < 4)
    #expect(throws: GSLError.self) {
      try minimum(from: [4], initialStep: 1, gradientTolerance: 0, evaluations: 100) { _ in (1, [value]) }
    }
  }
}

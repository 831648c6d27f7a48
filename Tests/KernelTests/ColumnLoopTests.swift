import Foundation
import GSL
import MixtureCore
import Testing

@Suite struct ColumnLoopTests {
  static let counts = [0, 8, 64, 376, 1000, 10_000]

  /// The sums run in eight lanes, each of which errs by a rounding a step: count / 8 of the absolute sum, and three for
  /// adding the lanes. One more for the product.
  private func tolerance(_ terms: [Double]) -> Double {
    (Double(terms.count) / 8 + 4) * Double.ulpOfOne * terms.reduce(0) { $0 + abs($1) }
  }

  @Test(arguments: counts)
  func sumEqualsCompensatedSum(count: Int) {
    let a = uniformNumbers(count, from: -1, to: 2, seed: 41)
    #expect(abs(VectorKernels.sum(a.span) - compensatedSum(a)) <= tolerance(a))
  }

  @Test(arguments: counts)
  func dotEqualsCompensatedSum(count: Int) {
    let a = uniformNumbers(count, from: -1, to: 2, seed: 42), b = uniformNumbers(count, from: -5, to: 5, seed: 43)
    let products = zip(a, b).map(*)
    #expect(abs(VectorKernels.dot(a.span, b.span) - compensatedSum(products)) <= tolerance(products))
  }

  @Test func wholeNumbersSumExactly() {
    let a = (1...1000).map(Double.init)
    #expect(VectorKernels.sum(a.span) == 500_500)
    #expect(VectorKernels.dot(a.span, a.span) == 333_833_500)
  }

  @Test(arguments: counts)
  func weigh(count: Int) {
    let x = uniformNumbers(count, from: -3, to: 3, seed: 44), w = uniformNumbers(count, from: 0, to: 1, seed: 45)
    var y = [Double](repeating: .nan, count: count)
    var span = y.mutableSpan
    let sum = VectorKernels.weigh(x.span, by: w.span, into: &span)
    #expect(y == zip(w, x).map(*))
    let terms = zip(w, x).map { $0 * $1 * $1 }
    #expect(abs(sum - compensatedSum(terms)) <= 2 * tolerance(terms))
  }

  @Test(arguments: counts)
  func addSquares(count: Int) {
    let x = uniformNumbers(count, from: -3, to: 3, seed: 46), before = uniformNumbers(count, from: -1, to: 1, seed: 47)
    var y = before
    var span = y.mutableSpan
    VectorKernels.addSquares(of: x.span, constant: 0.25, factor: -1.5, to: &span)
    // Four roundings of terms below 14, or fewer where multiplication and addition are fused.
    for i in 0..<count { #expect(abs(y[i] - (before[i] + (0.25 - 1.5 * x[i] * x[i]))) <= 64 * Double.ulpOfOne) }
  }

  @Test(arguments: counts)
  func scoreSquares(count: Int) {
    let x = uniformNumbers(count, from: -3, to: 3, seed: 46), before = uniformNumbers(count, from: -1, to: 1, seed: 47)
    var y = before
    var span = y.mutableSpan
    VectorKernels.scoreSquares(of: x.span, constant: 0.25, factor: -1.5, into: &span)
    // Four roundings of terms below 14, or fewer where multiplication and addition are fused.
    for i in 0..<count { #expect(abs(y[i] - (0.25 - 1.5 * (x[i] * x[i] + before[i]))) <= 64 * Double.ulpOfOne) }
  }

  @Test(arguments: counts)
  func sumOfSquaresOverPositiveNumbers(count: Int) {
    let x = uniformNumbers(count, from: -3, to: 3, seed: 53), w = uniformNumbers(count, from: 0, to: 1, seed: 54)
    let h = uniformNumbers(count, from: -1, to: 2, seed: 55)
    let terms = x.indices.map { h[$0] > 0 ? w[$0] * x[$0] * x[$0] / h[$0] : 0 }
    let sum = VectorKernels.sumOfSquares(x.span, over: h.span, weighedBy: w.span)
    #expect(abs(sum - compensatedSum(terms)) <= 4 * tolerance(terms))
  }

  @Test(arguments: counts)
  func additionsAndProducts(count: Int) {
    let a = uniformNumbers(count, from: -3, to: 3, seed: 48), b = uniformNumbers(count, from: -1, to: 1, seed: 49)
    func result(_ body: (inout MutableSpan<Double>) -> Void) -> [Double] {
      var y = b
      var span = y.mutableSpan
      body(&span)
      return y
    }
    #expect(result { VectorKernels.add(a.span, to: &$0) } == zip(a, b).map(+))
    #expect(result { VectorKernels.add(-1.25, to: &$0) } == b.map { $0 - 1.25 })
    #expect(result { VectorKernels.subtract(from: a.span, &$0) } == zip(a, b).map(-))
    #expect(result { VectorKernels.multiply(by: a.span, &$0) } == zip(a, b).map(*))
    #expect(result { VectorKernels.multiply(a.span, a.span, into: &$0) } == zip(a, a).map(*))
    #expect(result { VectorKernels.standardize(a.span, centre: 0.5, scale: 4, into: &$0) } == a.map { ($0 - 0.5) * 4 })
  }

  @Test(arguments: counts)
  func hiddenUnits(count: Int) {
    let x = uniformNumbers(count, from: -30, to: 30, seed: 51), y = uniformNumbers(count, from: -2, to: 2, seed: 52)
    func result(of start: [Double], _ body: (inout MutableSpan<Double>) -> Void) -> [Double] {
      var result = start
      withMutableSpan(of: &result, body)
      return result
    }
    let (sigmoid, tangent) = (result(of: x, VectorKernels.sigmoid), result(of: x, VectorKernels.tanh))
    let rectified = result(of: x, VectorKernels.rectify)
    #expect(rectified == x.map { max($0, 0) })
    let slopes = (
      result(of: y) { VectorKernels.multiply(bySigmoidSlopeAt: sigmoid.span, &$0) },
      result(of: y) { VectorKernels.multiply(byTanhSlopeAt: tangent.span, &$0) }
    )
    let tolerance = 4 * Double.ulpOfOne
    for i in 0..<count {
      #expect(abs(sigmoid[i] - 1 / (1 + exp(-x[i]))) <= tolerance && abs(tangent[i] - tanh(x[i])) <= tolerance)
      #expect(abs(slopes.0[i] - y[i] * exp(-abs(x[i])) / pow(1 + exp(-abs(x[i])), 2)) <= 4 * tolerance)
      #expect(abs(slopes.1[i] - y[i] / (cosh(x[i]) * cosh(x[i]))) <= 4 * tolerance)
    }
    #expect(
      result(of: y) { VectorKernels.multiply(byRectifiedSlopeAt: rectified.span, &$0) }
        == zip(x, y).map { $0 > 0 ? $1 : 0 })
  }

  @Test func hiddenUnitsFarOut() {
    let x: [Double] = [-1e300, -1000, -710, 0, 710, 1000, 1e300, 1e-9]
    var (sigmoid, tangent) = (x, x)
    withMutableSpan(of: &sigmoid, VectorKernels.sigmoid)
    withMutableSpan(of: &tangent, VectorKernels.tanh)
    #expect(sigmoid.prefix(7) == [0, 0, 0, 0.5, 1, 1, 1])
    #expect(tangent.prefix(7) == [-1, -1, -1, 0, 1, 1, 1] && abs(tangent[7] - 1e-9) <= 4 * Double.ulpOfOne)
  }

  @Test(arguments: [(0, 0), (0, 8), (3, 8), (8, 8), (13, 16), (5, 7)])
  func copyFillsUpWithZeros(count: Int, room: Int) {
    let x = uniformNumbers(count, from: 1, to: 2, seed: 50)
    var y = [Double](repeating: .nan, count: room)
    var span = y.mutableSpan
    VectorKernels.copy(x.span, into: &span)
    #expect(y == x + [Double](repeating: 0, count: room - count))
  }

  @Test func padding() {
    #expect(VectorKernels.lanes == 8)
    #expect([0, 1, 7, 8, 9, 376, 377].map(VectorKernels.padded) == [0, 8, 8, 8, 16, 376, 384])
  }
}

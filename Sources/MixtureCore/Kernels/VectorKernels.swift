import CVectorMath

/// Swift's face of `CVectorMath`: loops over columns of a tile. All counts are multiples of ``lanes``.
package enum VectorKernels {
  /// The number of elements that are processed, and summed, side by side.
  package static let lanes = Int(VECTOR_LANES)

  /// Turns each row of the column-major scores into responsibilities, and writes ln Σ_k exp(score_k) to `logSums`.
  package static func softmax(
    _ scores: inout MutableSpan<Double>, columns: Int, stride: Int, logSums: inout [Double]
  ) {
    precondition(logSums.count == stride && stride % lanes == 0 && scores.count >= columns * stride)
    scores.withUnsafeMutableBufferPointer { vector_softmax($0.baseAddress, stride, stride, columns, &logSums) }
  }

  /// The first elements of y ← x, the others ← 0; any counts will do.
  package static func copy(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
    precondition(x.count <= y.count)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        let rest = y[y.update(fromContentsOf: x)...]
        UnsafeMutableBufferPointer(rebasing: rest).update(repeating: 0)
      }
    }
  }

  /// y ← (x − centre) · scale.
  package static func standardize(
    _ x: Span<Double>, centre: Double, scale: Double, into y: inout MutableSpan<Double>
  ) {
    withPointers(x, &y) { vector_standardize($0, centre, scale, $1, $2) }
  }

  /// y ← factor · y.
  package static func scale(by factor: Double, _ y: inout MutableSpan<Double>) {
    withPointer(&y) { vector_scale(factor, $0, $1) }
  }

  /// y ← a ∘ b.
  package static func multiply(_ a: Span<Double>, _ b: Span<Double>, into y: inout MutableSpan<Double>) {
    precondition(b.count == y.count)
    b.withUnsafeBufferPointer { b in withPointers(a, &y) { vector_multiply($0, b.baseAddress, $1, $2) } }
  }

  /// y ← a ∘ y.
  package static func multiply(by a: Span<Double>, _ y: inout MutableSpan<Double>) {
    withPointers(a, &y) { vector_multiply($0, $1, $1, $2) }
  }

  /// y ← y + a.
  package static func add(_ a: Span<Double>, to y: inout MutableSpan<Double>) {
    withPointers(a, &y) { vector_add($0, $1, $2) }
  }

  /// y ← a − y.
  package static func subtract(from a: Span<Double>, _ y: inout MutableSpan<Double>) {
    withPointers(a, &y) { vector_subtract_from($0, $1, $2) }
  }

  /// y ← y + number.
  package static func add(_ number: Double, to y: inout MutableSpan<Double>) {
    withPointer(&y) { vector_shift(number, $0, $1) }
  }

  /// y ← y + constant + factor · x².
  package static func addSquares(
    of x: Span<Double>, constant: Double, factor: Double, to y: inout MutableSpan<Double>
  ) {
    withPointers(x, &y) { vector_add_squares($0, constant, factor, $1, $2) }
  }

  /// y ← constant + factor · (x² + y): the scores of normal responses, of residuals x and the variances of their means.
  package static func scoreSquares(
    of x: Span<Double>, constant: Double, factor: Double, into y: inout MutableSpan<Double>
  ) {
    withPointers(x, &y) { vector_score_squares($0, constant, factor, $1, $2) }
  }

  /// y ← w ∘ x, and returns Σ w x².
  package static func weigh(_ x: Span<Double>, by w: Span<Double>, into y: inout MutableSpan<Double>) -> Double {
    precondition(w.count == y.count)
    return w.withUnsafeBufferPointer { w in withPointers(x, &y) { vector_weigh(w.baseAddress, $0, $1, $2) } }
  }

  /// Σ w x² / h over the elements with h > 0.
  package static func sumOfSquares(_ x: Span<Double>, over h: Span<Double>, weighedBy w: Span<Double>) -> Double {
    precondition(x.count == w.count && h.count == w.count && w.count % lanes == 0)
    return w.withUnsafeBufferPointer { w in
      x.withUnsafeBufferPointer { x in
        h.withUnsafeBufferPointer { vector_sum_ratios(w.baseAddress, x.baseAddress, $0.baseAddress, w.count) }
      }
    }
  }

  /// Σ a.
  package static func sum(_ a: Span<Double>) -> Double {
    precondition(a.count % lanes == 0)
    return a.withUnsafeBufferPointer { vector_sum($0.baseAddress, $0.count) }
  }

  /// Σ a b.
  package static func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
    precondition(a.count == b.count && a.count % lanes == 0)
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { vector_dot(a.baseAddress, $0.baseAddress, $0.count) }
    }
  }

  /// exp of each element.
  package static func exp(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
    withPointers(x, &y) { vector_exp($0, $1, $2) }
  }

  /// x ← exp(x).
  package static func exp(of x: inout [Double]) {
    precondition(x.count % lanes == 0)
    x.withUnsafeMutableBufferPointer { vector_exp($0.baseAddress, $0.baseAddress, $0.count) }
  }

  /// ln of each element, all of them positive and normal.
  package static func log(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
    withPointers(x, &y) { vector_log($0, $1, $2) }
  }

  /// x ← 1 / (1 + exp(−x)).
  package static func sigmoid(of x: inout MutableSpan<Double>) { withPointer(&x, vector_sigmoid) }

  /// x ← tanh x.
  package static func tanh(of x: inout MutableSpan<Double>) { withPointer(&x, vector_tanh) }

  /// x ← max(x, 0).
  package static func rectify(_ x: inout MutableSpan<Double>) { withPointer(&x, vector_rectify) }

  /// y ← y ∘ h ∘ (1 − h): y times the slope of the sigmoid where its value is h.
  package static func multiply(bySigmoidSlopeAt h: Span<Double>, _ y: inout MutableSpan<Double>) {
    withPointers(h, &y) { vector_sigmoid_slope($0, $1, $2) }
  }

  /// y ← y ∘ (1 − h²): y times the slope of tanh where its value is h.
  package static func multiply(byTanhSlopeAt h: Span<Double>, _ y: inout MutableSpan<Double>) {
    withPointers(h, &y) { vector_tanh_slope($0, $1, $2) }
  }

  /// y ← y where h > 0, else 0: y times the slope of max(x, 0) where its value is h.
  package static func multiply(byRectifiedSlopeAt h: Span<Double>, _ y: inout MutableSpan<Double>) {
    withPointers(h, &y) { vector_rectified_slope($0, $1, $2) }
  }

  /// The smallest multiple of ``lanes`` that holds `count` elements.
  package static func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  private static func withPointer(
    _ x: inout MutableSpan<Double>, _ body: (UnsafeMutablePointer<Double>?, Int) -> Void
  ) {
    precondition(x.count % lanes == 0)
    x.withUnsafeMutableBufferPointer { body($0.baseAddress, $0.count) }
  }

  private static func withPointers<Result>(
    _ x: Span<Double>, _ y: inout MutableSpan<Double>,
    _ body: (UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int) -> Result
  ) -> Result {
    precondition(x.count == y.count && x.count % lanes == 0)
    return x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in body(x.baseAddress, y.baseAddress, y.count) }
    }
  }
}

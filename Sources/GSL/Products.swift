import CGSLSupport

/// The name of the BLAS library that computes matrix products in this process.
public let blasName = String(cString: blas_name())

/// Column-major C ← scale · op(A) op(B), or C ← C + scale · op(A) op(B) when `accumulating`, through the fastest BLAS found.
///
/// - Parameters:
///   - a: the entries of A as stored, column by column.
///   - rows: the rows of op(A) and of C.
///   - aStride: distance between the columns of A as stored.
///   - transposed: whether op transposes; op(A) has `rows` rows and `inner` columns.
///   - b: the entries of B as stored, column by column.
///   - columns: the columns of op(B) and of C.
///   - bStride: distance between the columns of B as stored.
///   - bTransposed: whether op transposes B.
///   - inner: the columns of op(A) and the rows of op(B).
///   - c: the entries of C, column by column.
///   - cStride: distance between the columns of C.
///   - scale: what the product is multiplied by.
///   - accumulating: whether the product is added to C rather than replacing it.
/// - Complexity: 2 · rows · columns · inner floating-point operations.
public func multiply(
  _ a: Span<Double>, rows: Int, stride aStride: Int, transposed: Bool,
  _ b: Span<Double>, columns: Int, stride bStride: Int, transposed bTransposed: Bool = false, inner: Int,
  into c: inout MutableSpan<Double>, stride cStride: Int, scale: Double = 1, accumulating: Bool = false
) {
  guard rows > 0 && columns > 0 else { return }
  let (aRows, aColumns) = transposed ? (inner, rows) : (rows, inner)
  precondition(aStride >= aRows && a.count >= (aColumns - 1) * aStride + aRows, "A is smaller than its shape")
  let (bRows, bColumns) = bTransposed ? (columns, inner) : (inner, columns)
  precondition(bStride >= bRows && b.count >= (bColumns - 1) * bStride + bRows, "B is smaller than its shape")
  precondition(cStride >= rows && c.count >= (columns - 1) * cStride + rows, "C is smaller than its shape")
  c.withUnsafeMutableBufferPointer { c in
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        // BLAS refuses a stride of zero, which a matrix without entries may have.
        blas_dgemm(
          transposed, bTransposed, Int32(rows), Int32(columns), Int32(inner), scale, a.baseAddress, Int32(max(aStride, 1)),
          b.baseAddress, Int32(max(bStride, 1)), accumulating ? 1 : 0, c.baseAddress, Int32(cStride))
      }
    }
  }
}

/// The same product into an array.
public func multiply(
  _ a: Span<Double>, rows: Int, stride aStride: Int, transposed: Bool,
  _ b: Span<Double>, columns: Int, stride bStride: Int, inner: Int,
  into c: inout [Double], stride cStride: Int, scale: Double = 1, accumulating: Bool = false
) {
  var span = c.mutableSpan
  multiply(
    a, rows: rows, stride: aStride, transposed: transposed, b, columns: columns, stride: bStride, inner: inner,
    into: &span, stride: cStride, scale: scale, accumulating: accumulating)
}

extension MutableSpan {
  /// Calls `body` with the elements in `range`: the one place that slices a mutable span.
  @inlinable
  package mutating func withElements<Result, Failure: Error>(
    in range: Range<Int>, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var slice = _mutatingExtracting(range)
    return try body(&slice)
  }
}

/// Calls `body` with a mutable span over the array, which may be a property of a class.
@inlinable
public func withMutableSpan<Element, Result, Failure: Error>(
  of array: inout [Element], _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
) throws(Failure) -> Result {
  var span = array.mutableSpan
  return try body(&span)
}

import Foundation
import GSL
import References
import Testing

/// A matrix of numbers uniform on [−1, 1).
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var source = RandomSource(seed: seed)
  return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in 2 * source.uniform() - 1 })
}

/// A symmetric matrix whose eigenvalues are at least one.
func positiveDefinite(_ order: Int, seed: UInt64) -> Matrix {
  let factor = randomMatrix(order, order + 2, seed: seed)
  return loopProduct(factor, factor.transposed).addingToDiagonal(1)
}

func loopProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
  var product = Matrix(rows: a.rows, columns: b.columns)
  for i in 0..<a.rows {
    for j in 0..<b.columns { for k in 0..<a.columns { product[i, j] += a[i, k] * b[k, j] } }
  }
  return product
}

@Suite struct MatrixTests {
  @Test func entriesLieRowByRow() {
    var matrix = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
    #expect(matrix[0, 2] == 3 && matrix[1, 0] == 4)
    matrix[1, 1] = -5
    #expect(matrix.elements == [1, 2, 3, 4, -5, 6])
    #expect(matrix.transposed == Matrix(rows: 3, columns: 2, elements: [1, 4, 2, -5, 3, 6]))
    #expect(matrix.diagonal == [1, -5] && matrix.trace == -4)
  }

  @Test func specialMatrices() {
    #expect(Matrix(diagonal: [2, 3]).elements == [2, 0, 0, 3])
    #expect(Matrix.identity(2, scale: 0.5).elements == [0.5, 0, 0, 0.5])
    #expect(Matrix(rows: 1, columns: 2, repeating: 7).elements == [7, 7])
    #expect(Matrix(diagonal: [2, 3]).addingToDiagonal(1).elements == [3, 0, 0, 4])
  }

  @Test func sumsAndForms() {
    let a = Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4])
    #expect((a + a.transposed).elements == [2, 5, 5, 8])
    #expect((2 * a).elements == [2, 4, 6, 8])
    #expect(a * [1, -1] == [-1, -1])
    #expect(a.quadraticForm([2, -3]) == 4 - 12 - 18 + 36)
    #expect(dot([1, 2, 3], [4, 5, 6]) == 32)
  }

  @Test func json() throws {
    let matrix = Matrix(rows: 2, columns: 3, elements: [0.1, 1 / 3.0, -0.0, 1e300, 1e-300, .pi])
    let decoded = try JSONDecoder().decode(Matrix.self, from: JSONEncoder().encode(matrix))
    #expect(decoded.elements.map(\.bitPattern) == matrix.elements.map(\.bitPattern) && decoded == matrix)
  }

  @Test(arguments: ["[1,2,3]", "[]", "[1,2,3,4,5]"])
  func jsonOfAnotherShapeIsAnError(elements: String) {
    let json = Data(#"{"rows":2,"columns":2,"elements":\#(elements)}"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Matrix.self, from: json) }
  }

  /// Sums of up to 20 products of numbers below one differ by at most 20 · 20 roundings, however they are ordered.
  static let tolerance = 400 * Double.ulpOfOne

  @Test(arguments: [1, 2, 3, 5, 8, 13, 20], [1, 2, 4, 7, 16, 19])
  func productsEqualLoops(rows: Int, inner: Int) {
    for columns in 1...20 {
      let a = randomMatrix(rows, inner, seed: 1), b = randomMatrix(inner, columns, seed: 2)
      let expected = loopProduct(a, b).elements
      let error = zip((a * b).elements, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect((a * b).rows == rows && (a * b).columns == columns && error <= Self.tolerance)
    }
  }

  @Test func productOverNothingIsZero() {
    #expect(Matrix(rows: 2, columns: 0) * Matrix(rows: 0, columns: 3) == Matrix(rows: 2, columns: 3))
    #expect(Matrix(rows: 0, columns: 2) * Matrix(rows: 2, columns: 3) == Matrix(rows: 0, columns: 3))
  }

  /// Column-major, with strides beyond the shapes: what lies between the columns must stay.
  @Test(arguments: [false, true], [false, true])
  func stridedProducts(transposed: Bool, accumulating: Bool) {
    for (rows, columns, inner) in [(1, 1, 1), (3, 2, 5), (8, 4, 16), (17, 9, 20), (20, 20, 1)] {
      let (aRows, aColumns) = transposed ? (inner, rows) : (rows, inner)
      let (aStride, bStride, cStride, scale) = (aRows + 3, inner + 1, rows + 2, -1.5)
      let a = randomMatrix(aColumns, aStride, seed: 3).elements, b = randomMatrix(columns, bStride, seed: 4).elements
      let before = randomMatrix(columns, cStride, seed: 5).elements
      var c = before
      multiply(
        a.span, rows: rows, stride: aStride, transposed: transposed, b.span, columns: columns, stride: bStride,
        inner: inner, into: &c, stride: cStride, scale: scale, accumulating: accumulating)
      for j in 0..<columns {
        for i in 0..<cStride {
          let at = j * cStride + i
          var expected = accumulating || i >= rows ? before[at] : 0
          if i < rows {
            for k in 0..<inner {
              expected += scale * (transposed ? a[i * aStride + k] : a[k * aStride + i]) * b[j * bStride + k]
            }
          }
          #expect(i < rows ? abs(c[at] - expected) <= 2 * Self.tolerance : c[at] == expected)
        }
      }
    }
  }

  @Test func overwrittenProductIgnoresWhatWasThere() {
    var c = [Double.nan, .infinity]
    multiply(
      [1, 2].span, rows: 2, stride: 2, transposed: false, [3].span, columns: 1, stride: 1, inner: 1, into: &c,
      stride: 2)
    #expect(c == [3, 6])
  }

  @Test func slices() {
    var values: [Double] = [1, 2, 3, 4]
    withMutableSpan(of: &values) { span in
      span.withElements(in: 1..<3) { slice in
        slice[0] = -2
        slice[1] = -3
      }
    }
    #expect(values == [1, -2, -3, 4])
  }

  @Test func blasHasAName() { #expect(["BLIS", "GSL CBLAS", "Accelerate"].contains(blasName)) }
}

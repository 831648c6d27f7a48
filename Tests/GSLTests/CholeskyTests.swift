import Foundation
import GSL
import References
import Testing

/// The matrices have eigenvalues from 1 to about 20, so a backward stable result is right to 1e-13.
@Suite struct CholeskyTests {
  /// Those above 48 go by blocks.
  static let orders = [1, 2, 3, 5, 8, 13, 20, 40, 49, 64, 97, 150]

  @Test(arguments: orders)
  func factorGivesTheMatrixBack(order: Int) throws {
    let matrix = positiveDefinite(order, seed: 11)
    let cholesky = try Cholesky(factorizing: matrix)
    #expect(cholesky.order == order)
    for i in 0..<order {
      #expect(cholesky.lower[i, i] > 0)
      for j in (i + 1)..<max(order, i + 1) { #expect(cholesky.lower[i, j] == 0) }
    }
    #expect(relativeError(loopProduct(cholesky.lower, cholesky.lower.transposed).elements, matrix.elements) <= 1e-14)
    #expect(relativeError(cholesky.matrix.elements, matrix.elements) <= 1e-14)
    #expect(Cholesky(lower: cholesky.lower) == cholesky)
  }

  @Test(arguments: orders, [false, true])
  func factorsTimesVectorsAndSums(order: Int, isDiagonal: Bool) throws {
    let full = positiveDefinite(order, seed: 13)
    let matrix = isDiagonal ? Matrix(diagonal: full.diagonal) : full
    let cholesky = try Cholesky(factorizing: matrix)
    let vector = (0..<order).map { sin(Double($0) + 1) }
    #expect(cholesky.isDiagonal == (isDiagonal || order == 1))
    #expect(relativeError(cholesky.colouring(vector), cholesky.lower * vector) <= 1e-15)
    #expect(relativeError(cholesky.whitening(vector), cholesky.lower.transposed * vector) <= 1e-14)
    #expect(relativeError((cholesky + full).elements, (matrix + full).elements) <= 1e-14)
  }

  /// Also where entries of the inverse lie beyond the range of numbers.
  @Test(arguments: [1, 0x1p150, 0x1p-300, 0x1p500, 0x1p-500], [false, true])
  func inverseInUnitsIsTheInverse(scale: Double, isDiagonal: Bool) throws {
    let full = positiveDefinite(7, seed: 14)
    let cholesky = try Cholesky(factorizing: isDiagonal ? Matrix(diagonal: full.diagonal) : full)
    var factor = cholesky.lower
    for j in 0...3 { factor[3, j] *= scale }
    let expected = cholesky.inverse
    let (inverse, units) = Cholesky(lower: factor).inverseInUnits
    for i in 0..<7 {
      for j in 0..<7 {
        let (unit, other) = (units[i] / (i == 3 ? scale : 1), units[j] / (j == 3 ? scale : 1))
        #expect(abs(inverse[i, j] / unit / other - expected[i, j]) <= 1e-14, "entry \(i), \(j)")
      }
    }
  }

  @Test func knownFactor() throws {
    let cholesky = try Cholesky(
      factorizing: Matrix(rows: 3, columns: 3, elements: [4, 12, -16, 12, 37, -43, -16, -43, 98]))
    #expect(cholesky.lower.elements == [2, 0, 0, 6, 1, 0, -8, 5, 3])
  }

  @Test func onlyTheLowerTriangleIsRead() throws {
    let disturbed = Matrix(rows: 2, columns: 2, elements: [4, .nan, 2, 5])
    #expect(try Cholesky(factorizing: disturbed).lower.elements == [2, 0, 1, 2])
  }

  @Test(arguments: orders)
  func inverse(order: Int) throws {
    let matrix = positiveDefinite(order, seed: 12)
    let inverse = try Cholesky(factorizing: matrix).inverse
    #expect(inverse == inverse.transposed, "exactly symmetric")
    #expect(relativeError(loopProduct(matrix, inverse).elements, Matrix.identity(order).elements) <= 1e-13)
  }

  @Test(arguments: orders)
  func logDeterminantIsThatOfTheEigenvalues(order: Int) throws {
    let matrix = positiveDefinite(order, seed: 13)
    let expected = try SymmetricEigen(matrix).values.reduce(0) { $0 + log($1) }
    #expect(relativeError(try Cholesky(factorizing: matrix).logDeterminant, expected) <= 1e-13)
  }

  @Test(arguments: orders)
  func solutions(order: Int) throws {
    let matrix = positiveDefinite(order, seed: 14)
    let cholesky = try Cholesky(factorizing: matrix)
    let b = randomMatrix(1, order, seed: 15).elements
    #expect(relativeError(matrix * cholesky.solve(b), b) <= 1e-13)
    #expect(relativeError(cholesky.lower.transposed * cholesky.solveTransposed(b), b) <= 1e-13)
  }

  @Test(arguments: orders)
  func formsAndTraces(order: Int) throws {
    let matrix = positiveDefinite(order, seed: 16)
    let cholesky = try Cholesky(factorizing: matrix)
    let v = randomMatrix(1, order, seed: 17).elements
    #expect(relativeError(cholesky.quadraticForm(v), matrix.quadraticForm(v)) <= 1e-13)
    let b = positiveDefinite(order, seed: 18)
    #expect(relativeError(cholesky.traceOfProduct(with: b), loopProduct(matrix, b).trace) <= 1e-13)
  }

  /// Orders that are no multiple of the blocks.
  @Test(arguments: [60, 131, 257])
  func notPositiveDefiniteByBlocks(order: Int) throws {
    for place in [0, order / 2, order - 1] {
      var matrix = positiveDefinite(order, seed: 19)
      matrix[place, place] = -1
      #expect(throws: GSLError.self) { try Cholesky(factorizing: matrix) }
      matrix[place, place] = .nan
      #expect(throws: GSLError.self) { try Cholesky(factorizing: matrix) }
    }
  }

  /// No product is formed of a diagonal matrix, whatever stands above its diagonal.
  @Test func diagonalMatrices() throws {
    var matrix = Matrix(diagonal: [4, 9, 1e-300])
    matrix[0, 2] = .nan
    let cholesky = try Cholesky(factorizing: matrix)
    #expect(cholesky.lower.elements == [2, 0, 0, 0, 3, 0, 0, 0, 1e-150])
    #expect(relativeError(cholesky.matrix.diagonal, [4, 9, 1e-300]) <= 1e-15)
    #expect(zip(cholesky.inverse.diagonal, [0.25, 1 / 9, 1e300]).allSatisfy { abs($0 / $1 - 1) <= 1e-15 })
    #expect(throws: GSLError.self) { try Cholesky(factorizing: Matrix(diagonal: [1, -1])) }
    #expect(throws: GSLError.self) { try Cholesky(factorizing: Matrix(diagonal: [1, .nan])) }
    #expect(throws: GSLError.self) { try Cholesky(factorizing: Matrix(diagonal: [1, .infinity])) }
  }

  @Test func multiplesOfTheIdentity() {
    let cholesky = Cholesky(identity: 3, scale: 4)
    #expect(cholesky.lower == .identity(3, scale: 2))
    #expect(cholesky.inverse == .identity(3, scale: 0.25))
    #expect(relativeError(cholesky.logDeterminant, 3 * log(4)) <= 1e-15)
  }

  @Test func emptyMatrix() throws {
    let cholesky = try Cholesky(factorizing: Matrix(rows: 0, columns: 0))
    #expect(cholesky.logDeterminant == 0 && cholesky.solve([]) == [] && cholesky.inverse.elements == [])
  }

  @Test func illConditionedMatrixStillGivesItselfBack() throws {
    // Hilbert's matrix of order 8, of condition 1.5e10: the factor is backward stable all the same.
    var hilbert = Matrix(rows: 8, columns: 8)
    for i in 0..<8 { for j in 0..<8 { hilbert[i, j] = 1 / Double(i + j + 1) } }
    #expect(relativeError(try Cholesky(factorizing: hilbert).matrix.elements, hilbert.elements) <= 1e-15)
  }
}

@Suite struct SymmetricEigenTests {
  @Test(arguments: [1, 2, 3, 5, 8, 13, 20, 40])
  func decomposition(order: Int) throws {
    // Indefinite, so that the order of the values is by sign, not by size.
    let root = randomMatrix(order, order, seed: 21)
    let matrix = root + root.transposed
    let eigen = try SymmetricEigen(matrix)
    #expect(eigen.values.count == order && eigen.values == eigen.values.sorted())
    let (left, right) = (loopProduct(matrix, eigen.vectors), loopProduct(eigen.vectors, Matrix(diagonal: eigen.values)))
    #expect(relativeError(left.elements, right.elements) <= 1e-13)
    let gram = loopProduct(eigen.vectors.transposed, eigen.vectors)
    #expect(relativeError(gram.elements, Matrix.identity(order).elements) <= 1e-13)
    #expect(abs(eigen.values.reduce(0, +) - matrix.trace) <= 1e-13 * Double(order))
  }

  @Test func knownValues() throws {
    let eigen = try SymmetricEigen(Matrix(rows: 2, columns: 2, elements: [2, 1, 1, 2]))
    #expect(relativeError(eigen.values, [1, 3]) <= 1e-15)
    #expect(try SymmetricEigen(Matrix(diagonal: [3, -1, 2])).values == [-1, 2, 3])
    #expect(try SymmetricEigen(.identity(4, scale: 5)).values == [5, 5, 5, 5])
  }

  @Test func onlyTheLowerTriangleIsRead() throws {
    let eigen = try SymmetricEigen(Matrix(rows: 2, columns: 2, elements: [2, 77, 1, 2]))
    #expect(relativeError(eigen.values, [1, 3]) <= 1e-15)
  }
}

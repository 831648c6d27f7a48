/// A dense matrix of doubles, stored row by row as GSL does.
public struct Matrix: Sendable, Codable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The entries, row by row: `rows` × `columns` of them.
  public var elements: [Double]

  /// A matrix from its entries, row by row.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "\(rows) × \(columns) entries expected, \(elements.count) given")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix with every entry equal to `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// The square matrix with `diagonal` on its diagonal and zeros elsewhere.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for (i, value) in diagonal.enumerated() { self[i, i] = value }
  }

  /// `scale` times the identity of the given order.
  public static func identity(_ order: Int, scale: Double = 1) -> Matrix {
    Matrix(diagonal: Array(repeating: scale, count: order))
  }

  /// The entry in row `i` and column `j`.
  @inlinable
  public subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  /// The entries of row `i`.
  public func row(_ i: Int) -> [Double] { Array(elements[(i * columns)..<((i + 1) * columns)]) }

  /// The diagonal entries.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The sum of the diagonal entries.
  public var trace: Double { diagonal.reduce(0, +) }

  /// The transposed matrix.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }

  /// The matrix with `value` added to every diagonal entry.
  public func addingToDiagonal(_ value: Double) -> Matrix {
    var result = self
    for i in 0..<min(rows, columns) { result[i, i] += value }
    return result
  }

  /// The rows and columns of the given indices.
  public func restricted(to indices: [Int]) -> Matrix {
    if rows == columns && indices.elementsEqual(0..<rows) { return self }
    var result = Matrix(rows: indices.count, columns: indices.count)
    for (a, i) in indices.enumerated() { for (b, j) in indices.enumerated() { result[a, b] = self[i, j] } }
    return result
  }

  /// D A D with D = diag(`factors`).
  public func scaled(by factors: [Double]) -> Matrix {
    var result = self
    for i in 0..<rows { for j in 0..<columns { result[i, j] = factors[i] * self[i, j] * factors[j] } }
    return result
  }

  /// The matrix of the given order with these rows and columns at the given indices, and zeros elsewhere.
  public func placed(at indices: [Int], order: Int) -> Matrix {
    if indices.elementsEqual(0..<order) { return self }
    var result = Matrix(rows: order, columns: order)
    for (a, i) in indices.enumerated() { for (b, j) in indices.enumerated() { result[i, j] = self[a, b] } }
    return result
  }

  /// The quadratic form vᵀ A v.
  public func quadraticForm(_ v: [Double]) -> Double { dot(v, self * v) }

  /// Entrywise sum.
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "matrices of equal shape expected")
    var sum = a
    for i in sum.elements.indices { sum.elements[i] += b.elements[i] }
    return sum
  }

  /// Scalar multiple.
  public static func * (scale: Double, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { scale * $0 })
  }

  /// Matrix product, through BLAS.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "inner dimensions must agree")
    // Row by row is the transpose of column by column, and (AB)ᵀ = BᵀAᵀ.
    var product = Matrix(rows: a.rows, columns: b.columns)
    multiply(
      b.elements.span, rows: b.columns, stride: b.columns, transposed: false,
      a.elements.span, columns: a.rows, stride: a.columns, inner: a.columns,
      into: &product.elements, stride: b.columns)
    return product
  }

  /// Matrix–vector product.
  public static func * (a: Matrix, v: [Double]) -> [Double] {
    precondition(a.columns == v.count, "inner dimensions must agree")
    let (entries, factors) = (a.elements.span, v.span)
    return (0..<a.rows).map { i in
      var sum = 0.0
      let start = i * a.columns
      for j in 0..<a.columns { sum += entries[start + j] * factors[j] }
      return sum
    }
  }
}

extension Matrix {
  private enum CodingKeys: CodingKey { case rows, columns, elements }

  /// Decodes the shape and as many entries as belong to it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let rows = try container.decode(Int.self, forKey: .rows)
    let columns = try container.decode(Int.self, forKey: .columns)
    let elements = try container.decode([Double].self, forKey: .elements)
    let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns >= 0, !overflows, elements.count == count else {
      throw DecodingError.dataCorruptedError(
        forKey: .elements, in: container, debugDescription: "\(elements.count) entries of a \(rows) × \(columns) matrix")
    }
    self.init(rows: rows, columns: columns, elements: elements)
  }
}

/// The inner product Σ aᵢ bᵢ.
package func dot(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "vectors of equal length expected")
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

/// Symmetric matrices from half of their entries.
extension Matrix {
  /// The number of pairs a ≤ b of `order` numbers, d (d + 1) / 2: the different entries of a symmetric matrix.
  package static func pairCount(_ order: Int) -> Int { order * (order + 1) / 2 }

  /// The place of the pair (a, b), a ≤ b, in the order (0, 0), (0, 1), …, (0, d − 1), (1, 1), ….
  package static func pairIndex(_ a: Int, _ b: Int, order: Int) -> Int { a * order - a * (a - 1) / 2 + b - a }

  /// The symmetric matrix whose entries a ≤ b stand in `pairs` from `start` on, in the order (0, 0), (0, 1), …, (0, d − 1), (1, 1), ….
  package init(pairs: Span<Double>, from start: Int, order: Int) {
    self.init(rows: order, columns: order)
    var next = start
    for a in 0..<order {
      for b in a..<order {
        (self[a, b], self[b, a]) = (pairs[next], pairs[next])
        next += 1
      }
    }
  }

  /// The entries a ≤ b of a symmetric matrix, in that order.
  package var pairs: [Double] { (0..<rows).flatMap { a in (a..<rows).map { self[a, $0] } } }

  /// factor · C_ab for the pairs a ≤ b, twice where a < b: the products x_a x_b times these add up to factor · xᵀC x.
  package func pairsOfQuadraticForm(times factor: Double = 1) -> [Double] {
    var pairs: [Double] = []
    pairs.reserveCapacity(Self.pairCount(rows))
    for a in 0..<rows {
      for b in a..<rows { pairs.append(factor * self[a, b] * (a == b ? 1 : 2)) }
    }
    return pairs
  }

  /// The symmetric matrix whose entry (a, b) with a ≥ b is `entry(a, b)`.
  package init(symmetricOfOrder order: Int, entry: (_ a: Int, _ b: Int) -> Double) {
    self.init(rows: order, columns: order)
    for a in 0..<order {
      for b in 0...a {
        let value = entry(a, b)
        (self[a, b], self[b, a]) = (value, value)
      }
    }
  }
}

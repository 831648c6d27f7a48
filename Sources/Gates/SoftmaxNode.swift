import GSL
import MixtureCore

/// One softmax over J children given the features, π_j(x) ∝ exp(m_jᵀ x): the whole of a softmax gate, or a branch of a tree of them.
///
/// What is maximised over M = (m_1 … m_J), with r_ij the responsibilities of the children (weights included) and r_i = Σ_j r_ij, is
/// G(M) = Σ_i [Σ_j r_ij ψ_ij − r_i ln Σ_j exp ψ_ij] − ½ λ ‖M‖², ψ_i = Mᵀ x_i.
///
/// The Hessian of ln Σ exp ψ is nowhere above A = ½ (I − 11ᵀ/J) (Böhning 1992), so that the quadratic with that curvature touches G
/// at the current M and is nowhere above it. Where Σ_j m_j = 0, as it is from the start, its maximum is M = B⁻¹ s with
/// B = ½ Σ_i r_i x_i x_iᵀ + λ I and s_j = Σ_i x_i (r_ij − r_i π_ij + ½ r_i ψ_ij). Both are sums over the rows, and the update follows
/// from them alone.
///
/// Features are standardised, M is in their units, and the penalty is of M.
public struct SoftmaxNode: Sendable, Codable, Equatable {
  /// The number of children, J.
  public private(set) var childCount: Int
  /// The number of columns of the design, d.
  public private(set) var dimension: Int
  /// The penalty λ.
  public let penalty: Double
  /// M, d numbers for each child.
  public internal(set) var coefficients: [Double]

  /// How much of the mean curvature is added to it, so that it can be inverted whatever the features: a shorter step, to the same end.
  private static let ridge = 1e-10

  /// A node with equal weights.
  public init(childCount: Int, dimension: Int, penalty: Double) {
    self.childCount = childCount
    self.dimension = dimension
    self.penalty = penalty
    coefficients = Array(repeating: 0, count: dimension * childCount)
  }

  /// Keeps the children of the given numbers, in that order. What they have in common is taken off their coefficients, for it changes no
  /// weight and only the penalty; a child that is new, nil, has coefficients of zero then.
  public mutating func select(_ children: [Int?]) {
    let kept = children.compactMap(\.self)
    let common = (0..<dimension).map { j in
      kept.reduce(0) { $0 + coefficients[$1 * dimension + j] } / Double(max(kept.count, 1))
    }
    coefficients = children.flatMap { child in
      (0..<dimension).map { j in child.map { coefficients[$0 * dimension + j] - common[j] } ?? 0 }
    }
    childCount = children.count
  }

  /// Writes ln π_j of each assignment, child j into column j.
  public func logWeights(_ tile: Tile, _ design: TileDesign, into scores: inout MutableSpan<Double>) {
    design.multiply(by: coefficients.span, columns: childCount, into: &scores)
    normalizeLogWeights(&scores, columns: childCount, tile)
  }

  /// d (d + 1) / 2 + d · J: Σ r_i x_i x_iᵀ as `TileDesign` orders its pairs, then s for each child.
  public var statisticsCount: Int { pairCount + dimension * childCount }

  /// Adds the sums, given the responsibilities r_ij, child j in column j.
  public func accumulate(
    _ tile: Tile, _ design: TileDesign, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>
  ) {
    let count = childCount * tile.capacity
    var linear = [Double](repeating: 0, count: count)
    withMutableSpan(of: &linear) { design.multiply(by: coefficients.span, columns: childCount, into: &$0) }
    var weights = linear
    var logSums = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &weights) {
      VectorKernels.softmax(&$0, columns: childCount, stride: tile.capacity, logSums: &logSums)
    }
    var total = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &total) { total in
      for j in 0..<childCount { VectorKernels.add(responsibilities.extracting(tile.column(j)), to: &total) }
    }
    for j in 0..<childCount {
      let start = j * tile.capacity
      for i in total.indices {
        linear[start + i] = responsibilities[start + i] + total[i] * (0.5 * linear[start + i] - weights[start + i])
      }
    }
    let pairCount = pairCount
    statistics.withElements(in: 0..<pairCount) {
      design.accumulatePairs(weighedBy: total.span, columns: 1, into: &$0, stride: pairCount)
    }
    statistics.withElements(in: pairCount..<statisticsCount) {
      design.accumulate(weighedBy: linear.span, columns: childCount, into: &$0, stride: dimension)
    }
  }

  /// M ← B⁻¹ s, written as a step along the gradient: it does not lower G.
  ///
  /// - Throws: `GSLError` if the sums are not finite.
  public mutating func update(_ statistics: Span<Double>) throws(GSLError) {
    let curvature = curvature(statistics)
    let gradient = gradient(statistics, curvature)
    let ridge = max(Self.ridge * curvature.trace / Double(dimension), .leastNormalMagnitude)
    let factor = try Cholesky(curvature.addingToDiagonal(ridge))
    for j in 0..<childCount {
      let slice = (j * dimension)..<((j + 1) * dimension)
      for (index, step) in zip(slice, factor.solve(Array(gradient[slice]))) { coefficients[index] += step }
    }
  }

  /// ½ λ ‖M‖²: what the node takes from the bound.
  public var penaltyTerm: Double { 0.5 * penalty * dot(coefficients, coefficients) }

  /// The coefficients of each child in the units of the data, the intercept first where there is one. Only differences between children
  /// matter to the weights.
  public func coefficients(_ standardization: Standardization) -> [[Double]] {
    (0..<childCount).map { child in
      standardization.original(Array(coefficients[(child * dimension)..<((child + 1) * dimension)]))
    }
  }
}

extension SoftmaxNode {
  private var pairCount: Int { dimension * (dimension + 1) / 2 }

  /// B = ½ Σ r_i x_i x_iᵀ + λ I.
  private func curvature(_ statistics: Span<Double>) -> Matrix {
    var curvature = Matrix(rows: dimension, columns: dimension)
    var pair = 0
    for a in 0..<dimension {
      for b in a..<dimension {
        curvature[a, b] = 0.5 * statistics[pair]
        curvature[b, a] = curvature[a, b]
        pair += 1
      }
    }
    return curvature.addingToDiagonal(penalty)
  }

  /// ∂G/∂M = s − B M, given the sums under the current M.
  func gradient(_ statistics: Span<Double>) -> [Double] { gradient(statistics, curvature(statistics)) }

  private func gradient(_ statistics: Span<Double>, _ curvature: Matrix) -> [Double] {
    (0..<childCount).flatMap { child in
      let start = child * dimension
      let product = curvature * Array(coefficients[start..<(start + dimension)])
      return (0..<dimension).map { statistics[pairCount + start + $0] - product[$0] }
    }
  }
}

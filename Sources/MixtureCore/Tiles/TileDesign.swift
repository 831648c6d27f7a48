import GSL

/// Columns derived from a tile: its features standardised (after a column of ones, if there is an intercept), and their pairwise
/// products. With them, sums over rows are two skinny matrix products.
///
/// The pairwise products x_a x_b with a ≤ b come in the order (0,0), (0,1), …, (0,d−1), (1,1), …: d (d + 1) / 2 columns. Of many
/// features they would not fit into any cache, nor of very many into memory; sums over them are then products of the design with
/// itself, column of C by column.
public final class TileDesign {
  /// How the features were standardised.
  public let standardization: Standardization
  /// The number of columns of the design, d.
  public var dimension: Int { standardization.dimension }
  /// The number of pairwise products, d (d + 1) / 2.
  public var pairCount: Int { Matrix.pairCount(dimension) }

  private let capacity: Int
  private var columns: [Double]
  private var pairs: [Double]
  private var scratch: [Double] = []
  private var scratchMatrices: [[Double]] = []
  private var isStale = true
  private var pairsAreStale = true
  private var weighted: [Double] = []
  private var block: [Double] = []

  /// Up to how many columns pairwise products are formed.
  static let mostColumnsWithPairs = 64
  /// How many columns of the design are multiplied by the others at once.
  private static let blockWidth = 48

  init(_ standardization: Standardization, capacity: Int) {
    self.standardization = standardization
    self.capacity = capacity
    let dimension = standardization.dimension
    columns = Array(repeating: 1, count: dimension * capacity)
    let pairCount = dimension <= Self.mostColumnsWithPairs ? Matrix.pairCount(dimension) : 0
    pairs = Array(repeating: 0, count: pairCount * capacity)
  }

  /// products ← P C, with one row per row of the tile, P the pairwise products and C with one column a product.
  public func multiplyPairs(
    by coefficients: Span<Double>, columns count: Int, into products: inout MutableSpan<Double>
  ) {
    guard dimension <= Self.mostColumnsWithPairs else {
      for k in 0..<count {
        products.withElements(in: column(k)) {
          multiplyProducts(by: coefficients.extracting((k * pairCount)..<((k + 1) * pairCount)), into: &$0)
        }
      }
      return
    }
    bringPairsUpToDate()
    let pairs = pairs
    GSL.multiply(
      pairs.span, rows: capacity, stride: capacity, transposed: false, coefficients, columns: count, stride: pairCount,
      inner: pairCount, into: &products, stride: capacity)
  }

  /// products ← X M, with X the design and M with one column a product.
  public func multiply(by means: Span<Double>, columns count: Int, into products: inout MutableSpan<Double>) {
    let columns = columns
    GSL.multiply(
      columns.span, rows: capacity, stride: capacity, transposed: false, means, columns: count, stride: dimension,
      inner: dimension, into: &products, stride: capacity)
  }

  /// products ← the columns of the design, each multiplied by `values` element by element.
  public func multiplyColumns(by values: Span<Double>, into products: inout MutableSpan<Double>) {
    let columns = columns
    for j in 0..<dimension {
      products.withElements(in: column(j)) {
        VectorKernels.multiply(columns.span.extracting(column(j)), values, into: &$0)
      }
    }
  }

  /// sums ← sums + Pᵀ R, with P the pairwise products and the columns of the sums `stride` apart.
  public func accumulatePairs(
    weighedBy responsibilities: Span<Double>, columns count: Int, into sums: inout MutableSpan<Double>, stride: Int
  ) {
    guard dimension <= Self.mostColumnsWithPairs else {
      for k in 0..<count {
        sums.withElements(in: (k * stride)..<(k * stride + pairCount)) {
          accumulateProducts(weighedBy: responsibilities.extracting(column(k)), into: &$0)
        }
      }
      return
    }
    bringPairsUpToDate()
    let pairs = pairs
    GSL.multiply(
      pairs.span, rows: pairCount, stride: capacity, transposed: true, responsibilities, columns: count,
      stride: capacity, inner: capacity, into: &sums, stride: stride, accumulating: true)
  }

  /// sums ← sums + Xᵀ V, with X the design and the columns of the sums `stride` apart.
  public func accumulate(
    weighedBy values: Span<Double>, columns count: Int, into sums: inout MutableSpan<Double>, stride: Int
  ) {
    let columns = columns
    GSL.multiply(
      columns.span, rows: dimension, stride: capacity, transposed: true, values, columns: count, stride: capacity,
      inner: capacity, into: &sums, stride: stride, accumulating: true)
  }

  /// Calls `body` with room for `count` columns, whose contents are left over from before.
  public func withScratch(columns count: Int, _ body: (inout MutableSpan<Double>) -> Void) {
    if scratch.count < count * capacity { scratch = Array(repeating: 0, count: count * capacity) }
    withMutableSpan(of: &scratch, body)
  }

  /// Calls `body` with room for several matrices, of the given numbers of columns at least: one can be read while another is written.
  /// Their contents are left over from before.
  public func withScratch(matrices columnCounts: [Int], _ body: (inout [[Double]]) -> Void) {
    while scratchMatrices.count < columnCounts.count { scratchMatrices.append([]) }
    for (index, count) in columnCounts.enumerated() where scratchMatrices[index].count < count * capacity {
      scratchMatrices[index] = Array(repeating: 0, count: count * capacity)
    }
    body(&scratchMatrices)
  }

  func markStale() {
    (isStale, pairsAreStale) = (true, true)
  }

  func bringUpToDate(features: [Double]) {
    guard isStale else { return }
    isStale = false
    let intercept = standardization.hasIntercept ? 1 : 0
    withMutableSpan(of: &columns) { columns in
      for j in standardization.centres.indices {
        columns.withElements(in: column(j + intercept)) {
          VectorKernels.standardize(
            features.span.extracting(column(j)), centre: standardization.centres[j],
            scale: 1 / standardization.scales[j], into: &$0)
        }
      }
    }
  }

  /// products ← Σ_a x_a Σ_(b≥a) c_ab x_b, the pairwise products times one column C.
  private func multiplyProducts(by coefficients: Span<Double>, into products: inout MutableSpan<Double>) {
    let columns = columns
    var (sums, factors) = (room(&weighted, Self.blockWidth * capacity), room(&block, Self.blockWidth * dimension))
    for i in products.indices { products[i] = 0 }
    for first in Swift.stride(from: 0, to: dimension, by: Self.blockWidth) {
      let (width, length) = (min(Self.blockWidth, dimension - first), dimension - first)
      // The coefficients c_ab of the block's a, with zeros where b < a.
      for a in 0..<width {
        let start = pair(first + a)
        for b in 0..<a { factors[a * length + b] = 0 }
        for b in a..<length { factors[a * length + b] = coefficients[start + b - a] }
      }
      GSL.multiply(
        columns.span.extracting(first * capacity..<columns.count), rows: capacity, stride: capacity, transposed: false,
        factors.span, columns: width, stride: length, inner: length, into: &sums, stride: capacity)
      withMutableSpan(of: &sums) { sums in
        for a in 0..<width {
          sums.withElements(in: column(a)) {
            VectorKernels.multiply(by: columns.span.extracting(column(first + a)), &$0)
          }
        }
      }
      for a in 0..<width { VectorKernels.add(sums.span.extracting(column(a)), to: &products) }
    }
    (weighted, block) = (sums, factors)
  }

  /// sums ← sums + Σ_i r_i x_ia x_ib for all a ≤ b, the pairwise products times one column of responsibilities.
  private func accumulateProducts(weighedBy responsibilities: Span<Double>, into sums: inout MutableSpan<Double>) {
    let columns = columns
    var (weights, products) = (room(&weighted, Self.blockWidth * capacity), room(&block, Self.blockWidth * dimension))
    for first in Swift.stride(from: 0, to: dimension, by: Self.blockWidth) {
      let (width, length) = (min(Self.blockWidth, dimension - first), dimension - first)
      withMutableSpan(of: &weights) { weights in
        for a in 0..<width {
          weights.withElements(in: column(a)) {
            VectorKernels.multiply(columns.span.extracting(column(first + a)), responsibilities, into: &$0)
          }
        }
      }
      GSL.multiply(
        columns.span.extracting(first * capacity..<columns.count), rows: length, stride: capacity, transposed: true,
        weights.span, columns: width, stride: capacity, inner: capacity, into: &products, stride: length)
      for a in 0..<width {
        let start = pair(first + a)
        for b in a..<length { sums[start + b - a] += products[a * length + b] }
      }
    }
    (weighted, block) = (weights, products)
  }

  /// The number of the product of column `a` with itself.
  private func pair(_ a: Int) -> Int { Matrix.pairIndex(a, a, order: dimension) }

  /// Takes an array of at least `count` numbers out of its place, where it is put back after use.
  private func room(_ place: inout [Double], _ count: Int) -> [Double] {
    var taken: [Double] = []
    swap(&taken, &place)
    return taken.count >= count ? taken : [Double](repeating: 0, count: count)
  }

  /// Point estimates need no pairwise products.
  private func bringPairsUpToDate() {
    guard pairsAreStale else { return }
    pairsAreStale = false
    let columns = columns
    withMutableSpan(of: &pairs) { pairs in
      var pair = 0
      for a in 0..<dimension {
        for b in a..<dimension {
          pairs.withElements(in: column(pair)) {
            VectorKernels.multiply(
              columns.span.extracting(column(a)), columns.span.extracting(column(b)), into: &$0)
          }
          pair += 1
        }
      }
    }
  }

  private func column(_ index: Int) -> Range<Int> { (index * capacity)..<((index + 1) * capacity) }
}

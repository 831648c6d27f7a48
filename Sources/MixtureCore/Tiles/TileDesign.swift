import GSL

/// Columns derived from a tile: its features standardised (after a column of ones, if there is an intercept), their
/// pairwise products, and the response less any offset, centred. With them, sums over rows are two skinny matrix products.
///
/// The pairwise products x_a x_b with a ≤ b come in the order (0,0), (0,1), …, (0,d−1), (1,1), …: d (d + 1) / 2 columns.
public final class TileDesign {
  /// How the features were standardised.
  public let standardization: Standardization
  /// The number of columns of the design, d.
  public var dimension: Int { standardization.dimension }
  /// The number of pairwise products, d (d + 1) / 2.
  public var pairCount: Int { dimension * (dimension + 1) / 2 }

  private let capacity: Int
  private var columns: [Double]
  private var pairs: [Double]
  private var response: [Double]
  private var residuals: [Double] = []
  private var residualMeans: [Double]?
  private var scratch: [Double] = []
  private var isStale = true

  init(_ standardization: Standardization, capacity: Int) {
    self.standardization = standardization
    self.capacity = capacity
    let dimension = standardization.dimension
    columns = Array(repeating: 1, count: dimension * capacity)
    pairs = Array(repeating: 0, count: dimension * (dimension + 1) / 2 * capacity)
    response = Array(repeating: 0, count: capacity)
  }

  /// products ← P C, with one row per row of the tile, P the pairwise products and C with one column a product.
  public func multiplyPairs(
    by coefficients: Span<Double>, columns count: Int, into products: inout MutableSpan<Double>
  ) {
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

  /// sums ← sums + Pᵀ R, with P the pairwise products and the columns of the sums `stride` apart.
  public func accumulatePairs(
    weighedBy responsibilities: Span<Double>, columns count: Int, into sums: inout MutableSpan<Double>, stride: Int
  ) {
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

  /// The residuals y − o − X M, o being the offset if there is one: one column per column of M. Computed once a tile for the same means.
  public func residuals(ofMeans means: [Double], columns count: Int) -> [Double] {
    guard residualMeans != means else { return residuals }
    if residuals.count < count * capacity { residuals = Array(repeating: 0, count: count * capacity) }
    let response = response
    withMutableSpan(of: &residuals) { residuals in
      multiply(by: means.span, columns: count, into: &residuals)
      for k in 0..<count {
        residuals.withElements(in: (k * capacity)..<((k + 1) * capacity)) {
          VectorKernels.subtract(from: response.span, &$0)
        }
      }
    }
    residualMeans = means
    return residuals
  }

  /// Calls `body` with room for `count` columns, whose contents are left over from before.
  public func withScratch(columns count: Int, _ body: (inout MutableSpan<Double>) -> Void) {
    if scratch.count < count * capacity { scratch = Array(repeating: 0, count: count * capacity) }
    withMutableSpan(of: &scratch, body)
  }

  func markStale() {
    isStale = true
    residualMeans = nil
  }

  func bringUpToDate(with tile: Tile) {
    guard isStale else { return }
    isStale = false
    let intercept = standardization.hasIntercept ? 1 : 0
    let features = tile.features
    withMutableSpan(of: &columns) { columns in
      for j in 0..<tile.featureCount {
        columns.withElements(in: tile.column(j + intercept)) {
          VectorKernels.standardize(
            features.span.extracting(tile.column(j)), centre: standardization.centres[j],
            scale: 1 / standardization.scales[j], into: &$0)
        }
      }
    }
    let columns = columns
    withMutableSpan(of: &pairs) { pairs in
      var pair = 0
      for a in 0..<dimension {
        for b in a..<dimension {
          pairs.withElements(in: tile.column(pair)) {
            VectorKernels.multiply(
              columns.span.extracting(tile.column(a)), columns.span.extracting(tile.column(b)), into: &$0)
          }
          pair += 1
        }
      }
    }
    let explained = tile.responseLessOffset
    withMutableSpan(of: &response) {
      VectorKernels.standardize(explained.span, centre: standardization.responseCentre, scale: 1, into: &$0)
    }
  }
}

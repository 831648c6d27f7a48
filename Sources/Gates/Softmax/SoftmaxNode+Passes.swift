import GSL
import MixtureCore

// What happens in a pass: logarithms of weights, and sums over the assignments of a tile.

extension SoftmaxNode {
  /// Writes ln softmax(Mᵀx)_j of each assignment, child j into column j; with scales κ_i, ln softmax(κ_i Mᵀx_i)_j.
  ///
  /// - Parameters:
  ///   - tile: the rows.
  ///   - design: the tile's columns, d of them: `Tile.gateDesign(_:)`.
  ///   - scales: κ_i, one an assignment; nil for ones.
  ///   - scores: J columns of the tile's capacity.
  public func logWeights(
    _ tile: Tile, design: TileDesign, scales: [Double]? = nil, into scores: inout MutableSpan<Double>
  ) {
    design.multiply(by: coefficients.span, columns: childCount, into: &scores)
    if let scales {
      for j in 0..<childCount {
        scores.withElements(in: tile.column(j)) { VectorKernels.multiply(by: scales.span, &$0) }
      }
    }
    normalizeLogWeights(&scores, columns: childCount, tile)
  }

  /// How many sums a pass makes for an update.
  public var statisticsCount: Int { SoftmaxSums.Layout(childCount, dimension).count }

  /// Adds the sums of a pass at ψ = Mᵀx, from which an update finds gradient and curvature of G.
  ///
  /// - Parameters:
  ///   - tile: the rows.
  ///   - design: the tile's columns, d of them.
  ///   - responsibilities: r_ij, child j in column j, row weights included.
  ///   - weights: w_i = Σ_j r_ij.
  ///   - statistics: ``statisticsCount`` sums.
  /// - Complexity: O(rows · d² · J²) up to a few dozen coefficients, O(rows · d² + rows · d · J) above.
  public func accumulate(
    _ tile: Tile, design: TileDesign, weighedBy responsibilities: Span<Double>, weights: [Double],
    into statistics: inout MutableSpan<Double>
  ) {
    let layout = SoftmaxSums.Layout(childCount, dimension)
    let (count, capacity) = (childCount * tile.capacity, tile.capacity)
    let zeros = [Double](repeating: 0, count: capacity)
    var (logSums, product) = (zeros, zeros)
    var predictors = [Double](repeating: 0, count: count)
    var probabilities = predictors
    withMutableSpan(of: &predictors) { design.multiply(by: coefficients.span, columns: childCount, into: &$0) }
    withMutableSpan(of: &probabilities) {
      VectorKernels.copy(predictors.span, into: &$0)
      VectorKernels.softmax(&$0, columns: childCount, stride: capacity, logSums: &logSums)
    }
    statistics[layout.objective] +=
      VectorKernels.dot(responsibilities.extracting(0..<count), predictors.span)
      - VectorKernels.dot(weights.span, logSums.span)
    // 1 + Σ_l π_l ψ_l
    var centre = [Double](repeating: 1, count: capacity)
    var undecided = VectorKernels.sum(weights.span)
    for k in 0..<childCount {
      let (column, values) = (tile.column(k), probabilities.span.extracting(tile.column(k)))
      withMutableSpan(of: &product) { product in
        undecided -= VectorKernels.weigh(values, by: weights.span, into: &product)
        VectorKernels.multiply(values, predictors.span.extracting(column), into: &product)
      }
      withMutableSpan(of: &centre) { VectorKernels.add(product.span, to: &$0) }
    }
    statistics[layout.undecided] += undecided
    design.withScratch(columns: max(childCount, layout.curvatureColumns)) { scratch in
      for k in 0..<childCount {
        let (column, values) = (tile.column(k), probabilities.span.extracting(tile.column(k)))
        scratch.withElements(in: column) {
          if layout.hasCurvature {
            // π (ψ − Σ_l π_l ψ_l − 1)
            VectorKernels.copy(centre.span, into: &$0)
            VectorKernels.subtract(from: predictors.span.extracting(column), &$0)
            VectorKernels.multiply(by: values, &$0)
          } else {
            // ½ ψ − π
            VectorKernels.standardize(predictors.span.extracting(column), centre: 0, scale: -0.5, into: &$0)
            VectorKernels.add(values, to: &$0)
            VectorKernels.subtract(from: zeros.span, &$0)
          }
          VectorKernels.multiply(by: weights.span, &$0)
          VectorKernels.add(responsibilities.extracting(column), to: &$0)
        }
      }
      statistics.withElements(in: layout.sums) {
        design.accumulate(weighedBy: scratch.span, columns: childCount, into: &$0, stride: dimension)
      }
      for (index, (k, l)) in layout.pairsOfChildren.enumerated() {
        scratch.withElements(in: tile.column(index)) {
          VectorKernels.multiply(
            probabilities.span.extracting(tile.column(k)), probabilities.span.extracting(tile.column(l)), into: &$0)
          VectorKernels.multiply(by: weights.span, &$0)
        }
      }
      scratch.withElements(in: tile.column(layout.curvatureColumns - 1)) { VectorKernels.copy(weights.span, into: &$0) }
      statistics.withElements(in: layout.curvatures) {
        design.accumulatePairs(
          weighedBy: scratch.span, columns: layout.curvatureColumns, into: &$0, stride: design.pairCount)
      }
    }
  }
}

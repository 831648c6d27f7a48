import Foundation
import GSL
import MixtureCore

// What happens in a pass: scores of a tile, and sums over its assignments.

extension SoftmaxGate {
  /// The sums of a pass: see `SoftmaxSums`.
  public var statisticsCount: Int { SoftmaxSums.Layout(expertCount, dimension).count }

  /// ln softmax(Mᵀx)_k − ¼ (K − 1) xᵀC x: Böhning's bound of E ln π_k, tight at the means; the point's own value where C = 0.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let costs = variances(tile).map { 0.25 * Double(expertCount - 1) * $0 }
    logWeights(tile, scales: nil, costs: costs, into: &scores)
  }

  /// ln softmax(κ_i Mᵀx)_k with κ_i = (1 + π/8 · 2 xᵀC x)^(−1/2), because each difference of two predictors has the variance
  /// 2 xᵀC x, by which a logistic function is flattened so (MacKay 1992, for two experts).
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let scales = variances(tile).map { 1 / (1 + 0.25 * .pi * $0).squareRoot() }
    logWeights(tile, scales: scales, costs: nil, into: &scores)
  }

  /// Adds what `SoftmaxSums` describes, at ψ = Mᵀx.
  public func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    guard let standardization else { return }
    let design = tile.gateDesign(standardization)
    let layout = SoftmaxSums.Layout(expertCount, dimension)
    let (count, capacity, weights) = (expertCount * tile.capacity, tile.capacity, tile.weights)
    var predictors = [Double](repeating: 0, count: count)
    var (probabilities, logSums) = (predictors, Array(predictors.prefix(capacity)))
    let coefficients = means.flatMap { $0 }
    withMutableSpan(of: &predictors) { design.multiply(by: coefficients.span, columns: expertCount, into: &$0) }
    withMutableSpan(of: &probabilities) {
      VectorKernels.copy(predictors.span, into: &$0)
      VectorKernels.softmax(&$0, columns: expertCount, stride: capacity, logSums: &logSums)
    }
    statistics[layout.objective] +=
      VectorKernels.dot(responsibilities.extracting(0..<count), predictors.span)
      - VectorKernels.dot(weights.span, logSums.span)
    // 1 + Σ_l π_l ψ_l
    var centre = [Double](repeating: 1, count: capacity)
    var product = centre
    let zeros = [Double](repeating: 0, count: capacity)
    var undecided = VectorKernels.sum(weights.span)
    for k in 0..<expertCount {
      let (column, values) = (tile.column(k), probabilities.span.extracting(tile.column(k)))
      withMutableSpan(of: &product) { product in
        undecided -= VectorKernels.weigh(values, by: weights.span, into: &product)
        VectorKernels.multiply(values, predictors.span.extracting(column), into: &product)
      }
      withMutableSpan(of: &centre) { VectorKernels.add(product.span, to: &$0) }
    }
    statistics[layout.undecided] += undecided
    design.withScratch(columns: max(expertCount, layout.curvatureColumns)) { scratch in
      for k in 0..<expertCount {
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
        design.accumulate(weighedBy: scratch.span, columns: expertCount, into: &$0, stride: dimension)
      }
      for (index, (k, l)) in layout.pairsOfExperts.enumerated() {
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

  /// ln softmax(scale · Mᵀx) − cost, for each assignment.
  private func logWeights(
    _ tile: Tile, scales: [Double]?, costs: [Double]?, into scores: inout MutableSpan<Double>
  ) {
    guard let standardization else {
      for i in 0..<(expertCount * tile.capacity) { scores[i] = -log(Double(expertCount)) }
      return
    }
    let count = expertCount * tile.capacity
    let coefficients = means.flatMap { $0 }
    tile.gateDesign(standardization).multiply(by: coefficients.span, columns: expertCount, into: &scores)
    for k in 0..<expertCount {
      if let scales { scores.withElements(in: tile.column(k)) { VectorKernels.multiply(by: scales.span, &$0) } }
    }
    var probabilities = [Double](repeating: 0, count: count)
    var logSums = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &probabilities) { probabilities in
      scores.withElements(in: 0..<count) { VectorKernels.copy($0.span, into: &probabilities) }
      VectorKernels.softmax(&probabilities, columns: expertCount, stride: tile.capacity, logSums: &logSums)
    }
    let shifts = costs.map { zip(logSums, $0).map { -$0 - $1 } } ?? logSums.map { -$0 }
    for k in 0..<expertCount { scores.withElements(in: tile.column(k)) { VectorKernels.add(shifts.span, to: &$0) } }
  }

  /// xᵀC x of each assignment; zero for points.
  private func variances(_ tile: Tile) -> [Double] {
    var result = [Double](repeating: 0, count: tile.capacity)
    guard let standardization, let covariance = spread?.covariance else { return result }
    let pairs = (0..<dimension).flatMap { a in
      (a..<dimension).map { b in a == b ? covariance[a, a] : 2 * covariance[a, b] }
    }
    withMutableSpan(of: &result) {
      tile.gateDesign(standardization).multiplyPairs(by: pairs.span, columns: 1, into: &$0)
    }
    return result
  }
}

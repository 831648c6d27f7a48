import GSL
import MixtureCore

// The two halves of a pass.

extension Regression {
  /// The experts' means and covariances as the columns of two matrices.
  public static func prepare(_ experts: [Self], sharing shared: RegressionShared<Family>) -> RegressionTables<Family> {
    RegressionTables(experts)
  }

  /// s of each row: μ = o + mᵀx of all experts as one product with the design, v = xᵀ B x as another with the pairwise products of x.
  public static func expectedLogLikelihood(
    _ experts: RegressionTables<Family>, on tile: Tile, into scores: inout MutableSpan<Double>
  ) {
    experts.evaluate(tile, into: &scores)
  }

  /// Adds Σ r ω x xᵀ, Σ r z x, Σ r z²/ω (or Σ r s, where steps are checked), Σ r and the sums of the scale's terms, with the scale's factor c
  /// taken out of slopes g = c z and curvatures h = c ω. Of a line z is the residual under the mean of the pass, and ω = 1.
  public static func accumulate(
    _ experts: RegressionTables<Family>, on tile: Tile, weighedBy responsibilities: Span<Double>,
    into statistics: inout MutableSpan<Double>
  ) {
    let design = tile.design(experts.coordinates.standardization)
    let (pairs, dimension) = (design.pairCount, design.dimension)
    let slice = RegressionSums.count(dimension: dimension, termCount: Family.Scale.termCount)
    let rows = experts.rows(on: tile)
    design.withScratch(columns: experts.count) { products in
      if Family.hasUnitCurvature {
        design.accumulatePairs(weighedBy: responsibilities, columns: experts.count, into: &statistics, stride: slice)
      } else {
        let used = experts.count * tile.capacity
        products.withElements(in: 0..<used) {
          VectorKernels.multiply(rows.curvatures.span.extracting(0..<used), responsibilities, into: &$0)
        }
        design.accumulatePairs(weighedBy: products.span, columns: experts.count, into: &statistics, stride: slice)
      }
      for k in 0..<experts.count {
        let column = tile.column(k)
        let (slopes, weights) = (rows.slopes.span.extracting(column), responsibilities.extracting(column))
        let start = k * slice + pairs + dimension
        let squares = products.withElements(in: column) { VectorKernels.weigh(slopes, by: weights, into: &$0) }
        if !Family.stepIsSafe {
          statistics[start] += VectorKernels.dot(rows.scores.span.extracting(column), weights)
        } else if Family.hasUnitCurvature {
          statistics[start] += squares
        } else {
          statistics[start] += VectorKernels.sumOfSquares(
            slopes, over: rows.curvatures.span.extracting(column), weighedBy: weights)
        }
        statistics[start + 1] += VectorKernels.sum(weights)
        for term in 0..<Family.Scale.termCount {
          let place = (k * Family.Scale.termCount + term) * tile.capacity
          statistics[start + 2 + term] += VectorKernels.dot(
            rows.terms.span.extracting(place..<(place + tile.capacity)), weights)
        }
      }
      let total = statistics.count
      statistics.withElements(in: pairs..<total) {
        design.accumulate(weighedBy: products.span, columns: experts.count, into: &$0, stride: slice)
      }
    }
  }

  /// With means that lie s from the earlier ones slopes are z − ω sᵀx, to first order, so Σ r z x loses (Σ r ω x xᵀ) s, and Σ r z²/ω loses
  /// 2 sᵀ Σ r z x − sᵀ (Σ r ω x xᵀ) s. Of a line that is exact. The scale moves its own sums.
  public static func rebase(_ statistics: inout MutableSpan<Double>, from earlier: [Self], to later: [Self]) {
    for k in later.indices {
      statistics.withElements(in: slice(ofExpert: k, later)) { slice in
        RegressionSums.rebase(
          &slice, by: zip(later[k].posterior.mean, earlier[k].posterior.mean).map(-), hasSquares: Family.stepIsSafe)
        let end = slice.count
        let weight = slice[end - Family.Scale.termCount - 1]
        slice.withElements(in: (end - Family.Scale.termCount)..<end) {
          Family.Scale.rebase(&$0, weight: weight, from: earlier[k].scale, to: later[k].scale)
        }
      }
    }
  }

  /// The statistics of each expert.
  public static func sums(_ experts: [Self], _ statistics: Span<Double>) -> [RegressionSums] {
    experts.indices.map {
      RegressionSums(
        statistics.extracting(slice(ofExpert: $0, experts)), dimension: experts[$0].posterior.dimension,
        termCount: Family.Scale.termCount)
    }
  }

  /// Where the statistics of an expert of a block are; all have the same number of coefficients.
  static func slice(ofExpert k: Int, _ experts: [Self]) -> Range<Int> {
    let count = experts[k].statisticsCount
    return (k * count)..<((k + 1) * count)
  }
}

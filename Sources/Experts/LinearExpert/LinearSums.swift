import Foundation
import GSL
import MixtureCore

/// A linear expert's statistics, read from its slice of the flat buffer.
///
/// The residuals ρ_i = y_i − mᵀx_i are those under the mean m that the expert had in the pass: sums of small residuals lose
/// no digits where sums of y and of x y would cancel.
struct LinearSums {
  /// Σ r x xᵀ.
  var crossProducts: Matrix
  /// Σ r ρ x.
  var residualProducts: [Double]
  /// Σ r ρ².
  var squaredResiduals: Double
  /// N = Σ r.
  var weight: Double

  /// The doubles in a slice: the pairs a ≤ b of Σ r x_a x_b, then Σ r ρ x, Σ r ρ², Σ r.
  static func count(dimension: Int) -> Int { Matrix.pairCount(dimension) + dimension + 2 }

  init(_ slice: Span<Double>, dimension: Int) {
    crossProducts = Matrix(pairs: slice, from: 0, order: dimension)
    let next = Matrix.pairCount(dimension)
    residualProducts = (0..<dimension).map { slice[next + $0] }
    squaredResiduals = slice[next + dimension]
    weight = slice[next + dimension + 1]
  }

  /// Moves the sums in a slice to residuals under a mean that lies `step` from theirs.
  static func rebase(_ slice: inout MutableSpan<Double>, by step: [Double]) {
    let dimension = step.count
    let products = Matrix.pairCount(dimension)
    var moved = [Double](repeating: 0, count: dimension)
    withMutableSpan(of: &moved) { moved in
      var pair = 0
      for a in 0..<dimension {
        var sum = moved[a] + slice[pair] * step[a]
        for b in (a + 1)..<max(a + 1, dimension) {
          pair += 1
          sum += slice[pair] * step[b]
          moved[b] += slice[pair] * step[a]
        }
        moved[a] = sum
        pair += 1
      }
    }
    for a in 0..<dimension {
      slice[products + dimension] += step[a] * (moved[a] - 2 * slice[products + a])
      slice[products + a] -= moved[a]
    }
  }

  /// Whether the expert has no rows to speak of.
  var isEmpty: Bool { weight < 1e-8 }

  /// Σ r e with e = (y − mᵀx)² + xᵀ B x, for a mean that lies `step` from that of the pass.
  func expectedSquares(step: [Double], covariance: Matrix) -> Double {
    // The rows were centred on their residuals, so this does not cancel unless the step is long.
    let squares = squaredResiduals - 2 * dot(step, residualProducts) + crossProducts.quadraticForm(step)
    var spread = 0.0
    for i in crossProducts.elements.indices { spread += crossProducts.elements[i] * covariance.elements[i] }
    return max(squares, 0) + spread
  }
}

/// Of a linear expert's statistics those without products of different features.
struct LinearSquares {
  /// Σ r x_a².
  var squaredFeatures: [Double]
  /// Σ r ρ².
  var squaredResiduals: Double
  /// N = Σ r.
  var weight: Double

  init(_ slice: Span<Double>, dimension: Int) {
    var pair = 0
    squaredFeatures = (0..<dimension).map { a in
      defer { pair += dimension - a }
      return slice[pair]
    }
    squaredResiduals = slice[pair + dimension]
    weight = slice[pair + dimension + 1]
  }

  /// Σ r |t| over the terms t that cancel within a score: β |ρ| |m_a x_a| behind the residual ρ = y − Σ_a m_a x_a, and
  /// ½ β |x_a B_ab x_b| behind the spread xᵀ B x. Sums of products are bounded by the roots of Σ r ρ² and Σ r x_a².
  func cancellingTerms(in expert: LinearExpert) -> Double {
    let (mean, covariance) = (expert.posterior.mean, expert.posterior.covariance)
    let sizes = squaredFeatures.map { $0.squareRoot() }
    var (behindResidual, behindSpread) = (0.0, 0.0)
    for a in sizes.indices {
      behindResidual += abs(mean[a]) * sizes[a]
      for b in sizes.indices { behindSpread += sizes[a] * abs(covariance[a, b]) * sizes[b] }
    }
    let (precision, meanLog) = (expert.precisionOfFit.mean, expert.precisionOfFit.meanLog)
    return precision * (squaredResiduals.squareRoot() * behindResidual + 0.5 * behindSpread)
      + 0.5 * weight * (abs(meanLog) + log(2 * .pi))
  }
}

/// The linear experts of a block, laid out for the two matrix products of a pass.
public struct LinearTables: Sendable {
  let count: Int
  let standardization: Standardization
  /// The means m_k, one column an expert.
  let means: [Double]
  /// −½ E β_k B_k by pairs a ≤ b, the off-diagonal ones doubled, one column an expert.
  let covariances: [Double]
  /// Whether any covariance is not zero; all are for point estimates.
  let hasSpread: Bool
  /// ½ E ln β_k − ½ ln 2π.
  let constants: [Double]
  /// −½ E β_k.
  let factors: [Double]

  init(_ experts: [LinearExpert]) {
    count = experts.count
    standardization = experts[0].standardization
    means = experts.flatMap(\.posterior.mean)
    constants = experts.map { 0.5 * ($0.precisionOfFit.meanLog - log(2 * .pi)) }
    factors = experts.map { -0.5 * $0.precisionOfFit.mean }
    hasSpread = experts.contains { !$0.posterior.free.isEmpty }
    let dimension = standardization.dimension
    var pairs: [Double] = []
    pairs.reserveCapacity(experts.count * Matrix.pairCount(dimension))
    for expert in experts {
      let (factor, entries) = (-0.5 * expert.precisionOfFit.mean, expert.posterior.covariance.elements)
      for a in 0..<dimension {
        for b in a..<dimension { pairs.append(factor * entries[a * dimension + b] * (a == b ? 1 : 2)) }
      }
    }
    covariances = pairs
  }
}

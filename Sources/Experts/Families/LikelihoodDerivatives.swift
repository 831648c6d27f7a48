import Foundation
import GSL
import MixtureCore

/// The derivatives of a row's ln p(y | η, φ) in η and in the parameters φ of the scale: the first, and minus the second.
public struct LikelihoodDerivatives: Sendable {
  /// How many parameters there are, η among them.
  public let count: Int
  /// ∂ ln p / ∂η, then that by each φ.
  public var gradient: [Double]
  /// Minus the second derivatives, the pairs a ≤ b in the order (0,0), (0,1), …, (1,1), ….
  private(set) var information: [Double]

  /// Zeros, for η and `scaleCount` parameters of the scale.
  public init(scaleCount: Int) {
    count = 1 + scaleCount
    gradient = Array(repeating: 0, count: count)
    information = Array(repeating: 0, count: Matrix.pairCount(count))
  }

  /// Minus the second derivative by parameters a and b, of which 0 is η.
  public subscript(a: Int, b: Int) -> Double {
    get { information[place(a, b)] }
    set { information[place(a, b)] = newValue }
  }

  private func place(_ a: Int, _ b: Int) -> Int { Matrix.pairIndex(min(a, b), max(a, b), order: count) }
}

/// How a parameter of a scale stands among the experts of a block.
public enum ScaleParameterRole: Sendable {
  /// Each expert has its own.
  case own
  /// All experts share one.
  case shared
  /// It is given, not estimated.
  case known
}

extension ResponseFamily {
  /// By differences of the log density: of step 2⁻⁸ in the parameters of the scale, and of 2⁻⁸/√c in η, both to fourth order.
  public func differentiate(
    _ cell: ResponseCell, eta: Double, scale: Scale, into derivatives: inout LikelihoodDerivatives
  ) {
    let parameters = scale.unconstrained
    let steps = [0x1p-8 / scale.precision.squareRoot()] + parameters.map { _ in 0x1p-8 }
    /// ln p where parameter a has moved by so many steps, and b by others.
    func value(_ a: Int, _ stepsOfA: Double, _ b: Int = 0, _ stepsOfB: Double = 0) -> Double {
      var moves = [Double](repeating: 0, count: steps.count)
      moves[a] += stepsOfA * steps[a]
      moves[b] += stepsOfB * steps[b]
      let moved =
        moves.dropFirst().allSatisfy { $0 == 0 }
        ? scale : scale.having(unconstrained: zip(parameters, moves.dropFirst()).map(+))
      return logDensity(cell, eta: eta + moves[0], scale: moved)
    }
    let middle = logDensity(cell, eta: eta, scale: scale)
    for a in steps.indices {
      let (near, far) = ((value(a, -1), value(a, 1)), (value(a, -2), value(a, 2)))
      derivatives.gradient[a] = (8 * (near.1 - near.0) - (far.1 - far.0)) / (12 * steps[a])
      derivatives[a, a] = (30 * middle - 16 * (near.0 + near.1) + far.0 + far.1) / (12 * steps[a] * steps[a])
      for b in steps.indices.dropFirst(a + 1) {
        /// ∂²/∂a∂b with steps n times as long.
        func mixed(_ n: Double) -> Double {
          (value(a, n, b, n) - value(a, n, b, -n) - value(a, -n, b, n) + value(a, -n, b, -n))
            / (4 * n * n * steps[a] * steps[b])
        }
        derivatives[a, b] = -(4 * mixed(1) - mixed(2)) / 3
      }
    }
  }
}

/// Expectations of the derivatives of a tile's rows under η ~ N(μ, v): a column for each parameter, of which η is the first, and a column for each
/// pair of them.
public struct TileDerivatives: Sendable {
  /// How many parameters there are, η among them.
  public let count: Int
  /// The length of a column.
  public let capacity: Int
  /// E ∂ ln p of each parameter, one column after another.
  public var gradients: [Double]
  /// −E ∂² ln p of the pairs a ≤ b in the order (0,0), (0,1), …, (1,1), ….
  public var information: [Double]

  /// Zeros, for η and `scaleCount` parameters of the scale.
  init(scaleCount: Int, capacity: Int) {
    count = 1 + scaleCount
    self.capacity = capacity
    gradients = Array(repeating: 0, count: count * capacity)
    information = Array(repeating: 0, count: Matrix.pairCount(count) * capacity)
  }

  /// Where in the gradients the column of a parameter is.
  public func column(of a: Int) -> Range<Int> { (a * capacity)..<((a + 1) * capacity) }

  /// Where in the information the column of the pair of parameters a ≤ b is.
  public func column(of a: Int, and b: Int) -> Range<Int> { column(of: Matrix.pairIndex(a, b, order: count)) }

  /// Sets to zero what is no number: of rows that the expert cannot have.
  mutating func clearOverflow() {
    for i in gradients.indices where !gradients[i].isFinite { gradients[i] = 0 }
    for i in information.indices where !information[i].isFinite { information[i] = 0 }
  }
}

extension ResponseFamily {
  /// By the quadrature of predictions, from ``differentiate(_:eta:scale:into:)``.
  public func differentiate(
    _ response: ResponseRows, means: [Double], variances: [Double], scale: Scale, into derivatives: inout TileDerivatives
  ) {
    differentiateByQuadrature(
      response, rows: 0..<response.count, means: means, variances: variances, scale: scale, into: &derivatives)
  }

  /// Sets the derivatives of some rows by the quadrature of predictions.
  private func differentiateByQuadrature(
    _ response: ResponseRows, rows: some Sequence<Int>, means: [Double], variances: [Double], scale: Scale,
    into derivatives: inout TileDerivatives
  ) {
    var ofNode = LikelihoodDerivatives(scaleCount: derivatives.count - 1)
    let capacity = derivatives.capacity
    for i in rows {
      for a in 0..<derivatives.count { derivatives.gradients[a * capacity + i] = 0 }
      for pair in ofNode.information.indices { derivatives.information[pair * capacity + i] = 0 }
      let predictor = UncertainPredictor(mean: means[i], variance: variances[i], trials: response[i].trials)
      PredictorQuadrature(self, predictor, scale: scale).forEach { eta, logWeight in
        differentiate(response[i], eta: eta, scale: scale, into: &ofNode)
        let weight = exp(logWeight)
        for a in ofNode.gradient.indices { derivatives.gradients[a * capacity + i] += weight * ofNode.gradient[a] }
        for pair in ofNode.information.indices {
          derivatives.information[pair * capacity + i] += weight * ofNode.information[pair]
        }
      }
    }
  }

  /// The same of a family without scale whose scores are tight: slopes and curvatures of its pass are those of the likelihood, but where η is so
  /// uncertain that the few nodes of a pass err.
  func differentiateByScores(
    _ response: ResponseRows, means: [Double], variances: [Double], scale: Scale, into derivatives: inout TileDerivatives
  ) {
    var (scores, terms) = (variances, [Double]())
    derivatives.gradients.replaceSubrange(derivatives.column(of: 0), with: means)
    withMutableSpan(of: &scores) { scores in
      withMutableSpan(of: &derivatives.gradients) { slopes in
        withMutableSpan(of: &derivatives.information) { curvatures in
          withMutableSpan(of: &terms) {
            evaluate(response, scale: scale, scores: &scores, slopes: &slopes, curvatures: &curvatures, terms: &$0)
          }
        }
      }
    }
    differentiateByQuadrature(
      response, rows: (0..<response.count).filter { variances[$0] > 1 }, means: means, variances: variances, scale: scale,
      into: &derivatives)
    for i in response.count..<derivatives.capacity { (derivatives.gradients[i], derivatives.information[i]) = (0, 0) }
  }
}

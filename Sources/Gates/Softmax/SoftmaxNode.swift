import GSL
import MixtureCore

/// One softmax over J children given the features, π_j(x) ∝ exp(m_jᵀ x): the whole of a softmax gate, or a branch of a tree of them.
///
/// What is maximised over M = (m_1 … m_J), with r_ij the responsibilities of the children (weights included) and r_i = Σ_j r_ij, is
/// G(M) = Σ_ij r_ij ln π_ij − ½ λ ‖M‖². The columns of M sum to zero from the start, because nothing but λ speaks of their sum.
///
/// Features are standardised, M is in their units, and the penalty is of M.
///
/// A gate of one's own that chooses by features holds one or several of these, and calls ``logWeights(_:design:scales:into:)`` and
/// ``accumulate(_:design:weighedBy:weights:into:)`` in its passes and ``update(from:resum:)`` in its update; ``SoftmaxGate`` and
/// ``HierarchicalGate`` do.
public struct SoftmaxNode: Sendable, Codable, Equatable {
  /// The number of children, J.
  public private(set) var childCount: Int
  /// The number of columns of the design, d.
  public let dimension: Int
  /// λ; where that is zero, what keeps coefficients finite that have a flat prior.
  public let penalty: Double
  /// M, d numbers for each child, in units of the standardised features.
  public var coefficients: [Double]

  /// A node with equal weights.
  ///
  /// - Parameters:
  ///   - childCount: J.
  ///   - dimension: d, the columns of the design.
  ///   - penalty: λ, above zero, which ``update(from:resum:)`` checks; see ``penalty(_:or:)``.
  public init(childCount: Int, dimension: Int, penalty: Double) {
    self.childCount = childCount
    self.dimension = dimension
    self.penalty = penalty
    coefficients = Array(repeating: 0, count: dimension * childCount)
  }

  /// The given penalty, or a ridge of 10⁻¹³ of the assignments' weight where there is none.
  public static func penalty(_ penalty: Double, or data: DataSummary) -> Double {
    penalty > 0 ? penalty : 1e-13 * data.assignmentWeight
  }

  /// Keeps the children of the given numbers, in that order. What they have in common is taken off their coefficients, for it changes no
  /// weight and only the penalty; a child that is new, nil, has coefficients of zero then.
  public mutating func select(_ children: [Int?]) {
    let kept = children.compactMap { $0.map(column) }
    let common = (0..<dimension).map { j in kept.reduce(0) { $0 + $1[j] } / Double(max(kept.count, 1)) }
    coefficients = children.flatMap { child in
      child.map { zip(column($0), common).map(-) } ?? common.map { _ in 0 }
    }
    childCount = children.count
  }

  /// The coefficients m_j of a child.
  public func column(_ child: Int) -> [Double] { column(child, of: coefficients) }

  /// The child's d numbers of those of all children.
  func column(_ child: Int, of values: [Double]) -> [Double] {
    Array(values[(child * dimension)..<((child + 1) * dimension)])
  }

  /// ½ λ ‖M‖², what the node adds to its gate's divergence.
  public var penaltyTerm: Double { 0.5 * penalty * dot(coefficients, coefficients) }
}

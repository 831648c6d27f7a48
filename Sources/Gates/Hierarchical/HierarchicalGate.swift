import Foundation
import GSL
import MixtureCore

/// A tree of softmax gates (Jordan & Jacobs 1994): at each branch a row falls to one of the children with probabilities that depend
/// on its features, and ln π_k(x) is the sum of the logarithms along the path from the root to expert k.
///
/// Coefficients are point estimates under the penalty ½ λ ‖M‖² of each branch, in the units of standardised features; λ = 0 is
/// maximum likelihood. A branch is a softmax that has as rows those of its experts, as far as these are responsible.
public struct HierarchicalGate: Gate, Equatable {
  /// A branch, as a fit found it.
  public struct Branch: Sendable, Equatable {
    /// The numbers of the experts under each child.
    public var experts: [[Int]]
    /// The coefficients of each child in the units of the data, the intercept first where the gate has one. Only differences between
    /// children matter.
    public var coefficients: [[Double]]
  }

  /// The tree; nil until a mixture says how many experts there are, unless it was given.
  public private(set) var tree: ExpertTree?
  /// The penalty λ.
  public let penalty: Double
  /// The branches in the order of `ExpertTree.branches`.
  var nodes: [SoftmaxNode] = []
  /// λ, or the ridge in its place.
  private(set) var nodePenalty: Double
  private(set) var standardization = Standardization(centres: [], scales: [], hasIntercept: true)

  /// A gate with the given tree, or one of two children a branch for as many experts as the mixture has.
  ///
  /// - Throws: `ArgumentError` unless each expert is at one leaf, each branch has at least two children, and the penalty is at least zero.
  public init(_ tree: ExpertTree? = nil, penalty: Double = 1) throws {
    try ArgumentError.requireNotNegative(penalty, of: Self.self, argument: "penalty")
    try tree?.validate()
    self.tree = tree
    self.penalty = penalty
    nodePenalty = penalty
    restart()
  }

  /// The number of leaves.
  public var expertCount: Int { tree?.experts.count ?? 0 }

  /// The weights depend on the row.
  public var readsFeatures: Bool { true }
  /// The gate takes any units, since features are standardised.
  public var acceptsUnits: Bool { true }
  /// Those in which features are standardised.
  public var featureUnits: [Double]? { standardization.units.isEmpty ? nil : standardization.units }

  /// Tree and penalty.
  public var terms: [PartTerm] {
    (tree.map { [PartTerm("tree", value: $0.description)] } ?? []) + [PartTerm(penalty: penalty)]
  }

  /// The branches with their coefficients, the root first and each before those below it.
  public var branches: [Branch] {
    zip(tree?.branches ?? [], nodes).map { children, node in
      Branch(experts: children, coefficients: children.indices.map { standardization.original(node.column($0)) })
    }
  }

  /// For each expert the coefficients along its path from the root, in the units of the data and called after the path: `2.1: x` is the
  /// coefficient of x of the first child of the root's second. π of a child is the softmax over its branch, `2.1`, `2.2`, ….
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    let names = standardization.coefficientNames(data.gateFeatures.map(\.name))
    var paths = [[Int]](repeating: [], count: expertCount)
    var estimates = [[ParameterEstimate]](repeating: [], count: expertCount)
    for branch in branches {
      for (child, experts) in branch.experts.enumerated() {
        for k in experts {
          paths[k].append(child + 1)
          let path = paths[k].map(String.init).joined(separator: ".")
          estimates[k] += zip(names, branch.coefficients[child]).map { ParameterEstimate("\(path): \($0)", value: $1) }
        }
      }
    }
    return estimates
  }

  /// Cuts off the leaves of experts that go, and a branch that has one child left gives way to it. New experts become children of the
  /// root, with coefficients of zero.
  ///
  /// - Throws: `MixtureError` where a mixture with another number of experts is composed.
  public mutating func select(_ experts: [Int?]) throws {
    if experts.allSatisfy({ $0 == nil }) {
      guard tree == nil || expertCount == experts.count else {
        throw MixtureError.gateMismatch(gate: expertCount, experts: experts.count)
      }
      tree = tree ?? (experts.isEmpty ? nil : .binary(experts.indices))
      restart()
      return
    }
    var numbers: [Int: Int] = [:]
    for (new, old) in experts.enumerated() { if let old { numbers[old] = new } }
    var rest = nodes[...]
    var (trees, kept) = tree.flatMap { Self.pruned($0, &rest, numbers) }.map { ([$0.tree], $0.nodes) } ?? ([], [])
    let new = experts.indices.filter { experts[$0] == nil }.map { ExpertTree.leaf($0) }
    if !new.isEmpty {
      if case .branch(let children) = trees[0] {
        trees = children
        kept[0].select(children.indices.map { $0 } + new.map { _ in nil })
      } else {
        kept = [SoftmaxNode(childCount: 1 + new.count, dimension: standardization.dimension, penalty: nodePenalty)]
      }
      trees = [.branch(trees + new)]
    }
    (tree, nodes) = (trees[0], kept)
  }

  /// Standardises what the gate sees, and starts at equal weights.
  ///
  /// - Throws: `DataError` if the gate sees neither a feature nor an intercept.
  public mutating func configure(for data: DataSummary) throws {
    standardization = try Standardization(ofGateFeatures: data)
    nodePenalty = SoftmaxNode.penalty(penalty, or: data)
    restart()
  }

  /// ln π_k(x), Σ ln π of the children on the path to expert k.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in 0..<(expertCount * tile.capacity) { scores[i] = 0 }
    let design = tile.gateDesign(standardization)
    for (children, node) in zip(tree?.branches ?? [], nodes) {
      var columns = [Double](repeating: 0, count: children.count * tile.capacity)
      withMutableSpan(of: &columns) { node.logWeights(tile, design: design, into: &$0) }
      for (child, experts) in children.enumerated() {
        for k in experts {
          scores.withElements(in: tile.column(k)) {
            VectorKernels.add(columns.span.extracting(tile.column(child)), to: &$0)
          }
        }
      }
    }
  }

  /// ln π_k(x), for coefficients are point estimates.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogWeights(tile, into: &scores)
  }

  /// Those of the branches, one after another.
  public var statisticsCount: Int { nodes.reduce(0) { $0 + $1.statisticsCount } }

  /// Adds the sums of each branch: the responsibility of a child is that of all its experts together.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    let design = tile.gateDesign(standardization)
    var start = 0
    for (children, node) in zip(tree?.branches ?? [], nodes) {
      var columns = [Double](repeating: 0, count: children.count * tile.capacity)
      withMutableSpan(of: &columns) { columns in
        for (child, experts) in children.enumerated() {
          columns.withElements(in: tile.column(child)) { column in
            for k in experts { VectorKernels.add(responsibilities.extracting(tile.column(k)), to: &column) }
          }
        }
      }
      // The root's are those of the rows, to the bit: acceleration would take rounding for change.
      var weights = start == 0 ? tile.assignmentWeights : Array(repeating: 0, count: tile.capacity)
      if start > 0 {
        withMutableSpan(of: &weights) { weights in
          for child in children.indices { VectorKernels.add(columns.span.extracting(tile.column(child)), to: &weights) }
        }
      }
      let slice = start..<(start + node.statisticsCount)
      statistics.withElements(in: slice) {
        node.accumulate(tile, design: design, weighedBy: columns.span, weights: weights, into: &$0)
      }
      start = slice.upperBound
    }
  }

  /// One step of each branch, towards the maximum given the responsibilities.
  public mutating func update(from statistics: Span<Double>, resum: Resum<HierarchicalGate>) throws {
    try nodes.update(from: statistics, resum: resum.of(\.nodes, in: self))
  }

  /// The penalties of all branches.
  public var divergence: Double { nodes.reduce(0) { $0 + $1.penaltyTerm } }
}

extension HierarchicalGate {
  private mutating func restart() {
    nodes = (tree?.branches ?? []).map {
      SoftmaxNode(childCount: $0.count, dimension: standardization.dimension, penalty: nodePenalty)
    }
  }

  /// The tree of the experts that stay, under their new numbers, with its nodes; nil if none does. Takes the nodes of the old tree
  /// off `rest`.
  private static func pruned(
    _ tree: ExpertTree, _ rest: inout ArraySlice<SoftmaxNode>, _ numbers: [Int: Int]
  ) -> (tree: ExpertTree, nodes: [SoftmaxNode])? {
    switch tree {
    case .leaf(let expert): return numbers[expert].map { (.leaf($0), []) }
    case .branch(let children):
      var node = rest.removeFirst()
      let subtrees = children.map { pruned($0, &rest, numbers) }
      let kept = children.indices.filter { subtrees[$0] != nil }
      let trees = subtrees.compactMap(\.self)
      guard trees.count > 1 else { return trees.first }
      node.select(kept)
      return (.branch(trees.map(\.tree)), [node] + trees.flatMap(\.nodes))
    }
  }
}

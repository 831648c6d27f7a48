import GSL
import MixtureCore

// The parameters are those of the branches, one after another.

extension HierarchicalGate: DifferentiableGate {
  /// Those of the branches: the coefficients of each child but the last less those of the last.
  public var parameterValues: [Double] { nodes.flatMap(\.parameterValues) }

  /// Moves the coefficients of all branches.
  public mutating func move(to values: [Double]) {
    var first = 0
    for index in nodes.indices {
      let count = nodes[index].parameterCount
      nodes[index].move(to: Array(values[first..<(first + count)]))
      first += count
    }
  }

  /// Those of the children on the path to the expert.
  public func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    let design = tile.gateDesign(standardization)
    forEachBranch { node, children, first in
      guard let child = children.firstIndex(where: { $0.contains(expert) }) else { return }
      gradients.withElements(in: (first * tile.capacity)..<((first + node.parameterCount) * tile.capacity)) {
        node.writeGradients(ofChild: child, tile, design: design, into: &$0)
      }
    }
  }

  /// Those of the branches, each for the rows of its experts.
  public func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    let design = tile.gateDesign(standardization)
    let order = nodes.reduce(0) { $0 + $1.parameterCount }
    forEachBranch { node, children, first in
      var weights = [Double](repeating: 0, count: tile.capacity)
      withMutableSpan(of: &weights) { weights in
        for expert in children.joined() {
          VectorKernels.add(responsibilities.extracting(tile.column(expert)), to: &weights)
        }
      }
      node.accumulateInformation(tile, design: design, weights: weights, from: first, order: order, into: &information)
    }
  }

  /// Those of the branches.
  public var logPrior: Double { nodes.reduce(0) { $0 + $1.logPrior(isProper: penalty > 0) } }

  /// Those of the branches.
  public var priorCurvature: Matrix {
    let order = nodes.reduce(0) { $0 + $1.parameterCount }
    var result = Matrix(rows: order, columns: order)
    forEachBranch { node, _, first in
      result = result + node.priorCurvature.placed(at: Array(first..<(first + node.parameterCount)), order: order)
    }
    return result
  }

  /// Those of the coefficients along each expert's path.
  public func slopes(for data: DataSummary) -> GateSlopes {
    var ofExperts = [[ParameterSlopes]](repeating: [], count: expertCount)
    forEachBranch { node, children, first in
      for (child, experts) in children.enumerated() {
        let slopes = node.slopes(ofChild: child, standardization, from: first)
        for k in experts { ofExperts[k] += slopes }
      }
    }
    return GateSlopes(ofExperts: ofExperts, common: [])
  }

  /// Calls `body` with each branch, the experts under its children, and where its parameters begin.
  private func forEachBranch(_ body: (_ node: SoftmaxNode, _ children: [[Int]], _ first: Int) -> Void) {
    var first = 0
    for (node, children) in zip(nodes, tree?.branches ?? []) {
      body(node, children, first)
      first += node.parameterCount
    }
  }
}

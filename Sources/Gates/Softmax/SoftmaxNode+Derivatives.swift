import Foundation
import GSL
import MixtureCore

// The parameters are θ = m_l − m_J, the coefficients of each child but the last less those of the last, child after child: (J − 1) d numbers.

extension SoftmaxNode {
  private var contrasts: ContrastsToLast { ContrastsToLast(dimension: dimension, columnCount: childCount) }

  /// How many parameters the node has: (J − 1) d.
  public var parameterCount: Int { contrasts.count }

  /// The differences of the children's coefficients to those of the last, m_l − m_J.
  public var parameterValues: [Double] { contrasts.values(of: coefficients) }

  /// Moves the coefficients, whose sum over the children stays.
  public mutating func move(to values: [Double]) {
    contrasts.move(&coefficients, by: zip(values, parameterValues).map(-))
  }

  /// Writes ∂ ln π_k / ∂θ = (1{k = l} − π_l) x of each assignment, a column for each parameter.
  ///
  /// - Parameters:
  ///   - child: k.
  ///   - tile: the rows.
  ///   - design: the tile's columns, d of them.
  ///   - gradients: ``parameterCount`` columns of the tile's capacity.
  public func writeGradients(
    ofChild child: Int, _ tile: Tile, design: TileDesign, into gradients: inout MutableSpan<Double>
  ) {
    let weights = weights(tile, design)
    var values = [Double](repeating: 0, count: tile.capacity)
    for l in 0..<(childCount - 1) {
      let column = tile.column(l)
      for i in 0..<tile.assignmentCount { values[i] = (l == child ? 1 : 0) - weights[column.lowerBound + i] }
      gradients.withElements(in: (l * dimension * tile.capacity)..<((l + 1) * dimension * tile.capacity)) {
        design.multiplyColumns(by: values.span, into: &$0)
      }
    }
  }

  /// Adds Σ w (π_l 1{l = m} − π_l π_m) x xᵀ to the pairs of parameters.
  ///
  /// - Parameters:
  ///   - tile: the rows.
  ///   - design: the tile's columns, d of them.
  ///   - rowWeights: w, of the assignments that come to the node.
  ///   - first: where the node's parameters begin among those of the gate.
  ///   - order: the number of the gate's parameters.
  ///   - information: the pairs a ≤ b of them in the order (0,0), (0,1), …, (1,1), ….
  public func accumulateInformation(
    _ tile: Tile, design: TileDesign, weights rowWeights: [Double], from first: Int = 0, order: Int,
    into information: inout MutableSpan<Double>
  ) {
    let weights = weights(tile, design)
    let pairs = (0..<max(childCount - 1, 0)).flatMap { l in (l..<(childCount - 1)).map { (l, $0) } }
    var products = [Double](repeating: 0, count: pairs.count * tile.capacity)
    for (index, (l, m)) in pairs.enumerated() {
      for i in 0..<tile.assignmentCount {
        let (one, other) = (weights[l * tile.capacity + i], weights[m * tile.capacity + i])
        products[index * tile.capacity + i] = rowWeights[i] * one * ((l == m ? 1 : 0) - other)
      }
    }
    var sums = [Double](repeating: 0, count: pairs.count * design.pairCount)
    withMutableSpan(of: &sums) {
      design.accumulatePairs(weighedBy: products.span, columns: pairs.count, into: &$0, stride: design.pairCount)
    }
    for (index, (l, m)) in pairs.enumerated() {
      for a in 0..<dimension {
        for b in (l == m ? a : 0)..<dimension {
          let pair = index * design.pairCount + Matrix.pairIndex(min(a, b), max(a, b), order: dimension)
          let place = Matrix.pairIndex(first + l * dimension + a, first + m * dimension + b, order: order)
          information[place] += sums[pair]
        }
      }
    }
  }

  /// Of m_j ~ N(0, I/λ) that of the differences; without penalty that of the ridge, up to its constant.
  func logPrior(isProper: Bool) -> Double {
    let (values, children) = (parameterValues, Double(childCount))
    let squares = -0.5 * priorCurvature.quadraticForm(values)
    guard isProper, childCount > 1 else { return squares }
    return squares
      + 0.5 * Double(dimension) * ((children - 1) * log(penalty / (2 * .pi)) - log(children))
  }

  /// λ (1{l = m} − 1/J) I: that of the penalty, with the sum of all children's coefficients at its best.
  public var priorCurvature: Matrix {
    Matrix(symmetricOfOrder: parameterCount) { contrasts.curvature(penalty: penalty, $0, $1) }
  }

  /// How the coefficients of a child less the mean of all change with the parameters, in the units of the data.
  ///
  /// - Parameters:
  ///   - child: the child's number.
  ///   - standardization: how the features are standardised.
  ///   - first: where the node's parameters begin among those of the gate.
  func slopes(ofChild child: Int, _ standardization: Standardization, from first: Int = 0) -> [ParameterSlopes] {
    standardization.originalRows.map { row in
      ParameterSlopes(
        (0..<max(childCount - 1, 0)).flatMap { l in
          row.indices.filter { row[$0] != 0 }.map { j in
            (first + l * dimension + j, row[j] * ((l == child ? 1 : 0) - 1 / Double(childCount)))
          }
        })
    }
  }

  /// π_ij of each assignment, child j in column j.
  private func weights(_ tile: Tile, _ design: TileDesign) -> [Double] {
    var weights = [Double](repeating: 0, count: childCount * tile.capacity)
    withMutableSpan(of: &weights) { logWeights(tile, design: design, into: &$0) }
    VectorKernels.exp(of: &weights)
    return weights
  }
}

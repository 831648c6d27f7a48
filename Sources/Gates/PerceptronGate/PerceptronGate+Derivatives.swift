import Foundation
import GSL
import MixtureCore

// The parameters are the weights of the hidden units, and of the output units those of each expert but the last less those of the last.

extension PerceptronGate: DifferentiableGate {
  /// The number of weights of all hidden units, and the output units, a column each.
  private var counts: (hidden: Int, output: ContrastsToLast) {
    let output = shape.layers[shape.output]
    return (output.offset, ContrastsToLast(dimension: output.inputs, columnCount: expertCount))
  }

  /// The weights of the hidden units, then the differences of those of the output units.
  public var parameterValues: [Double] {
    let (hidden, output) = counts
    return expertCount > 1 ? parameters.prefix(hidden) + output.values(of: parameters.dropFirst(hidden)) : []
  }

  /// Moves the weights; the sum of those of all output units stays.
  public mutating func move(to values: [Double]) {
    let (hidden, output) = counts
    let steps = zip(values, parameterValues).map(-)
    for index in 0..<hidden { parameters[index] += steps[index] }
    output.move(&parameters, from: hidden, by: Array(steps.dropFirst(hidden)))
  }

  /// By back-propagation, for each assignment as if it were the expert's.
  public func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    writeGradients(ofExpert: expert, tile, count: parameterValues.count, into: &gradients)
  }

  /// That of ln π itself, by differences of step 2⁻¹² of the gradient of Σ r ln π, to fourth order.
  public func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    let values = parameterValues
    for b in values.indices {
      let gradients = CentralDifference(step: 0x1p-12 * max(1, abs(values[b]))) { offset in
        var (moved, point) = (self, values)
        point[b] += offset
        moved.move(to: point)
        var sums = [Double](repeating: 0, count: statisticsCount)
        withMutableSpan(of: &sums) { moved.accumulate(tile, weighedBy: responsibilities, into: &$0) }
        return Array(sums.dropFirst(2).prefix(values.count))
      }
      for a in 0...b { information[Matrix.pairIndex(a, b, order: values.count)] -= gradients.slope { $0[a] } }
    }
  }

  /// Of weights N(0, 1/λ) that of the hidden units', and of the differences of the output units'.
  public var logPrior: Double {
    let (values, output) = (parameterValues, counts.output)
    guard penalty > 0, !values.isEmpty else { return 0 }
    return 0.5
      * (Double(values.count) * log(penalty / (2 * .pi)) - Double(output.dimension) * log(Double(expertCount))
        - priorCurvature.quadraticForm(values))
  }

  /// λ for the hidden units' weights, λ (1{l = m} − 1/K) for the output units'.
  public var priorCurvature: Matrix {
    let (hidden, output) = counts
    return Matrix(symmetricOfOrder: parameterValues.count) { a, b in
      if a < hidden || b < hidden { return a == b ? penalty : 0 }
      return output.curvature(penalty: penalty, a - hidden, b - hidden)
    }
  }
}

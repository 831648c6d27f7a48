import Foundation
import GSL
import MixtureCore

// The parameters are the weights of the hidden units, and of the output units those of each expert but the last less those of the last.

extension PerceptronGate: DifferentiableGate {
  /// The number of weights of an output unit, and of all hidden units.
  private var counts: (output: Int, hidden: Int) {
    let output = shape.layers[shape.output]
    return (output.inputs, output.offset)
  }

  /// The weights of the hidden units, then the differences of those of the output units.
  public var parameterValues: [Double] {
    let (output, hidden) = counts
    guard expertCount > 1 else { return [] }
    var values = Array(parameters.prefix(hidden))
    let last = parameters.count - output
    for index in hidden..<last { values.append(parameters[index] - parameters[last + (index - hidden) % output]) }
    return values
  }

  /// Moves the weights; the sum of those of all output units stays.
  public mutating func move(to values: [Double]) {
    let (output, hidden) = counts
    let steps = zip(values, parameterValues).map(-)
    for index in 0..<hidden { parameters[index] += steps[index] }
    for j in 0..<output {
      let ofUnits = (0..<expertCount).map { $0 < expertCount - 1 ? steps[hidden + $0 * output + j] : 0 }
      let mean = ofUnits.reduce(0, +) / Double(expertCount)
      for (unit, step) in ofUnits.enumerated() { parameters[hidden + unit * output + j] += step - mean }
    }
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
    /// The gradient where one parameter has moved by so many steps.
    func gradient(_ place: Int, _ steps: Double, _ step: Double) -> [Double] {
      var (moved, point) = (self, values)
      point[place] += steps * step
      moved.move(to: point)
      var sums = [Double](repeating: 0, count: statisticsCount)
      withMutableSpan(of: &sums) { moved.accumulate(tile, weighedBy: responsibilities, into: &$0) }
      return Array(sums.dropFirst(2).prefix(values.count))
    }
    for b in values.indices {
      let step = 0x1p-12 * max(1, abs(values[b]))
      let (near, far) = ((gradient(b, -1, step), gradient(b, 1, step)), (gradient(b, -2, step), gradient(b, 2, step)))
      for a in 0...b {
        information[Matrix.pairIndex(a, b, order: values.count)] -=
          (8 * (near.1[a] - near.0[a]) - (far.1[a] - far.0[a])) / (12 * step)
      }
    }
  }

  /// Of weights N(0, 1/λ) that of the hidden units', and of the differences of the output units'.
  public var logPrior: Double {
    let (values, (output, hidden)) = (parameterValues, counts)
    guard penalty > 0, !values.isEmpty else { return 0 }
    return 0.5
      * (Double(values.count) * log(penalty / (2 * .pi)) - Double(output) * log(Double(expertCount))
        - penalty * dot(Array(values.prefix(hidden)), Array(values.prefix(hidden)))
        - outputCurvature(values, output, hidden))
  }

  /// λ Σ over the output units of their squares about their mean, from differences with the last.
  private func outputCurvature(_ values: [Double], _ output: Int, _ hidden: Int) -> Double {
    (0..<output).reduce(0) { sum, j in
      let differences = (0..<(expertCount - 1)).map { values[hidden + $0 * output + j] }
      let total = differences.reduce(0, +)
      return sum + penalty * (dot(differences, differences) - total * total / Double(expertCount))
    }
  }

  /// λ for the hidden units' weights, λ (1{l = m} − 1/K) for the output units'.
  public var priorCurvature: Matrix {
    let (output, hidden) = counts
    return Matrix(symmetricOfOrder: parameterValues.count) { a, b in
      if a == b { return penalty * (a < hidden ? 1 : 1 - 1 / Double(expertCount)) }
      return a >= hidden && b >= hidden && (a - hidden) % output == (b - hidden) % output
        ? -penalty / Double(expertCount) : 0
    }
  }
}

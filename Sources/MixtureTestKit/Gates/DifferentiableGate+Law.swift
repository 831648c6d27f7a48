import GSL
import MixtureCore

extension DifferentiableGate {
  /// How the gate's derivatives differ from differences.
  func derivativeViolations(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> [String] {
    var points = self
    points.move(to: parameterValues)
    let values = points.parameterValues
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    var shares = [Double](repeating: 0, count: expertCount * tile.capacity)
    for k in 0..<expertCount {
      for i in 0..<tile.assignmentCount { shares[k * tile.capacity + i] = responsibilities.rows[i][k] }
    }
    let own = points.gradients(tile)
    var information = [Double](repeating: 0, count: Matrix.pairCount(values.count))
    withMutableSpan(of: &information) { points.accumulateInformation(on: tile, weighedBy: shares.span, into: &$0) }
    var found = differences("parameters, moved to where they are", parameterValues, values, tolerance: 1e-9)
    for place in values.indices {
      let difference = CentralDifference(step: 1e-3 * max(1, abs(values[place]))) { offset in
        var (moved, point) = (points, values)
        point[place] += offset
        moved.move(to: point)
        return (logs: moved.logWeights(tile), gradients: moved.gradients(tile))
      }
      let logs = points.logWeights(tile)
      for k in 0..<expertCount {
        // An assignment that is known not to be the expert's has the logarithm of a number near zero, in which nothing else shows.
        let possible = (0..<tile.assignmentCount).filter { logs[k * tile.capacity + $0] > -1e50 }
        found += differences(
          "the gradient of expert \(k)'s log weight by parameter \(place), and its differences",
          possible.map { own[k][place * tile.capacity + $0] },
          possible.map { i in difference.slope { $0.logs[k * tile.capacity + i] } }, tolerance: 1e-4)
      }
      found += differences(
        "the information about parameter \(place), and differences of gradients",
        values.indices.map {
          information[Matrix.pairIndex(min(place, $0), max(place, $0), order: values.count)]
        },
        values.indices.map { other in
          (0..<expertCount).reduce(0) { sum, k in
            (0..<tile.assignmentCount).reduce(sum) { sum, i in
              sum - shares[k * tile.capacity + i] * difference.slope { $0.gradients[k][other * tile.capacity + i] }
            }
          }
        }, tolerance: 1e-4)
    }
    return found
      + differences(
        "the curvature of the prior, and differences of its logarithm", points.priorCurvature.elements,
        Matrix.curvature(at: values) { point in
          var moved = points
          moved.move(to: point)
          return moved.logPrior
        }.elements, tolerance: 1e-3)
  }

  /// A column for each parameter, of expert after expert.
  private func gradients(_ tile: Tile) -> [[Double]] {
    (0..<expertCount).map { k in
      var columns = [Double](repeating: 0, count: parameterValues.count * tile.capacity)
      withMutableSpan(of: &columns) { writeGradients(ofExpert: k, on: tile, into: &$0) }
      return columns
    }
  }

  private func logWeights(_ tile: Tile) -> [Double] {
    var scores = [Double](repeating: 0, count: expertCount * tile.capacity)
    withMutableSpan(of: &scores) { expectedLogWeights(tile, into: &$0) }
    return scores
  }
}

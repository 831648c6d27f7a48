import ConjugateFamilies
import GSL
import MixtureCore

// The derivatives of the likelihood in the coefficients of standardised features and the parameters of the scale.

extension Regression: DifferentiableModel {
  /// The free coefficients and the scale's own of expert after expert, then what all share of the scale.
  public static func parameterPlaces(of experts: [Self], sharing shared: RegressionShared<Family>) -> ParameterPlaces {
    var next = 0
    var ofExpert: [[Int?]] = []
    let roles = experts.indices.map { Family.Scale.roles(shared.scale, expert: $0) }
    for k in experts.indices {
      var places = [Int?](repeating: nil, count: experts[k].posterior.dimension + roles[k].count)
      let ofScale = roles[k].indices.filter { roles[k][$0] == .own }.map { experts[k].posterior.dimension + $0 }
      for parameter in shared.freeCoefficients[k] + ofScale {
        places[parameter] = next
        next += 1
      }
      ofExpert.append(places)
    }
    for parameter in (roles.first ?? []).indices where roles[0][parameter] == .shared {
      for k in experts.indices { ofExpert[k][experts[k].posterior.dimension + parameter] = next }
      next += 1
    }
    return ParameterPlaces(count: next, ofExpert: ofExpert)
  }

  /// E ∂ ln p / ∂η · x for the coefficients, and E ∂ ln p / ∂φ.
  public static func writeGradients(
    of experts: [Self], sharing shared: RegressionShared<Family>, on tile: Tile, into gradients: inout MutableSpan<Double>
  ) {
    var first = 0
    for expert in experts {
      let design = tile.design(expert.coordinates.standardization)
      let derivatives = expert.derivatives(tile)
      gradients.withElements(in: first..<(first + design.dimension * tile.capacity)) {
        design.multiplyColumns(by: derivatives.gradients.span.extracting(derivatives.column(of: 0)), into: &$0)
      }
      first += design.dimension * tile.capacity
      for parameter in 1..<derivatives.count {
        gradients.withElements(in: first..<(first + tile.capacity)) {
          VectorKernels.copy(derivatives.gradients.span.extracting(derivatives.column(of: parameter)), into: &$0)
        }
        first += tile.capacity
      }
    }
  }

  /// −Σ r E ∂² ln p / ∂η² · x xᵀ for the coefficients, with their mixed derivatives and those of the scale.
  public static func accumulateInformation(
    of experts: [Self], sharing shared: RegressionShared<Family>, on tile: Tile, weighedBy responsibilities: Span<Double>,
    into information: inout MutableSpan<Double>
  ) {
    var first = 0
    for (k, expert) in experts.enumerated() {
      let design = tile.design(expert.coordinates.standardization)
      let derivatives = expert.derivatives(tile)
      let weights = responsibilities.extracting(tile.column(k))
      let (dimension, order) = (design.dimension, design.dimension + derivatives.count - 1)
      var weighted = [Double](repeating: 0, count: tile.capacity)
      withMutableSpan(of: &weighted) {
        VectorKernels.multiply(
          derivatives.information.span.extracting(derivatives.column(of: 0, and: 0)), weights, into: &$0)
      }
      var ofCoefficients = [Double](repeating: 0, count: design.pairCount)
      withMutableSpan(of: &ofCoefficients) {
        design.accumulatePairs(weighedBy: weighted.span, columns: 1, into: &$0, stride: design.pairCount)
      }
      let ofScale = (1..<derivatives.count).map { parameter in
        withMutableSpan(of: &weighted) {
          VectorKernels.multiply(
            derivatives.information.span.extracting(derivatives.column(of: 0, and: parameter)), weights, into: &$0)
        }
        var sums = [Double](repeating: 0, count: dimension)
        withMutableSpan(of: &sums) { design.accumulate(weighedBy: weighted.span, columns: 1, into: &$0, stride: dimension) }
        return sums
      }
      var (place, pair) = (first, 0)
      for a in 0..<order {
        for b in a..<order {
          if b < dimension {
            information[place] += ofCoefficients[pair]
            pair += 1
          } else if a < dimension {
            information[place] += ofScale[b - dimension][a]
          } else {
            information[place] += VectorKernels.dot(
              derivatives.information.span.extracting(derivatives.column(of: a - dimension + 1, and: b - dimension + 1)),
              weights)
          }
          place += 1
        }
      }
      first = place
    }
  }

  /// The derivatives of the tile's rows in η and the scale's parameters, the scale at its mean.
  private func derivatives(_ tile: Tile) -> TileDerivatives {
    let rows = predictors(tile, coefficients: posterior)
    return TileDerivatives(
      family, rows.response, means: rows.means, variances: rows.variances, scale: scale.atMean, capacity: tile.capacity)
  }
}

import ConjugateFamilies
import Foundation
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

  /// The means of the standardised coefficients, and the scale's parameters.
  public static func parameterValues(of experts: [Self], sharing shared: RegressionShared<Family>) -> [Double] {
    let places = parameterPlaces(of: experts, sharing: shared)
    var values = [Double](repeating: 0, count: places.count)
    for (expert, places) in zip(experts, places.ofExpert) {
      for (value, place) in zip(expert.posterior.mean + expert.scale.unconstrained, places) {
        if let place { values[place] = value }
      }
    }
    return values
  }

  /// Points for the coefficients and the scales.
  public static func move(
    _ experts: inout [Self], sharing shared: inout RegressionShared<Family>, to values: [Double]
  ) {
    let places = parameterPlaces(of: experts, sharing: shared)
    for k in experts.indices {
      let (posterior, scale) = (experts[k].posterior, experts[k].scale)
      let moved = zip(posterior.mean + scale.unconstrained, places.ofExpert[k]).map { $1.map { values[$0] } ?? $0 }
      experts[k].posterior = Gaussian(point: Array(moved.prefix(posterior.dimension)))
      experts[k].scale = scale.having(unconstrained: Array(moved.dropFirst(posterior.dimension)))
    }
  }

  /// E ∂ ln p / ∂η · x for the coefficients, and E ∂ ln p / ∂φ; −Σ r E ∂² ln p / ∂η² · x xᵀ, with the mixed derivatives and those of the scale.
  public static func differentiate(
    _ experts: [Self], sharing shared: RegressionShared<Family>, on tile: Tile, weighedBy responsibilities: Span<Double>,
    gradients: inout MutableSpan<Double>, information: inout MutableSpan<Double>
  ) {
    guard let coordinates = experts.first?.coordinates else { return }
    let design = tile.design(coordinates.standardization)
    let (dimension, capacity) = (design.dimension, tile.capacity)
    let derivatives = experts.map { $0.derivatives(tile) }
    let count = derivatives[0].count
    let order = dimension + count - 1
    for (k, derivatives) in derivatives.enumerated() {
      let first = k * order * capacity
      gradients.withElements(in: first..<(first + dimension * capacity)) {
        design.multiplyColumns(by: derivatives.gradients.span.extracting(derivatives.column(of: 0)), into: &$0)
      }
      for parameter in 1..<count {
        let place = first + (dimension + parameter - 1) * capacity
        gradients.withElements(in: place..<(place + capacity)) {
          VectorKernels.copy(derivatives.gradients.span.extracting(derivatives.column(of: parameter)), into: &$0)
        }
      }
    }
    /// r times the information of η and another parameter, a column for each expert.
    var weighted = [Double](repeating: 0, count: experts.count * capacity)
    func weigh(by parameter: Int) {
      for (k, derivatives) in derivatives.enumerated() {
        withMutableSpan(of: &weighted) {
          $0.withElements(in: tile.column(k)) {
            VectorKernels.multiply(
              derivatives.information.span.extracting(derivatives.column(of: 0, and: parameter)),
              responsibilities.extracting(tile.column(k)), into: &$0)
          }
        }
      }
    }
    weigh(by: 0)
    var ofCoefficients = [Double](repeating: 0, count: experts.count * design.pairCount)
    withMutableSpan(of: &ofCoefficients) {
      design.accumulatePairs(weighedBy: weighted.span, columns: experts.count, into: &$0, stride: design.pairCount)
    }
    let ofScale = (1..<count).map { parameter in
      weigh(by: parameter)
      var sums = [Double](repeating: 0, count: experts.count * dimension)
      withMutableSpan(of: &sums) {
        design.accumulate(weighedBy: weighted.span, columns: experts.count, into: &$0, stride: dimension)
      }
      return sums
    }
    var place = 0
    for (k, derivatives) in derivatives.enumerated() {
      var pair = k * design.pairCount
      for a in 0..<order {
        for b in a..<order {
          if b < dimension {
            information[place] += ofCoefficients[pair]
            pair += 1
          } else if a < dimension {
            information[place] += ofScale[b - dimension][k * dimension + a]
          } else {
            information[place] += VectorKernels.dot(
              derivatives.information.span.extracting(derivatives.column(of: a - dimension + 1, and: b - dimension + 1)),
              responsibilities.extracting(tile.column(k)))
          }
          place += 1
        }
      }
    }
  }

  /// That of the prior of the coefficients, as a density of standardised ones, and of the scales.
  public static func logPrior(of experts: [Self], sharing shared: RegressionShared<Family>) throws -> Double {
    let places = parameterPlaces(of: experts, sharing: shared)
    var (sum, known) = (0.0, Set<Int>())
    for (k, expert) in experts.enumerated() {
      sum += try shared.logPrior(ofExpert: k, expert)
      let dimension = expert.posterior.dimension
      for (parameter, density) in expert.scale.logPriors(shared.scale, estimate: shared.estimate).enumerated() {
        // What is shared has one prior.
        if let place = places.ofExpert[k][dimension + parameter], known.insert(place).inserted { sum += density }
      }
    }
    return sum
  }

  /// That of the prior of the coefficients, and of the scales.
  public static func priorCurvature(of experts: [Self], sharing shared: RegressionShared<Family>) throws -> Matrix {
    let places = parameterPlaces(of: experts, sharing: shared)
    var result = Matrix(rows: places.count, columns: places.count)
    for (k, expert) in experts.enumerated() {
      let (places, dimension) = (places.ofExpert[k], expert.posterior.dimension)
      if let curvature = try shared.priorCurvature(ofExpert: k, expert) {
        for a in shared.freeCoefficients[k] {
          for b in shared.freeCoefficients[k] { result[places[a]!, places[b]!] += curvature[a, b] }
        }
      }
      for (parameter, curvature) in expert.scale.priorCurvatures(shared.scale).enumerated() {
        // What is shared has one prior, and its place the same number for all.
        if let place = places[dimension + parameter] { result[place, place] = curvature }
      }
    }
    return result
  }

  /// A normal distribution of the coefficients, and scales as uncertain as they are by themselves or by the covariance, whichever is more. Points
  /// stay points, and predict as such; and so does an expert stay as it is whose part of the covariance is not positive definite.
  public static func spread(
    _ experts: inout [Self], sharing shared: inout RegressionShared<Family>, over covariance: Matrix
  ) {
    guard shared.estimate == .variational else { return }
    let places = parameterPlaces(of: experts, sharing: shared)
    for k in experts.indices {
      let (free, mean) = (shared.freeCoefficients[k], experts[k].posterior.mean)
      let ofCoefficients = covariance.restricted(to: free.compactMap { places.ofExpert[k][$0] })
      if !free.isEmpty, let distribution = try? Gaussian(mean: free.map { mean[$0] }, covariance: ofCoefficients) {
        experts[k].posterior = Gaussian(mean: mean, free: free, precision: distribution.precision)
      }
      let ofScale = places.ofExpert[k].dropFirst(mean.count).map { $0.map { covariance[$0, $0] } ?? 0 }
      experts[k].scale = experts[k].scale.spread(over: ofScale)
    }
  }

  /// The map to coefficients in the units of the data, but for those that a learned prior has pruned; of the scale by differences.
  public static func slopes(
    of experts: [Self], sharing shared: RegressionShared<Family>, for data: DataSummary
  ) -> [[ParameterSlopes]] {
    let places = parameterPlaces(of: experts, sharing: shared)
    return experts.enumerated().map { k, expert in
      let (places, coordinates) = (places.ofExpert[k], expert.coordinates)
      let dimension = expert.posterior.dimension
      let ofCoefficients = (0..<dimension).map { j in
        expert.prunedCoefficients.contains(j)
          ? ParameterSlopes()
          : ParameterSlopes(coordinates.originalRow(j).compactMap { term in places[term.place].map { ($0, term.slope) } })
      }
      let ofScale = ParameterSlopes.byDifferences(at: expert.scale.unconstrained) { values in
        expert.scale.having(unconstrained: values).parameters(unit: coordinates.unit).map(\.value)
      }
      return ofCoefficients
        + ofScale.map { slopes in
          ParameterSlopes(slopes.terms.compactMap { term in places[dimension + term.place].map { ($0, term.slope) } })
        }
    }
  }

  /// The derivatives of the tile's rows in η and the scale's parameters, the scale at its mean.
  private func derivatives(_ tile: Tile) -> TileDerivatives {
    let rows = predictors(tile, coefficients: posterior)
    let scale = scale.atMean
    var result = TileDerivatives(scaleCount: scale.unconstrained.count, capacity: tile.capacity)
    family.differentiate(rows.response, means: rows.means, variances: rows.variances, scale: scale, into: &result)
    result.clearOverflow()
    return result
  }
}

extension RegressionShared {
  /// ln of the prior density of the standardised coefficients of an expert; zero if flat.
  fileprivate func logPrior(ofExpert k: Int, _ expert: Regression<Family>) throws -> Double {
    let density = try prior.logDensity(ofExpert: k, at: posterior(expert).mean)
    guard priorIsOriginal, try prior.distribution(ofExpert: k) != nil, let coordinates else { return density }
    return density - coordinates.coefficientMap.matrix.diagonal.reduce(0) { $0 + log(abs($1)) }
  }

  /// The curvature of the prior of the standardised coefficients of an expert; nil if flat.
  fileprivate func priorCurvature(ofExpert k: Int, _ expert: Regression<Family>) throws -> Matrix? {
    guard let curvature = try prior.curvature(ofExpert: k, at: posterior(expert).mean), let coordinates else { return nil }
    guard priorIsOriginal else { return curvature }
    let inverse = coordinates.coefficientMap.inverse
    return inverse.transposed * (curvature * inverse)
  }
}

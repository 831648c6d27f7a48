import Foundation
import GSL
import Gates
import MixtureCore

// Laws of what errors need. Types that are not `DifferentiableModel` tell no derivatives, and keep them.

extension ModelSubject {
  /// Gradients against differences of the scores of points, information against differences of gradients, and the prior's curvature against
  /// differences of its density.
  func derivatives(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    try (examination.updated(3) as? any ScoredBlock & StatisticalPart)?.derivativeViolations(
      examination.rows, examination.nearTruth)
      ?? []
  }

  /// The covariance of a fit of points against that of SEM.
  func errors() throws -> [String] {
    guard let pointBlock, pointBlock is any ScoredBlock else { return [] }
    var options = FitOptions()
    (options.starts, options.maximumIterations, options.tolerance) = (StartRecipe.allCases.count, 5000, .relative(1e-15))
    let mixture = try MixtureModel(gate: DirichletGate(estimate: .maximumLikelihood), blocks: [pointBlock])
    let map = try PlainMap(mixture.fitBlocking(rows, options: options).mixture, rows)
    return try map.violations()
  }
}

extension PlainMap {
  /// What differs between the information of the observed rows and that of SEM, in units of the complete information.
  func violations() throws -> [String] {
    let (complete, observed) = try information()
    let units = complete.diagonal.map { 1 / $0.squareRoot() }
    return differences(
      "the information of the rows, and that by the rates of convergence", observed.scaled(by: units).elements,
      try informationByRates().scaled(by: units).elements, tolerance: 2e-4)
  }
}

extension ScoredBlock where Self: StatisticalPart {
  private func moved(to values: [Double]) -> Self {
    var result = self
    result.move(to: values)
    return result
  }

  /// The gradients of each row, and the complete information of each expert.
  private func derivatives(
    _ tile: Tile, _ responsibilities: Responsibilities
  ) throws -> (gradients: [Double], information: [Double]) {
    let counts = places.ofExpert.map(\.count)
    var shares = [Double](repeating: 0, count: count * tile.capacity)
    for k in 0..<count {
      for i in tile.rows { shares[k * tile.capacity + i] = responsibilities.rows[tile.rowNumbers.lowerBound + i][k] }
    }
    var gradients = [Double](repeating: 0, count: counts.reduce(0, +) * tile.capacity)
    var information = [Double](repeating: 0, count: counts.reduce(0) { $0 + Matrix.pairCount($1) })
    try withMutableSpan(of: &gradients) { gradients in
      try withMutableSpan(of: &information) {
        try differentiate(on: tile, weighedBy: shares.span, gradients: &gradients, information: &$0)
      }
    }
    return (gradients, information)
  }

  /// How the block's derivatives differ from differences.
  func derivativeViolations(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> [String] {
    let points = moved(to: parameterValues)
    let (places, values) = (points.places, points.parameterValues)
    guard values.count == places.count, places.ofExpert.count == count else {
      return ["\(values.count) values of \(places.count) parameters, and places of \(places.ofExpert.count) experts"]
    }
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    let own = try points.derivatives(tile, responsibilities)
    let first = ranges(of: places.ofExpert.map(\.count)).map(\.lowerBound)
    let firstPair = ranges(of: places.ofExpert.map { Matrix.pairCount($0.count) }).map(\.lowerBound)
    var found = differences("parameters, moved to where they are", parameterValues, values, tolerance: 1e-9)
    for place in 0..<places.count {
      let difference = try CentralDifference(step: 1e-3 * max(1, abs(values[place]))) { offset in
        var point = values
        point[place] += offset
        let moved = points.moved(to: point)
        return try (scores: moved.scores(rows), gradients: moved.derivatives(tile, responsibilities).gradients)
      }
      for (k, parameters) in places.ofExpert.enumerated() {
        guard let a = parameters.firstIndex(of: place) else { continue }
        let column = (first[k] + a) * tile.capacity
        found += differences(
          "the gradient of expert \(k) by parameter \(a), and differences of its scores",
          tile.rows.map { own.gradients[column + $0] }, tile.rows.map { i in difference.slope { $0.scores[i][k] } },
          tolerance: 1e-4)
        let order = parameters.count
        let free = parameters.indices.filter { parameters[$0] != nil }
        found += differences(
          "the information of expert \(k) about parameter \(a), and differences of its gradients",
          free.map { own.information[firstPair[k] + Matrix.pairIndex(min(a, $0), max(a, $0), order: order)] },
          free.map { b in
            tile.rows.reduce(0) { sum, i in
              let place = (first[k] + b) * tile.capacity + i
              return sum - responsibilities.rows[i][k] * difference.slope { $0.gradients[place] }
            }
          }, tolerance: 1e-4)
      }
    }
    return try found
      + differences(
        "the curvature of the prior, and differences of its logarithm",
        points.priorCurvature().elements,
        Matrix.curvature(at: values) { try points.moved(to: $0).logPrior() }.elements, tolerance: 1e-3)
  }
}

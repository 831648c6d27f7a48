import Foundation
import GSL
import Gates
import MixtureCore

// Laws of what errors need. Types that are not `DifferentiableModel` tell no derivatives, and keep them.

extension ModelSubject {
  /// Gradients against differences of the scores of points, information against differences of gradients, and the prior's curvature against
  /// differences of its density.
  func derivatives(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    try (examination.updated(3) as? any DifferentiableBlock)?.derivativeViolations(examination.rows, examination.nearTruth)
      ?? []
  }

  /// The covariance of a fit of points against that of SEM.
  func errors() throws -> [String] {
    guard let pointBlock, pointBlock is any DifferentiableBlock else { return [] }
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

/// A block whose experts tell their derivatives.
private protocol DifferentiableBlock {
  func derivativeViolations(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> [String]
}

extension Block: DifferentiableBlock where Model: DifferentiableModel {
  private var places: ParameterPlaces { Model.parameterPlaces(of: experts, sharing: shared) }
  private var values: [Double] { Model.parameterValues(of: experts, sharing: shared) }

  private func moved(to values: [Double]) -> Block {
    var result = self
    Model.move(&result.experts, sharing: &result.shared, to: values)
    return result
  }

  /// The gradients of each row, and the complete information of each expert.
  private func derivatives(
    _ tile: Tile, _ responsibilities: Responsibilities
  ) throws -> (gradients: [Double], information: [Double]) {
    let counts = places.ofExpert.map(\.count)
    var shares = [Double](repeating: 0, count: experts.count * tile.capacity)
    for k in experts.indices {
      for i in tile.rows { shares[k * tile.capacity + i] = responsibilities.rows[tile.rowNumbers.lowerBound + i][k] }
    }
    var gradients = [Double](repeating: 0, count: counts.reduce(0, +) * tile.capacity)
    var information = [Double](repeating: 0, count: counts.reduce(0) { $0 + Matrix.pairCount($1) })
    var failure: (any Error)?
    withMutableSpan(of: &gradients) { gradients in
      withMutableSpan(of: &information) {
        do {
          try Model.differentiate(
            experts, sharing: shared, on: tile, weighedBy: shares.span, gradients: &gradients, information: &$0)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return (gradients, information)
  }

  func derivativeViolations(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> [String] {
    let points = moved(to: values)
    let (places, values) = (points.places, points.values)
    guard values.count == places.count, places.ofExpert.count == experts.count else {
      return ["\(values.count) values of \(places.count) parameters, and places of \(places.ofExpert.count) experts"]
    }
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    let own = try points.derivatives(tile, responsibilities)
    let first = places.ofExpert.indices.map { places.ofExpert[..<$0].reduce(0) { $0 + $1.count } }
    let firstPair = places.ofExpert.indices.map { places.ofExpert[..<$0].reduce(0) { $0 + Matrix.pairCount($1.count) } }
    var found = differences("parameters, moved to where they are", self.values, values, tolerance: 1e-9)
    for place in 0..<places.count {
      let step = 1e-3 * max(1, abs(values[place]))
      func at(_ steps: Double) throws -> (scores: [[Double]], gradients: [Double]) {
        var point = values
        point[place] += steps * step
        let moved = points.moved(to: point)
        return try (moved.scores(rows), moved.derivatives(tile, responsibilities).gradients)
      }
      let moves = try [-2.0, -1, 1, 2].map(at)
      func slope(_ value: ((scores: [[Double]], gradients: [Double])) -> Double) -> Double {
        (8 * (value(moves[2]) - value(moves[1])) - (value(moves[3]) - value(moves[0]))) / (12 * step)
      }
      for (k, parameters) in places.ofExpert.enumerated() {
        guard let a = parameters.firstIndex(of: place) else { continue }
        let column = (first[k] + a) * tile.capacity
        found += differences(
          "the gradient of expert \(k) by parameter \(a), and differences of its scores",
          tile.rows.map { own.gradients[column + $0] }, tile.rows.map { i in slope { $0.scores[i][k] } }, tolerance: 1e-4)
        let order = parameters.count
        let free = parameters.indices.filter { parameters[$0] != nil }
        found += differences(
          "the information of expert \(k) about parameter \(a), and differences of its gradients",
          free.map { own.information[firstPair[k] + Matrix.pairIndex(min(a, $0), max(a, $0), order: order)] },
          free.map { b in
            tile.rows.reduce(0) { sum, i in
              let place = (first[k] + b) * tile.capacity + i
              return sum - responsibilities.rows[i][k] * slope { $0.gradients[place] }
            }
          }, tolerance: 1e-4)
      }
    }
    return try found
      + differences(
        "the curvature of the prior, and differences of its logarithm",
        Model.priorCurvature(of: points.experts, sharing: points.shared).elements,
        Matrix.curvature(at: values) { point in
          let moved = points.moved(to: point)
          return try Model.logPrior(of: moved.experts, sharing: moved.shared)
        }.elements, tolerance: 1e-3)
  }
}

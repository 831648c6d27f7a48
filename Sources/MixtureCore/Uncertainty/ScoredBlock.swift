import GSL

/// A block whose experts tell their derivatives: ``DifferentiableModel`` with its static type hidden.
package protocol ScoredBlock: AnyBlock {
  /// Where the experts' parameters are.
  var places: ParameterPlaces { get }
  /// θ.
  var parameterValues: [Double] { get }
  /// Makes the experts certain of other values of θ.
  mutating func move(to values: [Double])
  /// Gradients and complete information; see ``DifferentiableModel``.
  func differentiate(
    on tile: Tile, weighedBy responsibilities: Span<Double>, gradients: inout MutableSpan<Double>,
    information: inout MutableSpan<Double>) throws
  /// ln of the density of the experts' prior.
  func logPrior() throws -> Double
  /// The curvature of the experts' prior.
  func priorCurvature() throws -> Matrix
  /// Makes what is known of the experts as wide as a covariance of θ says.
  mutating func spread(over covariance: Matrix)
  /// How what the experts tell changes with θ.
  func slopes(for data: DataSummary) -> [[ParameterSlopes]]
}

extension Block: ScoredBlock where Model: DifferentiableModel {
  package var places: ParameterPlaces { Model.parameterPlaces(of: experts, sharing: shared) }
  package var parameterValues: [Double] { Model.parameterValues(of: experts, sharing: shared) }
  package mutating func move(to values: [Double]) { Model.move(&experts, sharing: &shared, to: values) }

  package func differentiate(
    on tile: Tile, weighedBy responsibilities: Span<Double>, gradients: inout MutableSpan<Double>,
    information: inout MutableSpan<Double>
  ) throws {
    try Model.differentiate(
      experts, sharing: shared, on: view.map(tile.seen) ?? tile, weighedBy: responsibilities, gradients: &gradients,
      information: &information)
  }

  package func logPrior() throws -> Double { try Model.logPrior(of: experts, sharing: shared) }

  package func priorCurvature() throws -> Matrix { try Model.priorCurvature(of: experts, sharing: shared) }

  package mutating func spread(over covariance: Matrix) { Model.spread(&experts, sharing: &shared, over: covariance) }

  package func slopes(for data: DataSummary) -> [[ParameterSlopes]] {
    Model.slopes(of: experts, sharing: shared, for: view.map(data.seen) ?? data)
  }
}

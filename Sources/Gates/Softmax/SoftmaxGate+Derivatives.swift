import GSL
import MixtureCore

extension SoftmaxGate: DifferentiableGate {
  /// The coefficients of each expert but the last less those of the last, in standardised features.
  public var parameterValues: [Double] { node.parameterValues }

  /// Points for the coefficients.
  public mutating func move(to values: [Double]) {
    node.move(to: values)
    spread = nil
  }

  /// That of the differences between experts.
  public var logPrior: Double { node.logPrior(isProper: estimate != .maximumLikelihood) }

  /// (1{k = l} − π_l) x at the means.
  public func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    node.writeGradients(ofChild: expert, tile, design: tile.gateDesign(standardization), into: &gradients)
  }

  /// Σ w (π_l 1{l = m} − π_l π_m) x xᵀ at the means.
  public func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    node.accumulateInformation(
      tile, design: tile.gateDesign(standardization), weights: tile.assignmentWeights, order: node.parameterCount,
      into: &information)
  }

  /// That of the penalty, λ (1{l = m} − 1/K) I.
  public var priorCurvature: Matrix { node.priorCurvature }

  /// Those of each expert's coefficients less their mean.
  public func slopes(for data: DataSummary) -> GateSlopes {
    GateSlopes(ofExperts: (0..<expertCount).map { node.slopes(ofChild: $0, standardization) }, common: [])
  }
}

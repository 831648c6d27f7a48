import GSL

/// A gate that tells how ln π_k of an assignment changes with its parameters: what standard errors of its own parameters, and of the experts',
/// need beyond fitting.
///
/// The parameters are θ, numbers without bounds and without redundancy: of constant weights the logarithms of their ratios to one of them.
/// Derivatives are those at the means of parameters that have a distribution.
public protocol DifferentiableGate: Gate {
  /// θ.
  var parameterValues: [Double] { get }

  /// Makes the gate certain of other values of θ: points, whatever distributions it had.
  mutating func move(to values: [Double])

  /// Writes ∂ ln π_k / ∂θ of each assignment for one expert k.
  ///
  /// - Parameters:
  ///   - expert: k.
  ///   - tile: the assignments.
  ///   - gradients: a column for each parameter, ``Tile/capacity`` numbers long; zeros.
  func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>)

  /// Adds the complete information −Σ_ik r_ik ∂² ln π_ik / ∂θ ∂θᵀ.
  ///
  /// - Parameters:
  ///   - tile: the assignments.
  ///   - responsibilities: r_ik, weights included, a column for each expert.
  ///   - information: the pairs a ≤ b of parameters in the order (0,0), (0,1), …, (1,1), ….
  func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>)

  /// ln p(θ) of the prior at θ, as a density of θ; of points its logarithm as they maximise it. Zero where the prior is flat, as under maximum
  /// likelihood.
  var logPrior: Double { get }

  /// −∂² ln p(θ) / ∂θ ∂θᵀ of the prior at θ. By default by differences.
  var priorCurvature: Matrix { get }

  /// How what the gate tells in ``Gate/parameters(for:)`` and ``Gate/commonParameters(for:)`` changes with θ, in the same order. By default by
  /// differences.
  func slopes(for data: DataSummary) -> GateSlopes
}

/// How what a gate tells changes with its parameters.
public struct GateSlopes: Sendable, Equatable {
  /// The slopes of what it tells of each expert.
  public var ofExperts: [[ParameterSlopes]]
  /// The slopes of what it tells of all together.
  public var common: [ParameterSlopes]

  /// Slopes of what is told of experts, and of all together.
  public init(ofExperts: [[ParameterSlopes]], common: [ParameterSlopes]) {
    (self.ofExperts, self.common) = (ofExperts, common)
  }
}

extension DifferentiableGate {
  /// By differences of step 2⁻⁸ in each θ.
  public var priorCurvature: Matrix {
    Matrix.curvature(at: parameterValues) { values in
      var moved = self
      moved.move(to: values)
      return moved.logPrior
    }
  }

  /// By differences of step 2⁻¹⁰ in each θ, to fourth order.
  public func slopes(for data: DataSummary) -> GateSlopes {
    let counts = parameters(for: data).map(\.count)
    let slopes = ParameterSlopes.byDifferences(at: parameterValues) { values in
      var moved = self
      moved.move(to: values)
      return (moved.parameters(for: data).joined() + moved.commonParameters(for: data)).map(\.value)
    }
    return GateSlopes(
      ofExperts: ranges(of: counts).map { Array(slopes[$0]) }, common: Array(slopes.dropFirst(counts.reduce(0, +))))
  }
}

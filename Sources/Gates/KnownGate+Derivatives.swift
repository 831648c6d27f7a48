import GSL
import MixtureCore

// What is known of an assignment has no parameters: all are those of the other gate, and none where that tells no derivatives.

extension KnownGate: DifferentiableGate {
  private var ofBase: (any DifferentiableGate)? { base as? any DifferentiableGate }

  /// Those of the other gate.
  public var parameterValues: [Double] { ofBase?.parameterValues ?? [] }

  /// Moves the other gate.
  public mutating func move(to values: [Double]) {
    guard var moved = ofBase else { return }
    moved.move(to: values)
    base = moved
  }

  /// Those of the other gate.
  public func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    ofBase?.writeGradients(ofExpert: expert, on: baseTile(tile), into: &gradients)
  }

  /// That of the other gate under the same responsibilities.
  public func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    ofBase?.accumulateInformation(on: baseTile(tile), weighedBy: responsibilities, into: &information)
  }

  /// That of the other gate.
  public var logPrior: Double { ofBase?.logPrior ?? 0 }

  /// That of the other gate.
  public var priorCurvature: Matrix { ofBase?.priorCurvature ?? Matrix(rows: 0, columns: 0) }

  /// Those of the other gate.
  public func slopes(for data: DataSummary) -> GateSlopes {
    ofBase?.slopes(for: baseSummary(data)) ?? GateSlopes(ofExperts: [], common: [])
  }
}

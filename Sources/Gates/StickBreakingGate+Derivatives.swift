import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// θ_s = ln v_s / (1 − v_s) of each fraction but the last, which takes the rest.

extension StickBreakingGate: DifferentiableGate {
  /// Where E v_s stands for v_s: the peak of its density as one of θ_s.
  private var values: [Double] { points ?? fractions.map { $0.mean[0] } }

  /// The stick of each expert.
  private var sticks: [Int] {
    var sticks = order
    for (stick, expert) in order.enumerated() { sticks[expert] = stick }
    return sticks
  }

  /// The logits of the fractions, ln v_s / (1 − v_s).
  public var parameterValues: [Double] { values.map { log($0 / (1 - $0)) } }

  /// Points for the fractions.
  public mutating func move(to values: [Double]) { points = values.map { 1 / (1 + exp(-$0)) } }

  /// That of the fractions as a density of θ, Σ_s ln Beta(v_s | 1, E α) + ln v_s (1 − v_s).
  public var logPrior: Double {
    values.reduce(0) { $0 + log(meanConcentration) + log($1) + meanConcentration * log(1 - $1) }
  }

  /// 1 − v_s on the expert's own stick, −v_s on those in front of it.
  private func gradient(ofStick stick: Int) -> [Double] {
    values.enumerated().map { s, value in s < stick ? -value : s == stick ? 1 - value : 0 }
  }

  /// The same for each assignment.
  public func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    for (s, value) in gradient(ofStick: sticks[expert]).enumerated() {
      for i in 0..<tile.assignmentCount { gradients[s * tile.capacity + i] = value }
    }
  }

  /// v_s (1 − v_s) for each assignment that came as far as stick s.
  public func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    var rows = 0.0
    for expert in order.dropFirst(fractions.count) {
      rows += VectorKernels.sum(responsibilities.extracting(tile.column(expert)))
    }
    for (s, value) in values.enumerated().reversed() {
      rows += VectorKernels.sum(responsibilities.extracting(tile.column(order[s])))
      information[Matrix.pairIndex(s, s, order: fractions.count)] += rows * value * (1 - value)
    }
  }

  /// (1 + E α) v_s (1 − v_s), that of Beta(1, E α) as a density of θ_s.
  public var priorCurvature: Matrix {
    Matrix(diagonal: values.map { (1 + meanConcentration) * $0 * (1 - $0) })
  }

  /// The weights' slopes: π_k times those of ln π_k.
  public func slopes(for data: DataSummary) -> GateSlopes {
    let (weights, sticks) = (weights, sticks)
    let ofExperts = (0..<expertCount).map { k in
      [
        ParameterSlopes(
          gradient(ofStick: sticks[k]).enumerated().filter { $0.element != 0 }.map { ($0.offset, weights[k] * $0.element) })
      ]
    }
    return GateSlopes(ofExperts: ofExperts, common: commonParameters(for: data).map { _ in ParameterSlopes() })
  }
}

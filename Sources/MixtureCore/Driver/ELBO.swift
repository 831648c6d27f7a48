import Foundation
import GSL

/// The evidence lower bound (ELBO), in nats, and what each part gives to it.
public struct ELBO: Sendable, Codable, Equatable {
  /// One part's term.
  public struct Term: Sendable, Codable, Equatable {
    /// The part's name; `responsibilities` for Σ_i w_i ln Σ_k exp(E ln π_k + E ln p(y_i | x_i, θ_k)), which is what the
    /// data give once q(Z) is at its maximum.
    public var part: String
    /// The term's value; a divergence counts negative.
    public var value: Double
  }

  /// The terms, in a fixed order. The last one, `units`, is what the units of the columns add: a density per unit of the data is one per
  /// unit of the fit, divided by Π of the units (see ``ColumnUnits``).
  public var terms: [Term]
  /// What rounding may take from the ELBO: 64 ε × the sum of the absolute values of its terms, those that cancel within the scores
  /// and the divergences among them (see ``LocalModel/cancellingTerms(of:sharing:in:)``).
  public var rounding: Double

  /// The sum of the terms.
  public var total: Double { inUnitsOfFit + (terms.last?.value ?? 0) }

  /// The term of the part of that name, such as `LinearExpert`; nil if there is none.
  public subscript(part: String) -> Double? { terms.first { $0.part == part }?.value }

  /// The sum of the terms but for that of the units: the same for the same data in any units, so that when a fit stops, and which start
  /// is the best, does not depend on them.
  public var inUnitsOfFit: Double { terms.dropLast().reduce(0) { $0 + $1.value } }

  /// The ELBO of a mixture.
  ///
  /// - Parameters:
  ///   - mixture: the mixture.
  ///   - data: what the data give.
  ///   - statistics: the sums of a pass under the mixture, or of a mixture near it: from them follows what cancels.
  /// - Throws: ``PartFailure`` of a block whose term cannot be computed.
  init(of mixture: MixtureModel, data: Double, _ statistics: Statistics) throws {
    let divergences =
      try mixture.blocks.enumerated().map { part, block in try PartFailure.of(part) { try block.divergence() } }
      + [mixture.gate.divergence]
    terms =
      [Term(part: "responsibilities", value: data)]
      + zip(mixture.partNames, divergences).map { Term(part: $0, value: -$1) }
      + [Term(part: "units", value: -mixture.logVolume(statistics))]
    rounding =
      64 * Double.ulpOfOne
      * divergences.reduce(statistics.absoluteLogSum + mixture.cancellingTerms(in: statistics)) { $0 + abs($1) }
  }

  /// Whether it is lower than an earlier one, beyond what rounding may have done to both.
  func isBelow(_ earlier: ELBO) -> Bool {
    inUnitsOfFit < earlier.inUnitsOfFit - max(rounding, earlier.rounding)
  }

  /// The first part whose term is not a number.
  var partNotFinite: String? { terms.first { !$0.value.isFinite }?.part }
}

extension MixtureModel {
  /// What cancels within scores and divergences, by all parts together.
  fileprivate func cancellingTerms(in statistics: Statistics) -> Double {
    let gateTerms = gateIsFixed ? 0 : gate.cancellingTerms(in: statistics.part(blocks.count).span)
    return blocks.indices.reduce(gateTerms) { sum, index in
      blocks[index].isFixed ? sum : sum + blocks[index].cancellingTerms(in: statistics.part(index).span)
    }
  }

  /// Σ_i w_i Σ ln of the units of the responses, and of what the gate has a density of; and what units change of divergences.
  fileprivate func logVolume(_ statistics: Statistics) -> Double {
    guard let units else { return 0 }
    let ofGate = gate.densityFeatures.reduce(0) { $0 + log(units.gateFeatures[$1]) }
    let ofData = statistics.effectiveRows.reduce(0, +) * units.logVolumeOfResponses + statistics.assignmentWeight * ofGate
    return blocks.reduce(ofData) { $0 + $1.divergenceOfUnits }
  }
}

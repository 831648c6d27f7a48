import Foundation
import GSL

/// Mean-field variational EM: passes over the data alternate with updates of the parts, each of which maximises the same
/// bound over its own factor, so that the bound never falls. It knows no concrete expert or gate.
///
/// Point estimates are point-mass factors, so the E- and M-steps of maximum likelihood are this same coordinate ascent
/// (Neal & Hinton 1998, "A view of the EM algorithm that justifies incremental, sparse, and other variants").
struct MeanFieldDriver {
  let engine: PassEngine
  let options: FitOptions

  /// A fit from one start.
  struct Run {
    var mixture: Mixture
    /// The bound after q(Z) of each pass; the last one belongs to `mixture` as it is.
    var bounds: [Bound]
    var stopReason: StopReason
    /// Σ_i w_i r_ik over the rows, for each expert.
    var effectiveRows: [Double]
  }

  /// Fits `initial` from the responsibilities of `start`, or goes on where `earlier` stopped, up to `limit` passes in all.
  ///
  /// - Throws: ``MixtureError``, what a data source throws, or `CancellationError`.
  func run(
    _ initial: Mixture, from start: any ResponsibilitySource, continuing earlier: Run? = nil, to limit: Int,
    report: (PassReport) -> Void
  ) throws -> Run {
    var mixture = earlier?.mixture ?? initial
    var previous = mixture
    var source = earlier.map { MixtureResponsibilities(mixture: $0.mixture) } ?? start
    var bounds = earlier?.bounds ?? []
    var statistics = try engine.statistics(of: mixture, under: source)
    while true {
      let began = ContinuousClock.now
      let pass = bounds.count + 1
      previous = mixture
      for part in mixture.parts { try update(part, of: &mixture, statistics, under: source, pass: pass) }
      source = MixtureResponsibilities(mixture: mixture)
      statistics = try engine.statistics(of: mixture, under: source)
      let bound = try Bound(of: mixture, data: statistics.logSum, absoluteData: statistics.absoluteLogSum)
      if let part = bound.partNotFinite { throw MixtureError.notFinite(part: part, pass: pass) }
      let change = bounds.last.map { bound.total - $0.total }
      if let last = bounds.last, let change, change < -max(bound.rounding, last.rounding) {
        throw try culprit(previous, pass: pass)
          ?? .boundDecreased(
            part: "responsibilities", pass: pass, from: last.total, to: bound.total)
      }
      bounds.append(bound)
      report(
        PassReport(restart: 0, pass: pass, bound: bound, change: change, seconds: (.now - began) / .seconds(1)))
      let stopReason: StopReason? =
        if let change, options.tolerance.accepts(change: change, bound: bound.total) {
          .converged
        } else if pass >= limit { .passLimit } else { nil }
      if let stopReason {
        return Run(
          mixture: mixture, bounds: bounds, stopReason: stopReason, effectiveRows: statistics.effectiveRows)
      }
    }
  }

  /// Updates one part, giving it another pass under the same responsibilities whenever it asks.
  private func update(
    _ part: Int, of mixture: inout Mixture, _ statistics: Statistics, under source: any ResponsibilitySource, pass: Int
  ) throws {
    let current = mixture
    func resum(_ trial: Mixture) throws -> [Double] {
      try engine.statistics(of: trial, under: source, part: part).part(part)
    }
    do {
      let sums = statistics.part(part)
      if part < mixture.blocks.count {
        try mixture.blocks[part].update(sums.span) { trial in
          var mixture = current
          mixture.blocks[part] = trial
          return try resum(mixture)
        }
      } else {
        try mixture.gate.update(sums.span) { trial in
          var mixture = current
          mixture.gate = trial
          return try resum(mixture)
        }
      }
    } catch let error as GSLError {
      throw MixtureError.partFailed(part: mixture.partNames[part], pass: pass, reason: "\(error)")
    }
  }

  /// Replays the updates of `mixture` part by part under its own responsibilities, and names the first that lowers the
  /// bound.
  private func culprit(_ mixture: Mixture, pass: Int) throws -> MixtureError? {
    let source = MixtureResponsibilities(mixture: mixture)
    let statistics = try engine.statistics(of: mixture, under: source)
    func bound(_ mixture: Mixture) throws -> Bound {
      let data = try engine.expectedScore(of: mixture, under: source)
      return try Bound(of: mixture, data: data, absoluteData: statistics.absoluteLogSum)
    }
    var trial = mixture
    var before = try bound(trial)
    for part in trial.parts {
      try update(part, of: &trial, statistics, under: source, pass: pass)
      let after = try bound(trial)
      if after.total < before.total - max(before.rounding, after.rounding) {
        return .boundDecreased(part: trial.partNames[part], pass: pass, from: before.total, to: after.total)
      }
      before = after
    }
    return nil
  }
}

extension Mixture {
  /// The parts' indices, as in ``partNames``: the blocks, then the gate.
  fileprivate var parts: Range<Int> { 0..<(blocks.count + 1) }
}

extension Gate {
  /// Updates a gate behind an existential.
  fileprivate mutating func update(
    _ statistics: Span<Double>, _ resum: @escaping (any Gate) throws -> [Double]
  ) throws {
    try update(statistics, resum: Resum { try resum($0) })
  }
}

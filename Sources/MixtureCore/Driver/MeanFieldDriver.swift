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

  /// A fit from one start, as far as it has come.
  struct Run {
    var mixture: GatedExperts
    /// The sums of the last pass that was kept, under the mixture's own responsibilities.
    var statistics: Statistics
    /// The bound after q(Z) of each pass that was kept; the last one belongs to `mixture` as it is.
    var bounds: [Bound]
    /// The passes made, those that were not kept included.
    var passes = 1
    var stopReason = StopReason.passLimit
    fileprivate var acceleration = Acceleration()
    /// Whether the next step may be accelerated. Convergence is judged by plain steps; and where the bound still rises steeply,
    /// nothing is linear enough to be extrapolated.
    fileprivate var mayAccelerate = false

    /// By how many nats a row the bound may rise in a pass before an accelerated one.
    fileprivate static let steepest = 0.03

    /// Σ_i w_i r_ik over the rows, for each expert.
    var effectiveRows: [Double] { statistics.effectiveRows }
    var bound: Bound { bounds[bounds.count - 1] }
  }

  /// Makes the first update of `initial`, from the responsibilities of `start`, and the first pass.
  ///
  /// - Throws: ``MixtureError``, what a data source throws, or `CancellationError`.
  func begin(_ initial: GatedExperts, from start: any ResponsibilitySource, report: (PassReport) -> Void) throws -> Run {
    let began = ContinuousClock.now
    let sums = try engine.statistics(of: initial, under: start)
    let step = try self.step(initial, sums, under: start, pass: 1)
    if let part = step.bound.partNotFinite { throw MixtureError.notFinite(part: part, pass: 1) }
    report(PassReport(pass: 1, step: .plain, bound: step.bound, change: nil, seconds: (.now - began) / .seconds(1)))
    return Run(mixture: step.mixture, statistics: step.statistics, bounds: [step.bound])
  }

  /// Goes on until the bound has converged, or until `limit` passes are made in all.
  ///
  /// - Throws: as ``begin(_:from:report:)``.
  func advance(_ run: inout Run, to limit: Int, report: (PassReport) -> Void) throws {
    while run.passes < limit && run.stopReason != .converged {
      let began = ContinuousClock.now
      let (kind, step) = try nextStep(after: run)
      let change = step.bound.inUnitsOfFit - run.bound.inUnitsOfFit
      run.passes += 1
      if kind == .rejected {
        run.acceleration.restart()
      } else {
        if options.isAccelerated {
          run.acceleration.record(step.sums, of: run.mixture, step.statistics, of: step.mixture)
        }
        run.mixture = step.mixture
        run.statistics = step.statistics
        run.bounds.append(step.bound)
        let isSmall = options.tolerance.accepts(change: change, bound: step.bound.inUnitsOfFit)
        if isSmall && kind == .plain { run.stopReason = .converged }
        run.mayAccelerate = !isSmall && change < Run.steepest * run.effectiveRows.reduce(0, +)
      }
      report(
        PassReport(
          pass: run.passes, step: kind, bound: step.bound, change: change, isConverged: run.stopReason == .converged,
          seconds: (.now - began) / .seconds(1)))
    }
  }

  /// An update and a pass: where they started, and what they gave.
  private struct Step {
    var sums: Statistics
    var mixture: GatedExperts
    var statistics: Statistics
    var bound: Bound
  }

  /// The step from extrapolated sums, where parts can be updated from them; else the plain one, which must not lower the bound.
  private func nextStep(after run: Run) throws -> (PassReport.Step, Step) {
    let (pass, last) = (run.passes + 1, run.bound)
    if options.isAccelerated, run.mayAccelerate,
      let sums = run.acceleration.extrapolation(run.statistics.layout),
      let step = try attempt({ try self.step(run.mixture, sums, under: nil, pass: pass) })
    {
      // A number that is not one fails the comparison too.
      return (step.bound.inUnitsOfFit >= last.inUnitsOfFit ? .accelerated : .rejected, step)
    }
    let source = MixtureResponsibilities(mixture: run.mixture)
    let step = try self.step(run.mixture, run.statistics, under: source, pass: pass)
    if let part = step.bound.partNotFinite { throw MixtureError.notFinite(part: part, pass: pass) }
    if step.bound.isBelow(last) {
      throw try culprit(run.mixture, pass: pass)
        ?? .boundDecreased(part: "responsibilities", pass: pass, from: last.total, to: step.bound.total, isRounding: true)
    }
    return (.plain, step)
  }

  /// Updates all parts from the sums, and makes a pass under the responsibilities that follow.
  ///
  /// - Parameter source: the responsibilities behind the sums; nil if there are none.
  private func step(
    _ mixture: GatedExperts, _ sums: Statistics, under source: (any ResponsibilitySource)?, pass: Int
  ) throws -> Step {
    let mixture = try updated(mixture, sums, under: source, pass: pass)
    let statistics = try engine.statistics(of: mixture, under: MixtureResponsibilities(mixture: mixture))
    let bound = try Bound(of: mixture, data: statistics.logSum, statistics)
    return Step(sums: sums, mixture: mixture, statistics: statistics, bound: bound)
  }

  /// The mixture after updates of all parts, one after another.
  func updated(
    _ mixture: GatedExperts, _ sums: Statistics, under source: (any ResponsibilitySource)?, pass: Int
  ) throws -> GatedExperts {
    var mixture = mixture
    for part in mixture.parts { try update(part, of: &mixture, sums, under: source, pass: pass) }
    return mixture
  }

  /// Nil where a part cannot be updated: extrapolated sums may be those of no responsibilities at all, and no other pass can
  /// be made for them.
  private func attempt(_ step: () throws -> Step) throws -> Step? {
    do { return try step() } catch is CancellationError { throw CancellationError() } catch { return nil }
  }

  /// Why a part's wish for another pass cannot be granted.
  private struct NoResponsibilities: Error {}

  /// Updates one part, giving it another pass under the same responsibilities whenever it asks.
  private func update(
    _ part: Int, of mixture: inout GatedExperts, _ statistics: Statistics, under source: (any ResponsibilitySource)?,
    pass: Int
  ) throws {
    let current = mixture
    let frozen = source.map(RecordedResponsibilities.init)
    func resum(_ trial: GatedExperts) throws -> [Double] {
      guard let frozen else { throw NoResponsibilities() }
      return try engine.statistics(of: trial, under: frozen, part: part).part(part)
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
        try mixture.gate.update(sums.span, canResum: source != nil) { trial in
          var mixture = current
          mixture.gate = trial
          return try resum(mixture)
        }
      }
    } catch let error as GSLError {
      throw MixtureError.partFailed(
        part: current.partNames[part], pass: pass, reason: "numbers went out of range: \(error)")
    } catch let error as Breakdown {
      throw MixtureError.partFailed(
        part: current.partNames[part], pass: pass, reason: error.reason(in: current, part: part))
    }
  }

  /// Replays the updates of `mixture` part by part under its own responsibilities, and names the first that lowers the
  /// bound.
  private func culprit(_ mixture: GatedExperts, pass: Int) throws -> MixtureError? {
    let source = MixtureResponsibilities(mixture: mixture)
    let statistics = try engine.statistics(of: mixture, under: source)
    func bound(_ mixture: GatedExperts) throws -> Bound {
      try Bound(of: mixture, data: engine.expectedScore(of: mixture, under: source), statistics)
    }
    var trial = mixture
    var before = try bound(trial)
    for part in trial.parts {
      try update(part, of: &trial, statistics, under: source, pass: pass)
      let after = try bound(trial)
      if after.isBelow(before) {
        return .boundDecreased(
          part: trial.partNames[part], pass: pass, from: before.total, to: after.total,
          isRounding: trial.isBuiltIn(part: part))
      }
      before = after
    }
    return nil
  }
}

extension GatedExperts {
  /// The indices of the parts to be fitted, as in ``partNames``: the blocks, then the gate.
  fileprivate var parts: [Int] { (0...blocks.count).filter { !isFixed(part: $0) } }
}

extension Gate {
  /// Updates a gate behind an existential.
  fileprivate mutating func update(
    _ statistics: Span<Double>, canResum: Bool, _ resum: @escaping (any Gate) throws -> [Double]
  ) throws {
    try update(statistics, resum: Resum(isPossible: canResum) { try resum($0) })
  }
}

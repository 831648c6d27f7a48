import Foundation

/// Mean-field variational EM: passes over the data alternate with updates of the parts, each of which maximises the same
/// ELBO over its own factor, so that the ELBO never falls. It knows no concrete expert or gate.
///
/// Point estimates are point-mass factors, so the E- and M-steps of maximum likelihood are this same coordinate ascent
/// (Neal & Hinton 1998, "A view of the EM algorithm that justifies incremental, sparse, and other variants").
struct MeanFieldDriver {
  let engine: PassEngine
  let options: FitOptions

  /// A fit from one start, as far as it has come.
  struct Progress {
    var mixture: MixtureModel
    /// The sums of the last iteration that was kept, under the mixture's own responsibilities.
    var statistics: Statistics
    /// The ELBO after q(Z) of each iteration that was kept; the last one belongs to `mixture` as it is.
    var elboTrace: [ELBO]
    /// The iterations made, those that were not kept included.
    var iterations = 1
    var stopReason = StopReason.iterationLimit
    fileprivate var acceleration = Acceleration()
    /// Whether the next step may be accelerated. Convergence is judged by plain steps; and where the ELBO still rises steeply,
    /// nothing is linear enough to be extrapolated.
    fileprivate var mayAccelerate = false

    /// By how many nats per row the ELBO may rise in an iteration before an accelerated one.
    fileprivate static let steepest = 0.03

    /// Σ_i w_i r_ik over the rows, for each expert.
    var effectiveRows: [Double] { statistics.effectiveRows }
    var elbo: ELBO { elboTrace[elboTrace.count - 1] }
  }

  /// Makes the first update of `initial`, from the responsibilities of `start`, and the first pass.
  ///
  /// - Throws: ``MixtureError``, what a data source throws, or `CancellationError`.
  func begin(_ initial: MixtureModel, from start: any ResponsibilitySource, report: (IterationReport) -> Void) throws
    -> Progress
  {
    let began = ContinuousClock.now
    let sums = try naming(1, initial) { try engine.statistics(of: initial, under: start) }
    let step = try self.step(initial, sums, under: start, iteration: 1)
    if let part = step.elbo.partNotFinite { throw MixtureError.notFinite(part: part, iteration: 1) }
    report(IterationReport(iteration: 1, step: .plain, elbo: step.elbo, change: nil, seconds: (.now - began) / .seconds(1)))
    return Progress(mixture: step.mixture, statistics: step.statistics, elboTrace: [step.elbo])
  }

  /// Goes on until the ELBO has converged, or until `limit` iterations are made in all.
  ///
  /// - Throws: as ``begin(_:from:report:)``.
  func advance(_ progress: inout Progress, to limit: Int, report: (IterationReport) -> Void) throws {
    while progress.iterations < limit && progress.stopReason != .converged {
      let began = ContinuousClock.now
      let (kind, step) = try nextStep(after: progress)
      let change = step.elbo.inUnitsOfFit - progress.elbo.inUnitsOfFit
      progress.iterations += 1
      if kind == .rejected {
        progress.acceleration.restart()
      } else {
        if options.isAccelerated {
          progress.acceleration.record(step.sums, of: progress.mixture, step.statistics, of: step.mixture)
        }
        progress.mixture = step.mixture
        progress.statistics = step.statistics
        progress.elboTrace.append(step.elbo)
        let isSmall = options.tolerance.accepts(change: change, elbo: step.elbo.inUnitsOfFit)
        if isSmall && kind == .plain { progress.stopReason = .converged }
        progress.mayAccelerate = !isSmall && change < Progress.steepest * progress.effectiveRows.reduce(0, +)
      }
      report(
        IterationReport(
          iteration: progress.iterations, step: kind, elbo: step.elbo, change: change,
          isConverged: progress.stopReason == .converged,
          seconds: (.now - began) / .seconds(1)))
    }
  }

  /// An update and the pass after it: where they started, and what they gave.
  private struct Step {
    var sums: Statistics
    var mixture: MixtureModel
    var statistics: Statistics
    var elbo: ELBO
  }

  /// The step from extrapolated sums, where parts can be updated from them; else the plain one, which must not lower the ELBO.
  private func nextStep(after progress: Progress) throws -> (IterationReport.Step, Step) {
    let (iteration, last) = (progress.iterations + 1, progress.elbo)
    if options.isAccelerated, progress.mayAccelerate,
      let sums = progress.acceleration.extrapolation(progress.statistics.layout),
      let step = try attempt({ try self.step(progress.mixture, sums, under: nil, iteration: iteration) })
    {
      // A number that is not one fails the comparison too.
      return (step.elbo.inUnitsOfFit >= last.inUnitsOfFit ? .accelerated : .rejected, step)
    }
    let source = MixtureResponsibilities(mixture: progress.mixture)
    func plainStep(checksBlocks: Bool) throws -> Step {
      try self.step(
        progress.mixture, progress.statistics, under: source, checksBlocks: checksBlocks, iteration: iteration)
    }
    // A step that nobody checks costs no pass, and is taken back where it leads downwards.
    if progress.mixture.blocks.contains(where: { $0.stepsUnchecked && !$0.isFixed }),
      let step = try attempt({ try plainStep(checksBlocks: false) }), step.elbo.partNotFinite == nil,
      !step.elbo.isBelow(last)
    {
      return (.plain, step)
    }
    let step = try plainStep(checksBlocks: true)
    if let part = step.elbo.partNotFinite { throw MixtureError.notFinite(part: part, iteration: iteration) }
    if step.elbo.isBelow(last) {
      throw try culprit(progress.mixture, iteration: iteration)
        ?? .elboDecreased(
          part: "responsibilities", iteration: iteration, from: last.total, to: step.elbo.total, isRounding: true)
    }
    return (.plain, step)
  }

  /// Updates all parts from the sums, and makes a pass under the responsibilities that follow.
  ///
  /// - Parameters:
  ///   - source: the responsibilities behind the sums; nil if there are none.
  ///   - checksBlocks: whether experts of which steps may be taken unchecked have another pass to look where these lead.
  private func step(
    _ mixture: MixtureModel, _ sums: Statistics, under source: (any ResponsibilitySource)?, checksBlocks: Bool = true,
    iteration: Int
  ) throws -> Step {
    let mixture = try updated(mixture, sums, under: source, checksBlocks: checksBlocks, iteration: iteration)
    return try naming(iteration, mixture) {
      let statistics = try engine.statistics(of: mixture)
      let elbo = try ELBO(of: mixture, data: statistics.logSum, statistics)
      return Step(sums: sums, mixture: mixture, statistics: statistics, elbo: elbo)
    }
  }

  /// Runs what parts of a mixture do in an iteration; what one of them throws keeps part and iteration.
  func naming<Result>(_ iteration: Int, _ mixture: MixtureModel, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let failure as PartFailure {
      throw failure.described(in: mixture, iteration: iteration)
    }
  }

  /// The step is nil where a part cannot be updated: extrapolated sums may be those of no responsibilities at all, and no other pass can
  /// be made for them.
  private func attempt(_ step: () throws -> Step) throws -> Step? {
    do { return try step() } catch is CancellationError { throw CancellationError() } catch { return nil }
  }
}

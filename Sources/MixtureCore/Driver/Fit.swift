import Foundation
import GSL

/// Where the responsibilities of a fit start.
public enum Start: Sendable {
  /// Random responsibilities, as many times as ``FitOptions/restarts`` says.
  case random
  /// A given table; there is one restart.
  case responsibilities(ResponsibilityTable)
}

/// A fitted mixture and how it came about.
public struct Fit: Sendable {
  /// One restart.
  public struct Restart: Sendable, Codable, Equatable {
    /// Its seed: a fit with this seed and one restart repeats it.
    public var seed: UInt64
    /// The bound that it reached; nil if it failed.
    public var bound: Double?
    /// The passes that it made.
    public var passes: Int
    /// Why it stopped; nil if it failed.
    public var stopReason: StopReason?
    /// Why it failed, if it did.
    public var failure: String?
  }

  /// The fitted mixture of the best restart.
  public var mixture: Mixture
  /// The bound after q(Z) of each pass of the best restart.
  public var bounds: [Bound]
  /// Why the best restart stopped.
  public var stopReason: StopReason
  /// Σ_i w_i r_ik over the rows, for each expert.
  public var effectiveRows: [Double]
  /// All restarts, in the order of their numbers.
  public var restarts: [Restart]
  /// The options of the fit.
  public var options: FitOptions
  /// What the data looked like.
  public var data: DataSummary
  /// The seconds that the fit took.
  public var seconds: Double

  /// What a user should know about the result.
  public var warnings: [String] { mixture.blocks.flatMap(\.warnings) }

  /// The bound that was reached.
  public var bound: Bound { bounds[bounds.count - 1] }
}

extension Mixture {
  /// Fits the mixture to `rows`.
  ///
  /// - Parameters:
  ///   - rows: the data; read once a pass, and twice before for their moments.
  ///   - start: where the responsibilities start.
  ///   - options: when to stop, how many restarts to make, the seed and the threads.
  ///   - observer: called after each pass.
  /// - Returns: the restart with the highest bound, and the record of all.
  /// - Throws: ``MixtureError`` if all restarts fail or the bound falls; ``DataError``; `CancellationError`.
  public func fit(
    _ rows: some TileSource, from start: Start = .random, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) throws -> Fit {
    let began = ContinuousClock.now
    let data = try DataSummary(rows, threads: options.threads)
    var initial = self
    try initial.configure(for: data)
    let driver = MeanFieldDriver(
      engine: PassEngine(rows: rows, expertCount: expertCount, threads: options.threads), options: options)
    var restarts: [Fit.Restart] = []
    var best: MeanFieldDriver.Run?
    for (number, seed) in start.seeds(options).enumerated() {
      var passes = 0
      do {
        let run = try driver.run(initial, from: start.source(seed: seed, expertCount: expertCount)) { report in
          passes = report.pass
          var report = report
          report.restart = number
          observer?(report)
        }
        restarts.append(
          Fit.Restart(seed: seed, bound: run.bounds.last?.total, passes: passes, stopReason: run.stopReason))
        if best == nil || run.bounds.last!.total > best!.bounds.last!.total { best = run }
      } catch let error as MixtureError where error.endsOneRestartOnly {
        restarts.append(Fit.Restart(seed: seed, passes: passes, failure: "\(error)"))
      }
    }
    guard let best else { throw MixtureError.allRestartsFailed(reason: restarts.first?.failure ?? "none was made") }
    return Fit(
      mixture: best.mixture, bounds: best.bounds, stopReason: best.stopReason, effectiveRows: best.effectiveRows,
      restarts: restarts, options: options, data: data, seconds: (.now - began) / .seconds(1))
  }
}

extension MixtureError {
  /// Whether another start may still succeed.
  fileprivate var endsOneRestartOnly: Bool {
    switch self {
    case .partFailed, .notFinite: true
    default: false
    }
  }
}

extension Start {
  /// The restarts' seeds: the first is the fit's own, so that a restart can be repeated alone.
  fileprivate func seeds(_ options: FitOptions) -> [UInt64] {
    guard case .random = self else { return [options.seed] }
    // 53 bits, because JSON readers take numbers for doubles.
    let source = RandomSource(seed: options.seed)
    return (0..<options.restarts).map { number in
      var stream = source.split(UInt64(number))
      return number == 0 ? options.seed : stream.next() >> 11
    }
  }

  fileprivate func source(seed: UInt64, expertCount: Int) -> any ResponsibilitySource {
    switch self {
    case .random: RandomResponsibilities(seed: seed, expertCount: expertCount)
    case .responsibilities(let table): table
    }
  }
}

import Foundation

/// When a fit stops, how many times it starts, and on how many threads it runs.
public struct FitOptions: Sendable, Codable, Equatable {
  /// When the bound counts as converged.
  public enum Tolerance: Sendable, Codable, Equatable {
    /// A pass changed the bound by at most this fraction of its absolute value.
    case relative(Double)
    /// A pass changed the bound by at most this many nats.
    case absolute(Double)

    /// Whether `change` is small enough. A tolerance of zero never is: the fit runs to its limit.
    func accepts(change: Double, bound: Double) -> Bool {
      switch self {
      case .relative(let tolerance): tolerance > 0 && change <= tolerance * abs(bound)
      case .absolute(let tolerance): tolerance > 0 && change <= tolerance
      }
    }
  }

  /// The most passes over the data of one restart, not counting those that only make its start better.
  public var maximumPasses = 1000
  /// When the bound counts as converged.
  public var tolerance = Tolerance.relative(1e-10)
  /// How many starts are fitted to the end, beside those that are there soon; the best bound wins. The mixed start tries five
  /// times as many for a few passes, or seven times under a gate that reads features.
  ///
  /// Unless it is said, 10; but one start of each recipe where experts of 100 features or more have as many coefficients together as
  /// there are rows: a pass takes long then, and the rows do not tell the optima apart.
  public var restarts: Int?
  /// Whether starts are annealed first: passes in which responsibilities are flattened, less and less, so that the details of a
  /// start matter less.
  public var isAnnealed = false
  /// Whether sums are extrapolated from one pass to the next. The bound never falls either way; where experts overlap, many
  /// times fewer passes are needed.
  public var isAccelerated = true
  /// The seed of all randomness.
  public var seed: UInt64 = 1
  /// The number of threads; it does not change the result. The default is the number of processors.
  public var threads = ProcessInfo.processInfo.activeProcessorCount

  /// The default options.
  public init() {}
}

/// Why a fit stopped.
public enum StopReason: String, Sendable, Codable {
  /// The change of the bound came within the tolerance.
  case converged
  /// The limit of passes was reached.
  case passLimit
  /// Other starts were better after the same number of passes.
  case dropped
  /// Another start was in the same optimum after the same number of passes, and went on for both.
  case agreed
}

/// What an observer learns after each pass.
public struct PassReport: Sendable {
  /// Where the sums of an update come from.
  public enum Step: String, Sendable {
    /// From the pass before.
    case plain
    /// Extrapolated from several passes.
    case accelerated
    /// Extrapolated, but the bound came out lower: the fit goes on from where it was.
    case rejected
  }

  /// The number of the restart, from zero.
  public var restart = 0
  /// Where the search over starts is.
  public var search = SearchState(startCount: 1, finishedCount: 0, stages: [])
  /// The number of the pass, from one.
  public var pass: Int
  /// What kind of step the pass belongs to.
  public var step: Step
  /// The bound after q(Z), with its terms.
  public var bound: Bound
  /// The change of the bound since the last pass that was kept; nil in the first.
  public var change: Double?
  /// Whether the restart has converged with this pass.
  public var isConverged = false
  /// The seconds that the pass and the update before it took.
  public var seconds: Double
}

/// Called after each pass, from the threads of the restarts, and from several at a time: order is kept within a restart only.
public typealias FitObserver = @Sendable (PassReport) -> Void

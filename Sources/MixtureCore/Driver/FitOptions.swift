import Foundation

/// When a fit stops, how many times it starts, and on how many threads it runs.
public struct FitOptions: Sendable, Equatable {
  /// When the bound counts as converged.
  public enum Tolerance: Sendable, Equatable {
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

  /// The most passes over the data of one restart.
  public var maximumPasses = 1000
  /// When the bound counts as converged.
  public var tolerance = Tolerance.relative(1e-10)
  /// How many starts are fitted to the end; the best bound wins. The mixed start tries four times as many for a few passes.
  public var restarts = 10
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
}

/// What an observer learns after each pass.
public struct PassReport: Sendable {
  /// The number of the restart, from zero.
  public var restart: Int
  /// The number of the pass, from one.
  public var pass: Int
  /// The bound after q(Z), with its terms.
  public var bound: Bound
  /// The change of the bound since the pass before; nil in the first.
  public var change: Double?
  /// The seconds that the pass and the update before it took.
  public var seconds: Double
}

/// Called after each pass, on the fit's own thread.
public typealias FitObserver = @Sendable (PassReport) -> Void

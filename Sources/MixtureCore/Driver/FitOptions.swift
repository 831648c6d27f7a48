import Foundation

/// When a fit stops, how many times it starts, and on how many threads it runs.
public struct FitOptions: Sendable, Codable, Equatable {
  /// When the ELBO counts as converged.
  public enum Tolerance: Sendable, Codable, Equatable {
    /// An iteration changed the ELBO by at most this fraction of its absolute value.
    case relative(Double)
    /// An iteration changed the ELBO by at most this many nats.
    case absolute(Double)

    /// Whether `change` is small enough. A tolerance of zero never is: the fit runs to its limit.
    func accepts(change: Double, elbo: Double) -> Bool {
      switch self {
      case .relative(let tolerance): tolerance > 0 && change <= tolerance * abs(elbo)
      case .absolute(let tolerance): tolerance > 0 && change <= tolerance
      }
    }
  }

  /// The most iterations of one start, not counting warm-up and annealing.
  public var maximumIterations = 1000
  /// When the ELBO counts as converged.
  public var tolerance = Tolerance.relative(1e-10)
  /// How many starts are fitted to the end, beside those that are there soon; the best ELBO wins. The mixed start tries five
  /// times as many for a few iterations, or seven times under a gate that reads features.
  ///
  /// Unless it is said, 10; but one start of each recipe where experts of 100 features or more have as many coefficients together as
  /// there are rows: an iteration takes long then, and the rows do not tell the optima apart.
  public var starts: Int?
  /// Whether starts are annealed first: iterations in which responsibilities are flattened, less and less, so that the details of a
  /// start matter less.
  public var isAnnealed = false
  /// Whether sums are extrapolated from one iteration to the next. The ELBO never falls either way; where experts overlap, many
  /// times fewer iterations are needed.
  public var isAccelerated = true
  /// How standard errors are found once the fit is done.
  public var errors = ErrorMethod.corrected
  /// The seed of all randomness.
  public var seed: UInt64 = 1
  /// The number of threads; it does not change the result. The default is the number of processors.
  public var threads = ProcessInfo.processInfo.activeProcessorCount

  /// The default options.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case maximumIterations = "maximumPasses"
    case starts = "restarts"
    case tolerance, isAnnealed, isAccelerated, errors, seed, threads

    /// What the option is called in Swift, where files keep an older name.
    var argument: String {
      switch self {
      case .maximumIterations: "maximumIterations"
      case .starts: "starts"
      case .tolerance, .isAnnealed, .isAccelerated, .errors, .seed, .threads: rawValue
      }
    }
  }
}

extension FitOptions {
  /// Decodes the options; those of files that know no method of errors are as they were then.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    maximumIterations = try container.decode(Int.self, forKey: .maximumIterations)
    tolerance = try container.decode(Tolerance.self, forKey: .tolerance)
    starts = try container.decodeIfPresent(Int.self, forKey: .starts)
    isAnnealed = try container.decode(Bool.self, forKey: .isAnnealed)
    isAccelerated = try container.decode(Bool.self, forKey: .isAccelerated)
    errors = try container.decodeIfPresent(ErrorMethod.self, forKey: .errors) ?? .meanField
    seed = try container.decode(UInt64.self, forKey: .seed)
    threads = try container.decode(Int.self, forKey: .threads)
  }
}

/// Why a fit stopped.
public enum StopReason: String, Sendable, Codable, CaseIterable {
  /// The change of the ELBO came within the tolerance.
  case converged
  /// The limit of iterations was reached.
  case iterationLimit
  /// Other starts were better after the same number of iterations.
  case dropped
  /// Another start was in the same optimum after the same number of iterations, and went on for both.
  case agreed
}

/// What an observer learns after each iteration.
public struct IterationReport: Sendable {
  /// Where the sums of an update come from.
  public enum Step: String, Sendable {
    /// From the iteration before.
    case plain
    /// Extrapolated from several iterations.
    case accelerated
    /// Extrapolated, but the ELBO came out lower: the fit goes on from where it was.
    case rejected
  }

  /// The number of the start, from zero.
  public var start = 0
  /// Where the search over starts is.
  public var search = SearchState(startCount: 1, finishedCount: 0, stages: [])
  /// The number of the iteration, from one.
  public var iteration: Int
  /// What kind of step the iteration belongs to.
  public var step: Step
  /// The ELBO after q(Z), with its terms.
  public var elbo: ELBO
  /// The change of the ELBO since the last iteration that was kept; nil in the first.
  public var change: Double?
  /// Whether the start has converged with this iteration.
  public var isConverged = false
  /// The seconds that the iteration took.
  public var seconds: Double
}

/// Called after each iteration, from the threads of the starts, and from several at a time: order is kept within a start only.
public typealias FitObserver = @Sendable (IterationReport) -> Void

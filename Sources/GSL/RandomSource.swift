import CGSL
import CGSLSupport

/// A seeded, splittable source of random numbers: Philox4x64-10, a counter-based generator (Salmon, Moraes, Dror & Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
///
/// A source is a value: a copy repeats the numbers of the original. ``split(_:)`` gives independent sources for labels
/// (starts, rows, blocks), in any order and on any thread; making one costs about as much as drawing four numbers.
public struct RandomSource: Sendable {
  private var state: philox_state

  /// The source that belongs to `seed`.
  public init(seed: UInt64) { self.init(key: (seed, 0)) }

  private init(key: (UInt64, UInt64)) {
    state = philox_state()
    state.key = key
    state.used = 4
  }

  /// An independent source for `label`. It depends on this source's seed and splits, not on how much was drawn from it.
  public func split(_ label: UInt64) -> RandomSource {
    var key = (0 as UInt64, 0 as UInt64)
    philox_split(state.key.0, state.key.1, label, &key.0, &key.1)
    return RandomSource(key: key)
  }

  /// A number uniform on [0, 1).
  public mutating func uniform() -> Double { draw(gsl_rng_uniform) }

  /// A number uniform on 0, …, `bound` − 1.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "the bound must be positive")
    return Int(draw { gsl_rng_uniform_int($0, UInt(bound)) })
  }

  /// A number from N(mean, standardDeviation²), by the ziggurat method (Marsaglia & Tsang 2000).
  public mutating func gaussian(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    mean + draw { gsl_ran_gaussian_ziggurat($0, standardDeviation) }
  }

  /// A number from the Gamma distribution with the given shape and rate (mean shape / rate), by Marsaglia & Tsang (2000).
  public mutating func gamma(shape: Double, rate: Double) -> Double {
    precondition(shape > 0 && rate > 0, "shape and rate must be positive")
    return draw { gsl_ran_gamma($0, shape, 1 / rate) }
  }

  /// A number from Student's distribution of location zero and scale one, of variance ν / (ν − 2) for ν > 2: a Gaussian over the root of an
  /// independent χ²_ν / ν.
  public mutating func studentT(degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be positive")
    return draw { gsl_ran_tdist($0, degreesOfFreedom) }
  }

  /// A count from the Poisson distribution of the given mean, which is at most 10⁹: large means are reduced by Gamma and binomial numbers
  /// (Ahrens & Dieter 1974), so the cost grows with ln(mean).
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean >= 0 && mean <= 1e9, "the mean must lie between 0 and 10⁹")
    return Int(draw { gsl_ran_poisson($0, mean) })
  }

  /// How many of `trials` succeed, each with the given probability (Kachitvichyanukul & Schmeiser 1988).
  public mutating func binomial(trials: Int, probability: Double) -> Int {
    precondition(trials >= 0 && trials <= UInt32.max, "trials must be a 32-bit count")
    precondition(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
    return Int(draw { gsl_ran_binomial($0, probability, UInt32(trials)) })
  }

  /// A probability vector from the Dirichlet distribution with the given concentrations.
  public mutating func dirichlet(concentration: [Double]) -> [Double] {
    precondition(concentration.allSatisfy { $0 > 0 }, "concentrations must be positive")
    var probabilities = concentration
    draw { gsl_ran_dirichlet($0, concentration.count, concentration, &probabilities) }
    return probabilities
  }

  /// An index drawn with probability proportional to its weight, by inversion: O(count).
  public mutating func categorical(weights: [Double]) -> Int {
    let total = weights.reduce(0, +)
    precondition(total > 0 && weights.allSatisfy { $0 >= 0 }, "weights must be non-negative, and one positive")
    var remaining = uniform() * total
    for (index, weight) in weights.enumerated() {
      remaining -= weight
      if remaining < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 }!
  }

  private mutating func draw<Result>(_ sampler: (UnsafePointer<gsl_rng>) -> Result) -> Result {
    withUnsafeMutablePointer(to: &state) { state in
      var generator = gsl_rng(type: philox_rng_type(), state: state)
      return sampler(&generator)
    }
  }
}

extension RandomSource: RandomNumberGenerator {
  /// The next 64 random bits.
  public mutating func next() -> UInt64 { UInt64(draw(gsl_rng_get)) }
}

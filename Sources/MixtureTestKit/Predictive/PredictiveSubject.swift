import Foundation
import GSL
import MixtureCore

/// Predictive distributions that are held to the laws of probability.
public struct PredictiveSubject<Distribution: UnivariateDistribution>: LawSubject {
  /// What the distributions are called in messages.
  public var name: String
  /// At least one predictive distribution.
  public var distributions: [Distribution]
  /// The laws that the distributions do not keep, with the reasons.
  public var exceptions: [PredictiveLaw: LawException]

  /// Some distributions.
  public init(
    _ distributions: [Distribution], named name: String = String(describing: Distribution.self),
    exceptions: [PredictiveLaw: LawException] = [:]
  ) {
    self.name = name
    self.distributions = distributions
    self.exceptions = exceptions
  }

  /// The predictions of each expert of `subject` for its first, middle and last row, once fitted to the rows that it made: of a response of
  /// several numbers the marginals.
  ///
  /// - Throws: `DataError` if an expert does not predict a distribution for each row, or what the experts throw.
  public init<Model: Predictive>(
    predicting subject: ModelSubject<Model>, exceptions: [PredictiveLaw: LawException] = [:]
  ) throws where Model.Distribution.Marginal == Distribution {
    let rows = try LawRows(subject.rows)
    let block = try PartExamination(part: subject.block, rows: rows, labels: subject.labels).updated(10)
    let three = rows.selecting([0, rows.rowCount / 2, rows.rowCount - 1])
    var distributions: [Distribution] = []
    try three.forEachTile { tile, _ in distributions += try block.experts.flatMap { try $0.marginals(tile) } }
    self.init(distributions, named: subject.name, exceptions: exceptions)
  }

  /// How the distributions violate `law`; empty if they do not.
  public func violations(of law: PredictiveLaw, isInequality: Bool) throws -> [String] {
    guard !distributions.isEmpty else { return ["the subject has no distributions"] }
    switch law {
    case .normalisation: return distributions.flatMap(normalisation)
    case .cumulative: return distributions.flatMap(cumulative)
    case .moments: return distributions.flatMap(moments)
    case .quantiles: return try mixtures.flatMap(quantiles)
    case .samples: return distributions.flatMap(samples)
    }
  }
}

extension PredictiveSubject {
  private func integral(_ distribution: some UnivariateDistribution) -> Expectation {
    Expectation(distribution)
  }

  private func normalisation(_ distribution: Distribution) -> [String] {
    let total = integral(distribution).total { _ in 1 }
    return abs(total - 1) <= 1e-6 ? [] : ["the density of \(distribution) integrates to \(total)"]
  }

  /// Increments of the distribution function between points up to three standard deviations from the mean.
  private func cumulative(_ distribution: Distribution) -> [String] {
    let points = grid(distribution)
    let wrong = points.filter { !(abs(1 - distribution.cumulative(at: $0) - distribution.exceedance(at: $0)) <= 1e-9) }
    let complements = wrong.map {
      "\(distribution): at \($0), \(distribution.cumulative(at: $0)) is below and \(distribution.exceedance(at: $0)) "
        + "above, which is not one together"
    }
    return complements
      + zip(points, points.dropFirst()).compactMap { a, b in
        let increment = distribution.cumulative(at: b) - distribution.cumulative(at: a)
        let mass = integral(distribution).total(from: a, to: b) { _ in 1 }
        return abs(increment - mass) <= 1e-6
          ? nil : "\(distribution): \(increment) between \(a) and \(b), but the density gives \(mass)"
      }
  }

  private func moments(_ distribution: Distribution) -> [String] {
    let mean = integral(distribution).total { $0 }
    // A distribution may be without a variance, or a mean.
    guard distribution.mean.isFinite else {
      return distribution.mean.isNaN ? [] : ["the mean of \(distribution) is \(distribution.mean)"]
    }
    guard distribution.variance.isFinite else {
      let isClose = abs(distribution.mean - mean) <= 1e-3 * distribution.place.spread
      return isClose ? [] : ["the mean of \(distribution) is \(distribution.mean), but its density's \(mean)"]
    }
    let variance = integral(distribution).total { ($0 - mean) * ($0 - mean) }
    let deviation = max(variance, 0).squareRoot()
    return
      (abs(distribution.mean - mean) <= 1e-5 * deviation
      ? [] : ["the mean of \(distribution) is \(distribution.mean), but its density's \(mean)"])
      + (abs(distribution.variance - variance) <= 1e-5 * variance
        ? [] : ["the variance of \(distribution) is \(distribution.variance), but its density's \(variance)"])
  }

  private func quantiles(_ distribution: MixtureDistribution) throws -> [String] {
    let probabilities = [0.001, 0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975, 0.999]
    let values = try probabilities.map { try distribution.quantile($0) }
    let step = 1e-9 * distribution.place.spread
    let rising = zip(values, values.dropFirst()).allSatisfy { $0 <= $1 + step }
    return (rising ? [] : ["the quantiles \(values) do not rise"])
      + zip(probabilities, values).compactMap { probability, value in
        let (below, above) = (distribution.cumulative(at: value - step), distribution.cumulative(at: value + step))
        let inverts =
          distribution.support == .numbers
          ? abs(distribution.cumulative(at: value) - probability) <= 1e-8 + 4 * value.ulp * distribution.density(at: value)
          : below <= probability && probability <= above
        return inverts
          ? nil : "the quantile of \(probability) is \(value), which has \(distribution.cumulative(at: value)) below it"
      }
  }

  /// 40,000 draws, which a distribution that is a tenth too wide does not pass.
  private func samples(_ distribution: Distribution) -> [String] {
    var source = RandomSource(seed: 41)
    let values = (0..<40_000).map { _ in distribution.sample(using: &source) }
    let sample = Sample(values)
    let follows =
      distribution.support == .numbers
      ? sample.follows(distribution.cumulative) : sample.followsCounts(distribution.cumulative)
    let errors = GoodnessOfFit.standardErrors(tests: 2)
    let squares = Sample(values.map { ($0 - distribution.mean) * ($0 - distribution.mean) })
    let shape = follows ? [] : ["\(distribution): its samples, \(sample), do not follow its distribution function"]
    // What has no variance has no standard error either.
    guard distribution.variance.isFinite else { return shape }
    return shape
      + (sample.hasMean(distribution.mean, within: errors)
        ? [] : ["\(distribution): its samples are \(sample), not of mean \(distribution.mean)"])
      + (squares.hasMean(distribution.variance, within: errors)
        ? []
        : ["\(distribution): the squared deviations of its samples are \(squares), not of mean \(distribution.variance)"])
  }

  /// The first distribution alone, and all of them with unequal weights.
  private var mixtures: [MixtureDistribution] {
    let weights = distributions.indices.map { Double($0 + 1) }
    let total = weights.reduce(0, +)
    return [
      MixtureDistribution(weights: [1], components: [distributions[0]]),
      MixtureDistribution(weights: weights.map { $0 / total }, components: distributions),
    ]
  }

  private func grid(_ distribution: Distribution) -> [Double] {
    let (centre, spread) = distribution.place
    let points = [-3, -1.5, -0.5, 0, 0.5, 1.5, 3].map { centre + $0 * spread }
    // Between whole numbers the distribution function of a count is constant.
    return distribution.support == .numbers ? points : points.map { max($0.rounded(), 0) + 0.5 }
  }
}

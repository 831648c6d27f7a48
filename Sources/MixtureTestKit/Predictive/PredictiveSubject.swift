import Foundation
import GSL
import MixtureCore

/// Predictive laws that are held to the laws of probability.
public struct PredictiveSubject<Distribution: PredictiveDistribution>: LawSubject {
  /// What the laws are called in messages.
  public var name: String
  /// At least one predictive law.
  public var laws: [Distribution]
  /// What the laws are laws of: a real number, or a count, to which categories are counted.
  public var space: ResponseSpace
  /// What the laws do not keep, with the reasons.
  public var exceptions: [PredictiveLaw: LawException]

  /// Some laws.
  public init(
    _ laws: [Distribution], named name: String = String(describing: Distribution.self),
    space: ResponseSpace = .continuous,
    exceptions: [PredictiveLaw: LawException] = [:]
  ) {
    self.name = name
    self.laws = laws
    self.space = space
    self.exceptions = exceptions
  }

  /// The predictions of each expert of `subject` for its first, middle and last row, once fitted to the rows that it made.
  ///
  /// - Throws: `DataError` if an expert does not predict a law for each row, or what the experts throw.
  public init<Model: Predictive>(
    predicting subject: ModelSubject<Model>, exceptions: [PredictiveLaw: LawException] = [:]
  ) throws where Model.Distribution == Distribution {
    let rows = try LawRows(subject.rows)
    let block = try PartExamination(part: subject.block, rows: rows, labels: subject.labels).updated(10)
    let three = rows.selecting([0, rows.rowCount / 2, rows.rowCount - 1])
    var laws: [Distribution] = []
    try three.forEachTile { tile, _ in laws += try block.experts.flatMap { try $0.laws(tile) } }
    self.init(laws, named: subject.name, space: Model.responseSpace, exceptions: exceptions)
  }

  /// How the laws violate `law`; empty if they do not.
  public func violations(of law: PredictiveLaw, isInequality: Bool) throws -> [String] {
    guard !laws.isEmpty else { return ["the subject has no laws"] }
    switch law {
    case .normalisation: return laws.flatMap(normalisation)
    case .cumulative: return laws.flatMap(cumulative)
    case .moments: return laws.flatMap(moments)
    case .quantiles: return try mixtures.flatMap(quantiles)
    case .samples: return laws.flatMap(samples)
    }
  }
}

extension PredictiveSubject {
  private func integral(_ law: some PredictiveDistribution) -> Expectation {
    Expectation(law, isContinuous: space == .continuous)
  }

  private func normalisation(_ law: Distribution) -> [String] {
    let total = integral(law).total { _ in 1 }
    return abs(total - 1) <= 1e-6 ? [] : ["the density of \(law) integrates to \(total)"]
  }

  /// Increments of the distribution function between points up to three standard deviations from the mean.
  private func cumulative(_ law: Distribution) -> [String] {
    let points = grid(law)
    let complements = points.filter { !(abs(1 - law.cumulative(at: $0) - law.exceedance(at: $0)) <= 1e-9) }.map {
      "\(law): at \($0), \(law.cumulative(at: $0)) is below and \(law.exceedance(at: $0)) above, which is not one together"
    }
    return complements
      + zip(points, points.dropFirst()).compactMap { a, b in
        let increment = law.cumulative(at: b) - law.cumulative(at: a)
        let mass = integral(law).total(from: a, to: b) { _ in 1 }
        return abs(increment - mass) <= 1e-6
          ? nil : "\(law): \(increment) between \(a) and \(b), but the density gives \(mass)"
      }
  }

  private func moments(_ law: Distribution) -> [String] {
    let mean = integral(law).total { $0 }
    // A law may be without a variance, or a mean.
    guard law.mean.isFinite else { return law.mean.isNaN ? [] : ["the mean of \(law) is \(law.mean)"] }
    guard law.variance.isFinite else {
      let isClose = abs(law.mean - mean) <= 1e-3 * law.place.spread
      return isClose ? [] : ["the mean of \(law) is \(law.mean), but its density's \(mean)"]
    }
    let variance = integral(law).total { ($0 - mean) * ($0 - mean) }
    let deviation = max(variance, 0).squareRoot()
    return
      (abs(law.mean - mean) <= 1e-5 * deviation
      ? [] : ["the mean of \(law) is \(law.mean), but its density's \(mean)"])
      + (abs(law.variance - variance) <= 1e-5 * variance
        ? [] : ["the variance of \(law) is \(law.variance), but its density's \(variance)"])
  }

  private func quantiles(_ law: MixtureDistribution) throws -> [String] {
    let probabilities = [0.001, 0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975, 0.999]
    let values = try probabilities.map { try law.quantile($0) }
    let step = 1e-9 * law.place.spread
    let rising = zip(values, values.dropFirst()).allSatisfy { $0 <= $1 + step }
    return (rising ? [] : ["the quantiles \(values) do not rise"])
      + zip(probabilities, values).compactMap { probability, value in
        let (below, above) = (law.cumulative(at: value - step), law.cumulative(at: value + step))
        let inverts =
          space == .continuous
          ? abs(law.cumulative(at: value) - probability) <= 1e-8 + 4 * value.ulp * law.density(at: value)
          : below <= probability && probability <= above
        return inverts ? nil : "the quantile of \(probability) is \(value), which has \(law.cumulative(at: value)) below it"
      }
  }

  /// 40,000 draws, which a distribution that is a tenth too wide does not pass.
  private func samples(_ law: Distribution) -> [String] {
    var source = RandomSource(seed: 41)
    let values = (0..<40_000).map { _ in law.sample(using: &source) }
    let sample = Sample(values)
    let follows = space == .continuous ? sample.follows(law.cumulative) : sample.followsCounts(law.cumulative)
    let errors = GoodnessOfFit.standardErrors(tests: 2)
    let squares = Sample(values.map { ($0 - law.mean) * ($0 - law.mean) })
    let shape = follows ? [] : ["\(law): its samples, \(sample), do not follow its distribution function"]
    // What has no variance has no standard error either.
    guard law.variance.isFinite else { return shape }
    return shape
      + (sample.hasMean(law.mean, within: errors) ? [] : ["\(law): its samples are \(sample), not of mean \(law.mean)"])
      + (squares.hasMean(law.variance, within: errors)
        ? [] : ["\(law): the squared deviations of its samples are \(squares), not of mean \(law.variance)"])
  }

  /// The first law alone, and all of them with unequal weights.
  private var mixtures: [MixtureDistribution] {
    let weights = laws.indices.map { Double($0 + 1) }
    let total = weights.reduce(0, +)
    return [
      MixtureDistribution(weights: [1], components: [laws[0]]),
      MixtureDistribution(weights: weights.map { $0 / total }, components: laws),
    ]
  }

  private func grid(_ law: Distribution) -> [Double] {
    let (centre, spread) = law.place
    let points = [-3, -1.5, -0.5, 0, 0.5, 1.5, 3].map { centre + $0 * spread }
    // Between whole numbers the distribution function of a count is constant.
    return space == .continuous ? points : points.map { max($0.rounded(), 0) + 0.5 }
  }
}

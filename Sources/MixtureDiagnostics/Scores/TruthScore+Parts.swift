import GSL
import Mixtures
import SyntheticData

extension TruthScore {
  /// A fitted expert beside its partner; the name or the number is nil for one that has no partner.
  public struct Expert: Sendable, Codable, Equatable {
    /// What the fit calls it.
    public var name: String?
    /// The number of the true expert, from one.
    public var trueExpert: Int?
    /// The mean of the predictive weight π_k over the rows, before their response is seen; zero for a true expert without partner.
    public var weight: Double
    /// The mean of the true weight over the rows; zero for a fitted expert without partner.
    public var trueWeight: Double

    /// The fitted weight less the true one.
    public var weightError: Double { weight - trueWeight }
  }

  /// A parameter of a fitted expert beside the true one, in the units of the data.
  public struct Parameter: Sendable, Codable, Equatable {
    /// What the fit calls the expert.
    public var expert: String
    /// What the parameter is called.
    public var name: String
    /// The true value.
    public var truth: Double
    /// The posterior mean or the point estimate.
    public var estimate: Double
    /// The posterior standard deviation; nil for a point estimate.
    public var standardError: Double?
    /// The estimate less the truth.
    public var error: Double
    /// The error divided by the standard error.
    public var errorInStandardErrors: Double?
    /// The degrees of freedom of Student's distribution that this quotient has; nil where it is normal.
    public var degreesOfFreedom: Double?

    init(expert: String, truth: Double, _ estimate: ParameterEstimate) {
      self.expert = expert
      name = estimate.name
      self.truth = truth
      (self.estimate, standardError) = (estimate.value, estimate.standardError)
      error = estimate.value - truth
      degreesOfFreedom = estimate.degreesOfFreedom
      errorInStandardErrors = estimate.standardError.map { (estimate.value - truth) / $0 }
    }

    /// Whether the central interval of that probability holds the truth.
    func isWithin(_ probability: Double) throws -> Bool {
      let upper = (1 + probability) / 2
      let reach =
        try degreesOfFreedom.map { try studentQuantile(upper, degreesOfFreedom: $0) } ?? standardNormalQuantile(upper)
      return abs(errorInStandardErrors ?? .infinity) <= reach
    }
  }

  /// How often intervals hold what they are to hold.
  public struct Coverage: Sendable, Codable, Equatable {
    /// The probability that an interval is made for.
    public var nominal: Double
    /// The share of the intervals that hold it.
    public var share: Double
    /// √(p (1 − p) / n), by how much the share of n independent intervals would differ from the nominal one by chance. Responses that share
    /// an assignment are not independent: n is then the number of assignments, which is cautious.
    public var standardError: Double
    /// The number of intervals.
    public var count: Int

    /// The probabilities for which coverage is counted.
    static let nominal = [0.5, 0.9, 0.95]

    /// The nominal probability in percent.
    var percent: Int { Int((100 * nominal).rounded()) }

    init(_ nominal: Double, _ isWithin: [Bool], independent: Int? = nil) {
      self.nominal = nominal
      count = isWithin.count
      share = Double(isWithin.count { $0 }) / Double(max(1, count))
      standardError = (nominal * (1 - nominal) / Double(max(1, independent ?? count))).squareRoot()
    }
  }

  /// Mean log densities of the rows, in nats per row.
  public struct LogDensity: Sendable, Codable, Equatable {
    /// Under the fit's predictive distributions.
    public var model: MeanWithError
    /// Under the truth.
    public var truth: MeanWithError
    /// The truth's less the model's, the estimate of the divergence KL(truth ‖ model). Its standard error is that of the differences row
    /// by row, which is far smaller than those of the two means.
    public var excessLogLoss: MeanWithError

    private enum CodingKeys: String, CodingKey {
      case model, truth
      case excessLogLoss = "regret"
    }

    /// - Parameters:
    ///   - model: ln p of each of the model's assignments.
    ///   - assignments: the number of the model's assignment of each row.
    ///   - truth: ln p of each true assignment.
    ///   - rowsPerAssignment: how many rows that follow one another share a true assignment.
    init(model: [Double], assignments: [Int], truth: [Double], rowsPerAssignment: Int) {
      let rows = assignments.count
      // Where one of the two groups rows and the other does not, or not as much, what is independent are the larger groups.
      var units = Units(count: truth.count)
      var truthOfAssignment = [Int?](repeating: nil, count: model.count)
      for (row, assignment) in assignments.enumerated() {
        let own = row / rowsPerAssignment
        if let other = truthOfAssignment[assignment] { units.join(own, other) } else { truthOfAssignment[assignment] = own }
      }
      var sums = [Int: (model: Double, truth: Double)]()
      for (own, value) in truth.enumerated() { sums[units.root(of: own), default: (0, 0)].truth += value }
      for (own, value) in zip(truthOfAssignment, model) {
        if let own { sums[units.root(of: own), default: (0, 0)].model += value }
      }
      let ordered = sums.sorted { $0.key < $1.key }.map(\.value)
      func mean(_ value: ((model: Double, truth: Double)) -> Double) -> MeanWithError {
        MeanWithError(ofAssignments: ordered.map(value), rows: rows)
      }
      (self.model, self.truth) = (mean(\.model), mean(\.truth))
      excessLogLoss = mean { $0.truth - $0.model }
    }
  }

  /// Something that was not compared.
  public struct Omission: Sendable, Codable, Equatable {
    /// The parts of a score.
    public enum Part: String, Sendable, Codable, CaseIterable {
      /// Parameters, some or all.
      case parameters
      /// How many parameters lie within their intervals.
      case parameterCoverage
      /// Log densities, and the excess log loss.
      case logDensity
      /// How many responses lie within their intervals.
      case responseCoverage
      /// The adjusted Rand indices.
      case assignments
    }

    /// What was left out.
    public var part: Part
    /// Why, in a sentence.
    public var reason: String

    init(_ part: Part, _ reason: String) { (self.part, self.reason) = (part, reason) }
  }
}

extension TruthScore.Expert {
  /// The fitted experts with their partners, and then the true ones that have none.
  static func matched(
    _ matching: LabelMatching, _ fit: FittedMixture, _ held: HeldOutRows, _ truth: AssignmentPosterior
  ) -> [Self] {
    let trueWeights = truth.meanWeights
    let fitted = matching.columns.enumerated().map { k, partner in
      Self(
        name: fit.mixture.expertNames[k], trueExpert: partner.map { $0 + 1 }, weight: held.meanWeights[k],
        trueWeight: partner.map { trueWeights[$0] } ?? 0)
    }
    let rest = matching.rows(ofColumns: trueWeights.count).enumerated().filter { $0.element == nil }.map {
      Self(name: nil, trueExpert: $0.offset + 1, weight: 0, trueWeight: trueWeights[$0.offset])
    }
    return fitted + rest
  }
}

/// Sets of numbers that can be joined (Galler & Fischer 1964).
private struct Units {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  /// The number that stands for the set of another: its least.
  mutating func root(of number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (one, other) = (root(of: one), root(of: other))
    parents[max(one, other)] = min(one, other)
  }
}

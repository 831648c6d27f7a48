import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Weights that depend on the row: π_ik = softmax(Vᵀx_i)_k, a multinomial logit in the gate's features.
///
/// The coefficients of each expert have the prior v_k ~ N(0, λ⁻¹ I) in standardised features, the intercept's too. Their estimate is
/// a point, or a Gaussian law q(V) under Böhning's bound of ln Σ exp (Böhning 1992), of which the bound of the evidence has the
/// KL divergence. All experts are treated alike: none is the reference, and the coefficients of all sum to zero.
public struct SoftmaxGate: Gate, Equatable {
  /// K; zero until a mixture says how many there are.
  public private(set) var expertCount = 0
  /// Whether the coefficients have a posterior law or a point estimate.
  public let estimate: Estimate
  /// The precision λ of the prior of standardised coefficients; zero under maximum likelihood.
  public let penalty: Double
  /// How the features are standardised, and what they are called; nil before the gate has seen data.
  var design: (standardization: Standardization, features: [String])? {
    standardization.map { ($0, features) }
  }
  /// The coefficients' means M in standardised features: a column for each expert. They sum to zero over the experts.
  var means: [[Double]] = []
  /// The law N(0, C) of each column of V about its mean, before its share in the columns' sum is taken out; nil for points.
  var spread: Gaussian?
  /// Σ_i w_i (1 − Σ_k π_ik²) in the last pass: how many assignments the features leave undecided.
  var undecided: Double?
  /// What keeps coefficients finite that have a flat prior: a precision of 10⁻¹³ of the assignments' weight.
  var ridge = 0.0

  var standardization: Standardization?
  private var features: [String] = []

  /// A gate for as many experts as the mixture has.
  ///
  /// - Parameters:
  ///   - penalty: the prior precision λ of standardised coefficients. Under maximum likelihood there is no prior, and it does not
  ///     matter.
  ///   - estimate: a posterior law, or points.
  /// - Throws: `GSLError` unless the penalty is positive and finite.
  public init(penalty: Double = 1, estimate: Estimate = .variational) throws {
    guard penalty > 0, penalty.isFinite else { throw GSLError(domainErrorIn: "SoftmaxGate(penalty: \(penalty))") }
    self.estimate = estimate
    self.penalty = estimate == .maximumLikelihood ? 0 : penalty
  }

  /// True.
  public var readsFeatures: Bool { true }

  /// The coefficients of each expert less their mean over all experts.
  public func parameters(_ data: DataSummary) -> [[ParameterEstimate]] {
    (0..<expertCount).map { coefficients(ofExpert: $0) }
  }

  /// Keeps the ratios of the weights of those experts that stay; a new one starts at their geometric mean.
  public mutating func select(_ experts: [Int?]) {
    let zero = [Double](repeating: 0, count: dimension)
    means = centred(experts.map { $0.map { means[$0] } ?? zero })
    expertCount = experts.count
  }

  /// Starts at the prior; the features' scales are those of the assignments.
  ///
  /// - Throws: `DataError` if the gate sees neither a feature nor an intercept.
  public mutating func configure(for data: DataSummary) throws {
    let standardization = try Standardization(ofGateFeatures: data)
    self.standardization = standardization
    features = data.gateFeatures.map(\.name)
    ridge = estimate == .maximumLikelihood ? 1e-13 * data.assignmentWeight : 0
    let zero = [Double](repeating: 0, count: dimension)
    means = Array(repeating: zero, count: expertCount)
    spread = estimate == .variational ? prior : nil
    undecided = nil
  }

  /// The coefficients of an expert in the units of the data, with standard errors where they have a law: of expert `expert` less
  /// the mean over all experts, or less those of `reference`. Only such differences are determined by the data.
  ///
  /// - Parameters:
  ///   - expert: the expert's number, from zero.
  ///   - reference: the number of the expert to compare with; nil for the mean of all.
  public func coefficients(ofExpert expert: Int, lessThoseOf reference: Int? = nil) -> [ParameterEstimate] {
    guard let design else { return [] }
    let difference = reference.map { zip(means[expert], means[$0]).map(-) } ?? means[expert]
    // Of two columns the variances add; of one and the mean of all, 1 − 1/K is left.
    let share = reference.map { $0 == expert ? 0 : 2 } ?? 1 - 1 / Double(expertCount)
    let names = design.standardization.coefficientNames(design.features)
    return zip(names, design.standardization.originalRows).map { name, row in
      ParameterEstimate(
        name, dot(row, difference),
        standardError: spread.map { (share * $0.covariance.quadraticForm(row)).squareRoot() })
    }
  }

  /// What a user should know: that no finite coefficients are best.
  public var warnings: [String] {
    guard estimate == .maximumLikelihood, expertCount > 1, let undecided, undecided < Self.leastUndecided else { return [] }
    return [
      "the gate's features separate the experts' rows: without a penalty its coefficients grow until only a tiny ridge or the "
        + "end of the fit stops them, and mean nothing"
    ]
  }

  /// Where fewer assignments than this are undecided, no row contradicts a gate of zeros and ones.
  private static let leastUndecided = 0.1
}

extension SoftmaxGate {
  /// The number of standardised columns, d.
  var dimension: Int { standardization?.dimension ?? 0 }

  /// The law of one column of V before any data.
  var prior: Gaussian {
    Gaussian(
      mean: Array(repeating: 0, count: dimension), precision: Cholesky(identity: dimension, scale: penalty))
  }

  /// The columns less their mean.
  private func centred(_ columns: [[Double]]) -> [[Double]] {
    guard let first = columns.first else { return [] }
    let mean = first.indices.map { j in columns.reduce(0) { $0 + $1[j] } / Double(columns.count) }
    return columns.map { zip($0, mean).map(-) }
  }
}

import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Weights that depend on the row: π_ik = softmax(Vᵀx_i)_k, a multinomial logit in the gate's features.
///
/// The coefficients of each expert have the prior v_k ~ N(0, λ⁻¹ I) in standardised features, the intercept's too. Their estimate is
/// a point, or a Gaussian distribution q(V) under Böhning's bound of ln Σ exp (Böhning 1992), whose
/// KL divergence is in the ELBO. All experts are treated alike: none is the reference, and the coefficients of all sum to zero.
public struct SoftmaxGate: Gate, Equatable {
  /// Whether the coefficients have a posterior distribution or a point estimate.
  public let estimate: Estimate
  /// The precision λ of the prior of standardised coefficients; zero under maximum likelihood.
  public let penalty: Double
  /// The means M of the coefficients in standardised features, and what a pass and an update do with them.
  var node: SoftmaxNode
  /// The distribution N(0, C) of each column of V about its mean, before its share in the columns' sum is taken out; nil for points.
  var spread: Gaussian?
  /// Σ_i w_i (1 − Σ_k π_ik²) in the last pass: how many assignments the features leave undecided.
  private(set) var undecided: Double?

  private(set) var standardization = Standardization(centres: [], scales: [], hasIntercept: true)
  private(set) var features: [String] = []

  /// A gate for as many experts as the mixture has.
  ///
  /// - Parameters:
  ///   - penalty: the prior precision λ of standardised coefficients. Under maximum likelihood there is no prior, and it does not
  ///     matter.
  ///   - estimate: a posterior distribution, or points.
  /// - Throws: `ArgumentError` unless the penalty is positive and finite.
  public init(penalty: Double = 1, estimate: Estimate = .variational) throws {
    try ArgumentError.requirePositive(penalty, of: Self.self, argument: "penalty")
    self.estimate = estimate
    self.penalty = estimate == .maximumLikelihood ? 0 : penalty
    node = SoftmaxNode(childCount: 0, dimension: standardization.dimension, penalty: self.penalty)
  }

  /// K; zero until a mixture says how many there are.
  public var expertCount: Int { node.childCount }

  /// The weights depend on the row.
  public var readsFeatures: Bool { true }
  /// The gate takes any units, since features are standardised.
  public var acceptsUnits: Bool { true }
  /// Those in which features are standardised.
  public var featureUnits: [Double]? { standardization.units.isEmpty ? nil : standardization.units }

  /// Estimate, and the penalty unless there is none.
  public var terms: [PartTerm] {
    [PartTerm("estimate", value: estimate.rawValue)] + (penalty > 0 ? [PartTerm(penalty: penalty)] : [])
  }

  /// The coefficients of each expert less their mean over all experts.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    (0..<expertCount).map { coefficients(ofExpert: $0) }
  }

  /// Keeps the ratios of the weights of those experts that stay; a new one starts at their geometric mean.
  public mutating func select(_ experts: [Int?]) { node.select(experts) }

  /// Starts at the prior; the features' scales are those of the assignments.
  ///
  /// - Throws: `DataError` if the gate sees neither a feature nor an intercept.
  public mutating func configure(for data: DataSummary) throws {
    standardization = try Standardization(ofGateFeatures: data)
    features = data.gateFeatures.map(\.name)
    node = SoftmaxNode(
      childCount: expertCount, dimension: standardization.dimension, penalty: SoftmaxNode.penalty(penalty, or: data))
    spread = estimate == .variational ? prior : nil
    undecided = nil
  }

  /// The coefficients of an expert in the units of the data, with standard errors where they have a distribution: of expert `expert` less
  /// the mean over all experts, or less those of `reference`. Only such differences are determined by the data.
  ///
  /// - Parameters:
  ///   - expert: the expert's number, from zero.
  ///   - reference: the number of the expert to compare with; nil for the mean of all.
  public func coefficients(ofExpert expert: Int, lessThoseOf reference: Int? = nil) -> [ParameterEstimate] {
    let mean = node.column(expert)
    let difference = reference.map { zip(mean, node.column($0)).map(-) } ?? mean
    // Of two columns the variances add; of one and the mean of all, 1 − 1/K is left.
    let share = reference.map { $0 == expert ? 0 : 2 } ?? 1 - 1 / Double(expertCount)
    return zip(standardization.coefficientNames(features), standardization.originalRows).map { name, row in
      ParameterEstimate(
        name, value: dot(row, difference),
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

// MARK: Passes and updates

extension SoftmaxGate {
  /// ln softmax(Mᵀx)_k − ¼ (K − 1) xᵀC x: Böhning's bound of E ln π_k, tight at the means; the point's own value where C = 0.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    node.logWeights(tile, design: tile.gateDesign(standardization), into: &scores)
    guard let costs = variances(tile)?.map({ -0.25 * Double(expertCount - 1) * $0 }) else { return }
    for k in 0..<expertCount { scores.withElements(in: tile.column(k)) { VectorKernels.add(costs.span, to: &$0) } }
  }

  /// ln softmax(κ_i Mᵀx)_k with κ_i = (1 + π/8 · 2 xᵀC x)^(−1/2), because each difference of two predictors has the variance
  /// 2 xᵀC x, by which a logistic function is flattened so (MacKay 1992, for two experts).
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let scales = variances(tile)?.map { 1 / (1 + 0.25 * .pi * $0).squareRoot() }
    node.logWeights(tile, design: tile.gateDesign(standardization), scales: scales, into: &scores)
  }

  /// The sums from which the next coefficients follow, and Σ r ln π with them.
  public var statisticsCount: Int { node.statisticsCount }

  /// Adds the sums at the means.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    node.accumulate(
      tile, design: tile.gateDesign(standardization), weighedBy: responsibilities, weights: tile.assignmentWeights,
      into: &statistics)
  }

  /// The means' step, and C = (½ Σ w x xᵀ + λ I)⁻¹.
  ///
  /// What the ELBO has of the means is Σ r ln softmax(Mᵀx) − ½ λ ‖M‖², for distributions as for points: under Böhning's bound about the means
  /// the covariance stands apart.
  public mutating func update(from statistics: Span<Double>, resum: Resum<SoftmaxGate>) throws {
    let sums = node.sums(statistics)
    try node.update(from: statistics, resum: resum.of(\.node, in: self))
    if estimate == .variational {
      spread = Gaussian(
        mean: Array(repeating: 0, count: node.dimension), precision: try node.boundOfCurvature(sums))
    }
    undecided = sums.undecided
  }

  /// KL(q(V) ‖ p(V)); for points −ln p(M), or the tiny ½ ρ ‖M‖² of the ridge where there is no prior.
  ///
  /// Of K columns with a distribution, K − 1 differences have the covariance C, and the sum has its prior's.
  public var divergence: Double {
    if estimate == .maximumLikelihood { return node.penaltyTerm }
    let differences = Double(expertCount - 1)
    let constant =
      spread.map { differences * $0.divergence(from: prior) }
      ?? 0.5 * Double(expertCount * node.dimension) * log(2 * .pi / penalty)
    return node.penaltyTerm + constant
  }

  /// The terms of the divergence.
  public func cancellingTerms(in statistics: Span<Double>) -> Double {
    let ofSpread = spread.map { Double(expertCount - 1) * $0.cancellingTerms(from: prior) }
    return node.penaltyTerm + (ofSpread ?? 0)
  }

  /// The distribution of one column of V before any data.
  private var prior: Gaussian {
    Gaussian(
      mean: Array(repeating: 0, count: node.dimension), precision: Cholesky(identity: node.dimension, scale: penalty))
  }

  /// xᵀC x of each assignment; nil for points.
  private func variances(_ tile: Tile) -> [Double]? {
    guard let covariance = spread?.covariance else { return nil }
    let pairs = covariance.pairsOfQuadraticForm()
    var result = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &result) {
      tile.gateDesign(standardization).multiplyPairs(by: pairs.span, columns: 1, into: &$0)
    }
    return result
  }
}

import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Weights that depend on where a row lies: each expert has a normal distribution of the features, and π_k(x) ∝ π_k N(x | μ_k, Λ_k⁻¹)
/// (Xu, Jordan & Hinton 1995), with a Dirichlet distribution of π and a Normal–Wishart distribution of each μ_k, Λ_k. Every update is in closed form.
///
/// The gate models the features too, so the ELBO is that of p(y, x), per unit of the response and of the features; it must not be
/// compared with ELBOs of p(y | x), which are those of other gates.
public struct GaussianGate: Gate, Equatable {
  /// K; zero until a mixture says how many experts there are.
  public private(set) var expertCount = 0
  /// The entries μ of the prior Dir(μ) of the weights π, the same for all experts.
  public let concentration: Double
  /// The prior of each cluster.
  public let clusterPrior: ClusterPrior
  /// The prior Dir(μ) of π.
  public private(set) var prior: Dirichlet
  /// The posterior Dir(α) of π: α_k = μ + N_k.
  public internal(set) var posterior: Dirichlet

  /// What the gate sees, once data are known.
  var features: GateFeatures?
  /// The prior distribution of the clusters, in standardised features; nil before data are known.
  private(set) var clusterDistribution: NormalWishart?
  /// The posterior distributions of the clusters, in standardised features.
  var clusters: [NormalWishart] = []

  private enum CodingKeys: String, CodingKey {
    case expertCount, concentration, clusterPrior, prior, posterior, features, clusters
    case clusterDistribution = "clusterLaw"
  }

  /// A gate for as many experts as the mixture has.
  ///
  /// - Throws: `ArgumentError` unless the concentration is positive and finite.
  public init(concentration: Double = 1, clusters: ClusterPrior = ClusterPrior()) throws {
    try ArgumentError.requirePositive(concentration, of: Self.self, argument: "concentration")
    self.concentration = concentration
    clusterPrior = clusters
    prior = try Dirichlet(concentration: [concentration])
    posterior = prior
  }

  /// Experts that stay keep their clusters and weights; new ones start at the prior.
  ///
  /// - Throws: `ArgumentError` if there is no expert.
  public mutating func select(_ experts: [Int?]) throws {
    let isComposing = experts.allSatisfy { $0 == nil }
    func old(_ expert: Int?) -> Int? { isComposing ? nil : expert }
    let known = posterior.concentration
    posterior = try Dirichlet(concentration: experts.map { old($0).map { known[$0] } ?? concentration })
    prior = try Dirichlet(concentration: experts.map { _ in concentration })
    if let clusterDistribution { clusters = experts.map { old($0).map { clusters[$0] } ?? clusterDistribution } }
    expertCount = experts.count
  }

  /// The features by which clusters are told apart: those that vary and do not follow from others. Empty before a fit.
  public var featureNames: [String] { features?.names ?? [] }

  /// The distribution of the mean and precision of an expert's cluster, in the units of the features ``featureNames``; nil before a fit.
  public func cluster(ofExpert expert: Int) throws -> NormalWishart? {
    guard let features else { return nil }
    let distribution = clusters[expert]
    return try NormalWishart(
      location: features.inUnits(distribution.location), meanPrecision: distribution.meanPrecision,
      degreesOfFreedom: distribution.degreesOfFreedom,
      inverseScale: features.inUnits(distribution.inverseScale.matrix))
  }

  /// The means E π_k = α_k / Σα: the weights of the clusters over all x.
  public var weights: [Double] { posterior.mean }

  /// For each expert its cluster in the units of the features: `weight`, `mean(x)`, `sd(x)` and `correlation(x, z)`, these two from the
  /// mean covariance, where there is one.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    guard let features else { return [] }
    let names = features.names
    return clusters.indices.map { k in
      let (distribution, order) = (clusters[k], names.indices)
      let covariance = distribution.meanCovariance
      let deviations = covariance.map { features.inUnits(deviations: $0.diagonal.map { $0.squareRoot() }) }
      let means = zip(order, features.inUnits(distribution.location)).map { j, mean in
        // Given Λ, μ has the covariance (β Λ)⁻¹.
        ParameterEstimate(
          "mean(\(names[j]))", value: mean,
          standardError: deviations.map { $0[j] / distribution.meanPrecision.squareRoot() })
      }
      let weight = ParameterEstimate("weight", value: weights[k], standardError: posterior.standardDeviations[k])
      guard let covariance, let deviations else { return [weight] + means }
      let roots = covariance.diagonal.map { $0.squareRoot() }
      let correlations = order.flatMap { i in
        order.dropFirst(i + 1).map { j in
          ParameterEstimate(
            "correlation(\(names[i]), \(names[j]))", value: covariance[i, j] / (roots[i] * roots[j]))
        }
      }
      return [weight] + means + zip(names, deviations).map { ParameterEstimate("sd(\($0))", value: $1) } + correlations
    }
  }

  /// Estimate, concentration, and what is given of the prior of the clusters.
  public var terms: [PartTerm] {
    [
      PartTerm("estimate", value: Estimate.variational.rawValue),
      PartTerm("concentration", value: String(format: "%g", concentration)),
    ]
      + clusterPrior.terms
  }

  /// The weights depend on the row.
  public var readsFeatures: Bool { true }
  /// The gate takes any units: features are standardised, and priors and clusters turned from one into the other.
  public var acceptsUnits: Bool { true }
  /// Those in which features are standardised.
  public var featureUnits: [Double]? { features?.standardization.units }
  /// The features by which clusters are told apart.
  public var densityFeatures: [Int] { features?.indices ?? [] }

  /// What the ELBO is, and which features the gate leaves out.
  public var warnings: [String] {
    let ofBound =
      "the Gaussian gate models the features as well: the ELBO is that of response and features together, p(y, x), so do not "
      + "compare it with the ELBOs of other gates, which are those of p(y | x)"
    return [ofBound] + (features?.omissions ?? [])
  }

  /// The divergence KL(q(π) ‖ Dir(μ)) + Σ_k KL(q(μ_k, Λ_k) ‖ p(μ_k, Λ_k)).
  public var divergence: Double {
    guard let clusterDistribution else { return posterior.divergence(from: prior) }
    return clusters.reduce(posterior.divergence(from: prior)) { $0 + $1.divergence(from: clusterDistribution) }
  }

  /// Standardises the features, and starts every distribution at its prior.
  ///
  /// - Throws: `MixtureError` if no feature varies; `ArgumentError` if the prior that was given does not fit.
  public mutating func configure(for data: DataSummary) throws {
    let features = try GateFeatures(data)
    let distribution = try clusterPrior.distribution(features, data, expertCount: expertCount)
    self.features = features
    clusterDistribution = distribution
    clusters = Array(repeating: distribution, count: expertCount)
    posterior = prior
  }

  /// q(π) = Dir(μ + N), and each cluster's Normal–Wishart distribution after the rows' sums N_k, Σ r x and Σ r x xᵀ.
  public mutating func update(from statistics: Span<Double>, resum: Resum<GaussianGate>) throws {
    guard let features, let clusterDistribution else { return }
    let sums = (0..<expertCount).map { ClusterSums(statistics, cluster: $0, order: features.indices.count) }
    posterior = try Dirichlet(concentration: zip(prior.concentration, sums).map { $0 + $1.weight })
    clusters = try zip(clusters, sums).map { cluster, sums in
      try clusterDistribution.updated(
        weight: sums.weight, sums: sums.sums, products: sums.products, about: cluster.location)
    }
  }
}

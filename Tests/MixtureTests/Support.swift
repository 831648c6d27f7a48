import Foundation
import GSL
import Mixtures

@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Rows of a mixture of linear models with known truth.
struct LinearTruth {
  var coefficients: [[Double]]
  var labels: [Int]
  var features: [[Double]]
  var response: [Double]

  /// w_k ~ N(0, 4 I) on n features (and an intercept), x ~ N(0, I), labels uniform.
  init(rows: Int, features count: Int, experts: Int, noise: Double, intercept: Bool = true, seed: UInt64) {
    var source = RandomSource(seed: seed)
    let dimension = count + (intercept ? 1 : 0)
    coefficients = (0..<experts).map { _ in (0..<dimension).map { _ in source.gaussian(standardDeviation: 2) } }
    labels = (0..<rows).map { _ in source.integer(below: experts) }
    features = (0..<count).map { _ in (0..<rows).map { _ in source.gaussian() } }
    response = []
    for i in 0..<rows {
      let w = coefficients[labels[i]]
      var y = intercept ? w[0] : 0
      for j in 0..<count { y += w[j + (intercept ? 1 : 0)] * features[j][i] }
      response.append(y + source.gaussian(standardDeviation: noise))
    }
  }

  func observations(weights: [Double]? = nil, groups: [Int]? = nil) throws -> Observations {
    try Observations(
      features: features.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) }, responses: [("y", response)],
      rowWeights: weights, groups: groups)
  }

  /// The columns x1, x2, … and y.
  func table() throws -> Table {
    try Table(
      features.enumerated().map { ("x\($0.offset + 1)", .numbers($0.element)) } + [("y", .numbers(response))])
  }

  /// The design matrix, intercept first.
  func design(intercept: Bool = true) -> [[Double]] {
    response.indices.map { i in (intercept ? [1] : []) + features.map { $0[i] } }
  }
}

/// The ELBO of a mixture under the responsibilities of a source, computed afresh from the rows.
func bound(of mixture: MixtureModel, under source: any ResponsibilitySource, _ rows: some TileSource) throws -> Double {
  let engine = try PassEngine(rows: rows, for: mixture, threads: 1)
  let data = try engine.expectedScore(of: mixture, under: source)
  return try ELBO(of: mixture, data: data, engine.statistics(of: mixture, under: source)).total
}

/// The statistics of a mixture under the responsibilities of a source.
func statistics(
  of mixture: MixtureModel, under source: any ResponsibilitySource, _ rows: some TileSource
) throws -> Statistics {
  try PassEngine(rows: rows, for: mixture, threads: 1).statistics(of: mixture, under: source)
}

/// ln N(y | 0, priorVariance X Xᵀ + noiseVariance I), in rows' space.
func logEvidence(
  of y: [Double], design: [[Double]], noiseVariance: Double, priorVariance: Double
) throws -> Double {
  guard !y.isEmpty else { return 0 }
  var covariance = Matrix.identity(y.count, scale: noiseVariance)
  for i in y.indices { for j in y.indices { covariance[i, j] += priorVariance * dot(design[i], design[j]) } }
  let cholesky = try Cholesky(covariance)
  return -0.5 * (dot(y, cholesky.solve(y)) + cholesky.logDeterminant + Double(y.count) * log(2 * .pi))
}

/// A mixture of linear experts, configured for the rows.
func linearMixture(
  _ rows: some TileSource, experts: Int, noise: LinearNoise = .shared,
  prior: any Prior<Gaussian> = GaussianPrior(), gate: DirichletGate? = nil, intercept: Bool = true,
  standardizes: Bool = true
) throws -> MixtureModel {
  var mixture = try MixtureModel(
    gate: gate ?? DirichletGate(),
    blocks: [
      Block(experts, LinearExpert(prior: prior, noise: noise, hasIntercept: intercept, standardizes: standardizes))
    ])
  try mixture.configure(for: DataSummary(rows))
  return mixture
}

extension MixtureModel {
  /// The one block of linear experts.
  var linear: Block<LinearExpert> {
    get { blocks[0] as! Block<LinearExpert> }
    set { blocks[0] = newValue }
  }

  /// The Dirichlet gate.
  var dirichlet: DirichletGate {
    get { gate as! DirichletGate }
    set { gate = newValue }
  }
}

/// Every treatment of the noise, with numbers that suit responses of variance around ten.
let allNoises: [LinearNoise] = [
  .shared, .perExpert, .fixed(variance: 0.3), .gamma(shape: 2, rate: 0.7), .perExpertGamma(shape: 1.5, rate: 0.4),
]

/// Every treatment of the coefficients' prior covariance and mean.
enum PriorKind: String, CaseIterable, Sendable {
  case cauchy, cauchyCommonMean, fixed, given, isotropic, interceptIncluded, flatIntercept, diagonal, full, flat,
    learnedMean, isotropicLearnedMean, commonMean, coupledMean

  func make(dimension: Int) throws -> GaussianPrior {
    switch self {
    case .fixed: return GaussianPrior(covariance: .fixed(variance: 5))
    case .cauchy: return GaussianPrior()
    case .cauchyCommonMean: return GaussianPrior(mean: .common)
    case .isotropic: return GaussianPrior(covariance: .isotropic)
    case .interceptIncluded: return GaussianPrior(covariance: .isotropic, intercept: .same)
    case .flatIntercept: return GaussianPrior(covariance: .isotropic, intercept: .flat)
    case .diagonal: return GaussianPrior(covariance: .diagonal)
    case .full: return GaussianPrior(covariance: .full)
    case .flat: return GaussianPrior(covariance: .flat)
    case .learnedMean: return GaussianPrior(covariance: .fixed(variance: 5), mean: .learned)
    case .isotropicLearnedMean: return GaussianPrior(covariance: .isotropic, mean: .learned)
    case .commonMean: return GaussianPrior(covariance: .isotropic, mean: .common)
    case .coupledMean:
      let coupling = try MeanCoupling(matrix: Matrix(diagonal: [0.5, 2]), coefficients: [0, dimension - 1])
      return GaussianPrior(covariance: .diagonal, mean: .coupled(coupling, startingAt: [[0.5, 1, -1]]))
    case .given:
      var covariance = Matrix.identity(dimension, scale: 4)
      for i in 1..<dimension {
        covariance[i, i - 1] = 1
        covariance[i - 1, i] = 1
      }
      return GaussianPrior(
        covariance: .given(covariance), mean: .given([(0..<dimension).map { 0.3 * Double($0) - 0.2 }]))
    }
  }
}

/// Every treatment of the covariance with every treatment of the mean, for three experts of three coefficients.
let allGaussianPriors: [GaussianPrior] = {
  let given = Matrix(rows: 3, columns: 3, elements: [4, 1, 0, 1, 4, 1, 0, 1, 4])
  let covariances: [GaussianPrior.Covariance] = [
    .cauchy, .flat, .fixed(variance: 5), .given(given), .isotropic, .diagonal, .full,
  ]
  let couplings = [
    try? MeanCoupling(matrix: .identity(3, scale: 0.7)),
    try? MeanCoupling(matrix: Matrix(diagonal: [0.5, 2]), coefficients: [0, 2]),
    try? MeanCoupling(matrix: given),
  ].compactMap(\.self)
  let means: [GaussianPrior.Mean] =
    [.zero, .given([[0.1, 1, -1], [1, 0, 0], [-2, 0.5, 0.5]]), .learned, .common]
    + couplings.map { .coupled($0, startingAt: [[0.5, 1, -1]]) }
  return covariances.flatMap { covariance in means.map { GaussianPrior(covariance: covariance, mean: $0) } }
}()

/// Every treatment of the gate's concentration, for three experts.
enum ConcentrationKind: String, CaseIterable, Sendable {
  case flat, sparse, unequal, learned

  func gate() throws -> DirichletGate {
    switch self {
    case .flat: try DirichletGate()
    case .sparse: try DirichletGate(concentration: 0.01)
    case .unequal: try DirichletGate(concentration: [3, 0.5, 1])
    case .learned: try DirichletGate(learningConcentrationWithin: nil)
    }
  }
}

/// Whether `a` and `b` agree to a relative tolerance.
func isClose(_ a: Double, _ b: Double, relative: Double) -> Bool { abs(a - b) <= relative * max(abs(a), abs(b)) }

/// The folder of the data sets that come with the package.
let dataFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../Examples/Data").standardized

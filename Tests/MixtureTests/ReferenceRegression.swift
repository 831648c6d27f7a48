import Foundation
import Mixtures

/// A regression of one expert as the reference files tell it.
struct ReferenceRegression: Sendable {
  /// The families that the command line knows.
  enum Family: String, Decodable, Sendable { case normal, student, poisson, binomial, bernoulli }

  var family: Family
  /// The formula, its offset included.
  var formula: String
  var estimate: Estimate
  var prior = GaussianPrior()
  var noise = LinearNoise.shared
  var degreesOfFreedom: Double?
  var hasTrials = false
  var hasWeights = false

  /// A mixture of the one expert.
  func mixture() throws -> Mixture {
    let (estimate, prior) = (estimate, prior)
    let freedom = degreesOfFreedom.map { DegreesOfFreedom.fixed($0) } ?? .estimated
    return try Mixture(
      formula, trials: hasTrials ? "n" : nil, rowWeights: hasWeights ? "w" : nil,
      gate: DirichletGate(estimate: estimate == .variational ? .variational : .maximumLikelihood)
    ) {
      switch family {
      case .normal: Block(1, LinearExpert(estimate: estimate, prior: prior, noise: noise))
      case .student: Block(1, StudentExpert(estimate: estimate, prior: prior, noise: noise, degreesOfFreedom: freedom))
      case .poisson: Block(1, PoissonExpert(estimate: estimate, prior: prior))
      case .binomial: Block(1, BinomialExpert(estimate: estimate, prior: prior))
      case .bernoulli: Block(1, BernoulliExpert(estimate: estimate, prior: prior))
      }
    }
  }

  /// The fit, until nothing changes any more.
  func fit(_ table: Table) throws -> FittedMixture {
    var options = FitOptions()
    (options.starts, options.threads) = (1, 1)
    (options.tolerance, options.maximumIterations) = (.relative(1e-15), 20_000)
    return try mixture().fitBlocking(table, from: .recipe(.random), options: options)
  }
}

/// A column of a reference file: numbers, or the names of levels.
enum ReferenceColumn: Decodable, Sendable {
  case numbers([Double])
  case names([String])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let numbers = try? container.decode([Double].self) {
      self = .numbers(numbers)
    } else {
      self = .names(try container.decode([String].self))
    }
  }

  var column: Table.Column {
    switch self {
    case .numbers(let numbers): .numbers(numbers)
    case .names(let names):
      .categories(
        levels: Set(names).sorted(), codes: names.map { name in Set(names).sorted().firstIndex(of: name)! })
    }
  }

  /// The table of such columns.
  static func table(_ columns: [String: ReferenceColumn]) throws -> Table {
    try Table(columns.sorted { $0.key < $1.key }.map { ($0.key, $0.value.column) })
  }
}

extension FittedMixture {
  /// Coefficients and scales of the one expert, as reports tell them.
  var parametersOfOne: [ParameterEstimate] { mixture.blocks[0].parameters(for: record.data)[0] }

  /// Those of the coefficients.
  var coefficientsOfOne: [ParameterEstimate] { parametersOfOne.filter(\.isCoefficient) }
}

/// Whether a number is another to a tolerance, relative to it or absolute, whichever is wider.
func agrees(_ a: Double, _ b: Double, to tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(1, abs(b)) }

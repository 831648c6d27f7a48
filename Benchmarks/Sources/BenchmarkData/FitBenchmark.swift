import Foundation
import Mixtures

/// A data set and the mixture that is fitted to it.
public struct FitBenchmark: Sendable {
  /// What the tables call it.
  public let name: String
  /// The data.
  public let rows: Observations
  /// The mixture.
  public let mixture: MixtureModel
  /// The published maximum of the log-likelihood, where there is one.
  public let reference: Double?

  /// A mixture for the rows of a table; under maximum likelihood with constant weights.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - table: the rows.
  ///   - formula: the response and the features.
  ///   - trials: the column of trials.
  ///   - groups: the column of groups.
  ///   - block: the experts.
  ///   - reference: the published maximum of the log-likelihood, where there is one.
  public init(
    _ name: String, _ table: Table, _ formula: String, trials: String? = nil, groups: String? = nil, block: any AnyBlock,
    reference: Double? = nil
  ) throws {
    self.name = name
    self.reference = reference
    rows = try Design(Formula(formula), for: table, trials: trials, groups: groups).observations(of: table)
    mixture = try MixtureModel(gate: DirichletGate(estimate: .maximumLikelihood), blocks: [block])
  }

  /// A mixture of `experts` linear models for `rows`, with constant weights if no gate is given.
  public init(
    _ name: String, _ rows: Observations, experts: Int, noise: LinearNoise, estimate: Estimate = .maximumLikelihood,
    gate: (any Gate)? = nil, reference: Double? = nil
  ) throws {
    self.name = name
    self.rows = rows
    self.reference = reference
    mixture = try MixtureModel(
      gate: gate ?? DirichletGate(estimate: estimate),
      blocks: [Block(experts, LinearExpert(estimate: estimate, noise: noise))])
  }
}

/// The classic data sets that come with the package.
public enum ClassicData: String, Sendable {
  case tonedata, npreg, mcycle, seizure

  /// The table as it comes.
  public var table: Table {
    get throws {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Examples/Data").standardized
      return try Table(csv: folder.appendingPathComponent("\(rawValue).csv"))
    }
  }

  /// The response on its features: `tuned` on `stretchratio`, `yn` on x and x², `accel` on `times`, `Seizures` on treatment and days.
  public var rows: Observations {
    get throws {
      let table = try self.table
      switch self {
      case .tonedata: return try Design(Formula("tuned ~ stretchratio"), for: table).observations(of: table)
      case .mcycle: return try Design(Formula("accel ~ times"), for: table).observations(of: table)
      case .seizure:
        return try Design(Formula("Seizures ~ Treatment * log(Day) + offset(log(Hours))"), for: table).observations(
          of: table)
      case .npreg:
        let x = try table.numbers("x")
        return try Observations(
          features: [("x", x), ("x²", x.map { $0 * $0 })], responses: [("yn", try table.numbers("yn"))])
      }
    }
  }
}

/// Rows of random linear models, whose coefficients' standard deviation is `separation` in units of the noise's.
public func randomPlanes(
  rows count: Int, features: Int, experts: Int, separation: Double, weights: [Double]? = nil, outliers: Double = 0,
  seed: UInt64
) throws -> Observations {
  var source = RandomSource(seed: seed)
  let planes = (0..<experts).map { _ in (0...features).map { _ in source.gaussian(standardDeviation: separation) } }
  var columns = (0..<features).map { _ in [Double](repeating: 0, count: count) }
  var response = [Double](repeating: 0, count: count)
  for i in 0..<count {
    let plane = planes[source.categorical(weights: weights ?? Array(repeating: 1, count: experts))]
    response[i] = plane[0] + source.gaussian()
    for j in 0..<features {
      columns[j][i] = source.gaussian()
      response[i] += plane[j + 1] * columns[j][i]
    }
    if source.uniform() < outliers { response[i] = source.gaussian(standardDeviation: 5 * separation) }
  }
  return try Observations(
    features: columns.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) }, responses: [("y", response)])
}

/// Lines of random slope whose heights at zero are `distance` apart, in units of the noise.
public func overlappingPlanes(
  rows count: Int, features: Int, experts: Int, distance: Double, seed: UInt64
) throws -> Observations {
  var source = RandomSource(seed: seed)
  let slopes = (0..<experts).map { _ in (0..<features).map { _ in source.gaussian(standardDeviation: distance / 2) } }
  var columns = (0..<features).map { _ in [Double](repeating: 0, count: count) }
  var response = [Double](repeating: 0, count: count)
  for i in 0..<count {
    let k = source.integer(below: experts)
    response[i] = distance * (Double(k) - 0.5 * Double(experts - 1)) + source.gaussian()
    for j in 0..<features {
      columns[j][i] = source.gaussian()
      response[i] += slopes[k][j] * columns[j][i]
    }
  }
  return try Observations(
    features: columns.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) }, responses: [("y", response)])
}

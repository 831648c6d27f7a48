import Foundation
import GSL
import Mixtures
import SyntheticData

/// How good a fitted mixture is, given the truth: how near its parameters and weights are to the true ones, whether its intervals hold what
/// they promise, how well it tells rows apart, and how many nats per row it loses to somebody who knows the distribution of the data.
///
/// The fit's experts have no order, so they are matched with the true ones first. What is compared is how rows are divided: with r_ik the
/// responsibility of fitted expert k for row i, and t_il the probability under the truth that row i is true expert l's, the matching is the
/// one that makes Σ_i r_ik t_il over matched pairs greatest, which is the number of rows on which draws from both would agree. It has no
/// units, works for experts of any kind, whether their parameters have names or not, and lets big experts count more than small ones.
///
/// What cannot be compared is nil or empty, and ``omissions`` says why.
public struct TruthScore: Sendable, Codable, Equatable {
  /// The number of rows that were scored.
  public var rowCount: Int
  /// What the rows are, in words: unseen ones, or those of a file.
  public var rows: String
  /// The experts in the fit's order, and then those of the truth that have no partner.
  public var experts: [Expert]
  /// The parameters of matched experts.
  public var parameters: [Parameter]
  /// The root mean square of the errors of all coefficients among ``parameters``, in the units of the data.
  public var coefficientError: Double?
  /// The root mean square of the errors of ``experts``' weights; an expert without partner counts with its whole weight.
  public var weightError: Double
  /// How many of the true parameters lie within their posterior intervals, mean ± z standard errors. Empty for point estimates.
  public var parameterCoverage: [Coverage]
  /// How many responses lie within the central intervals of their predictive distributions. A count at the end of an interval is within by
  /// chance, with the probability that makes that of the interval what it is to be (Brockwell 2007).
  public var responseCoverage: [Coverage]
  /// The adjusted Rand index between the experts most responsible for each row and the true ones; see ``adjustedRandIndex(of:and:)``.
  public var adjustedRandIndex: Double?
  /// The same for somebody who knows the truth and assigns each row to its most probable expert.
  public var bayesAdjustedRandIndex: Double?
  /// The log predictive densities; nil where the response of the fit is not that of the truth.
  public var logDensity: LogDensity?
  /// What was left out, and why.
  public var omissions: [Omission]

  /// Scores a fit on rows of the truth's distribution that nobody has seen, so that what it loses to the truth is out of sample.
  ///
  /// - Parameters:
  ///   - fit: the fit.
  ///   - truth: the truth of the data that it was fitted to.
  ///   - rows: how many rows are drawn, rounded up to whole assignments.
  ///   - threads: the number of threads; it does not change the result.
  /// - Throws: `ArgumentError` for less than one row; `DataError` for columns of the fit that the truth does not draw.
  public init(
    _ fit: FittedMixture, truth: Truth, rows: Int = 10_000, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws {
    try self.init(fit, unseen: truth.unseenRows(rows), threads: threads)
  }

  /// Scores a fit on rows that it was not fitted to. Where the fit's columns are called 1, 2, …, for their file had no names, so are those
  /// of the rows, here and in the other ways to score.
  ///
  /// - Parameters:
  ///   - fit: the fit.
  ///   - data: the rows; see `SyntheticDataSet.unseenRows(_:)`.
  ///   - threads: the number of threads; it does not change the result.
  /// - Throws: `DataError` for columns of the fit that the data do not have.
  public init(
    _ fit: FittedMixture, unseen data: SyntheticDataSet, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws {
    let generator = data.generator.named(asIn: fit)
    let data = try SyntheticDataSet(generator, rows: data.rows, seed: data.seed)
    let table = try TableRows(data.table(threads: threads), of: generator)
    do {
      try self.init(
        fit, table, rows: "\(data.rows.count) unseen rows", assignments: data.assignments(threads: threads),
        threads: threads)
    } catch let error as DataError {
      throw DataError("new rows of the truth cannot be scored: \(error); give the rows with --data")
    }
  }

  /// Scores a fit on the rows of a table. Their true assignments are known if they are the rows that the truth describes, to the bit and
  /// in order; column `group`, if the truth has one, is theirs.
  ///
  /// - Parameters:
  ///   - fit: the fit.
  ///   - truth: the truth of the table's rows, and of those that it was fitted to.
  ///   - table: the rows.
  ///   - threads: the number of threads; it does not change the result.
  /// - Throws: `DataError` for columns that are missing or unfit, or rows that the truth cannot have drawn.
  public init(
    _ fit: FittedMixture, truth: Truth, table: Table, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws {
    let rows = try TableRows(table, of: truth.generator.named(asIn: fit))
    try self.init(
      fit, rows, rows: "\(table.rowCount) rows of \(table.source)",
      assignments: truth.assignments(of: rows, threads: threads), threads: threads)
  }

  private init(
    _ fit: FittedMixture, _ rows: TableRows, rows words: String, assignments: [Int]?, threads: Int
  ) throws {
    let comparison = try ResponseComparison(fit, rows.generator)
    let truth = try rows.posterior(threads: threads)
    let held = try HeldOutRows(fit, rows.table, predicts: comparison.densities == nil, threads: threads)
    let shared = rows.generator.rowsPerAssignment
    let matching = LabelMatching(costs: overlapCosts(held, truth, rowsPerAssignment: shared))
    rowCount = rows.table.rowCount
    self.rows = words
    experts = Expert.matched(matching, fit, held, truth)
    weightError = rootMeanSquare(experts.map(\.weightError))
    (parameters, parameterCoverage, responseCoverage, omissions) = ([], [], [], [])
    if let reason = comparison.distributions {
      omissions.append(Omission(.parameters, reason))
    } else {
      try add(ParameterComparison(fit, rows.generator, matching))
    }
    if let reason = comparison.densities {
      omissions += [Omission(.logDensity, reason), Omission(.responseCoverage, reason)]
    } else {
      add(held, truth, rowsPerAssignment: shared)
    }
    if let assignments {
      adjustedRandIndex = MixtureDiagnostics.adjustedRandIndex(of: held.mostResponsible, and: assignments)
      let best = (0..<truth.logDensities.count).map { truth.mostProbable(ofAssignment: $0) }
      bayesAdjustedRandIndex = MixtureDiagnostics.adjustedRandIndex(
        of: (0..<rowCount).map { best[$0 / shared] }, and: assignments)
    } else {
      omissions.append(
        Omission(.assignments, "the rows are not those that the truth describes, so it is not known which expert drew each")
      )
    }
  }

  private mutating func add(_ compared: ParameterComparison) throws {
    (parameters, coefficientError) = (compared.parameters, compared.coefficientError)
    omissions += compared.omissions
    let told = parameters.filter { $0.errorInStandardErrors != nil }
    if !told.isEmpty {
      parameterCoverage = try Coverage.nominal.map { probability in
        Coverage(probability, try told.map { try $0.isWithin(probability) })
      }
    } else if !parameters.isEmpty {
      omissions.append(Omission(.parameterCoverage, "no parameter that can be compared has a standard error"))
    }
  }

  private mutating func add(_ held: HeldOutRows, _ truth: AssignmentPosterior, rowsPerAssignment: Int) {
    logDensity = LogDensity(
      model: held.logDensities, assignments: held.assignments, truth: truth.logDensities,
      rowsPerAssignment: rowsPerAssignment)
    responseCoverage = Coverage.nominal.map { probability in
      Coverage(probability, held.ranks.map { abs($0 - 0.5) <= probability / 2 }, independent: truth.logDensities.count)
    }
  }

  /// What is compared, where it can be, as flat numbers: errors in the units of the data, log densities in nats per row, shares between 0
  /// and 1.
  public var metrics: [(name: String, value: Double)] {
    let numbers: [(String, Double?)] =
      [
        ("logDensity", logDensity?.model.mean), ("bayesLogDensity", logDensity?.truth.mean),
        ("regret", logDensity?.excessLogLoss.mean), ("regretStandardError", logDensity?.excessLogLoss.standardError),
        ("adjustedRandIndex", adjustedRandIndex), ("bayesAdjustedRandIndex", bayesAdjustedRandIndex),
        ("coefficientError", coefficientError), ("weightError", weightError),
      ] + parameterCoverage.map { ("parameterCoverage\($0.percent)", $0.share) }
      + responseCoverage.map { ("responseCoverage\($0.percent)", $0.share) }
    return numbers.compactMap { name, value in value.map { (name: name, value: $0) } }
  }
}

/// −Σ_i r_ik t_il: a row for each fitted expert k, a column for each true expert l.
private func overlapCosts(_ held: HeldOutRows, _ truth: AssignmentPosterior, rowsPerAssignment: Int) -> Matrix {
  let (fitted, experts) = (held.meanWeights.count, truth.responsibilities.columns)
  var costs = Matrix(rows: fitted, columns: experts)
  for row in held.assignments.indices {
    for k in 0..<fitted {
      let share = held.responsibilities[row * fitted + k]
      for l in 0..<experts { costs[k, l] -= share * truth.responsibilities[row / rowsPerAssignment, l] }
    }
  }
  return costs
}

/// √(Σ e² / n); zero where there is none.
func rootMeanSquare(_ errors: [Double]) -> Double {
  errors.isEmpty ? 0 : (dot(errors, errors) / Double(errors.count)).squareRoot()
}

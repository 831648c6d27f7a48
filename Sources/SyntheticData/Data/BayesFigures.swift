import Foundation
import GSL

/// A mean over rows, with its standard error.
public struct MeanWithError: Sendable, Codable, Equatable {
  /// The mean.
  public var mean: Double
  /// Its standard error as an estimate of the expectation: s / √n.
  public var standardError: Double
}

/// What somebody achieves on rows who knows the distribution they are drawn from: nobody does better but by chance.
///
/// The figures are means over the rows at hand, and so Monte-Carlo estimates of their expectations with the standard errors given.
public struct BayesFigures: Sendable, Codable, Equatable {
  /// (1/N) Σ ln p(y_i | x_i), in nats per row. Rows that share an assignment count together.
  public var logDensity: MeanWithError
  /// The mean of 1 − max_k p(z = k | x, y): how often the best guess of an assignment, features and response being known, is wrong.
  public var assignmentError: MeanWithError
  /// The error of the best prediction of the response: for a number the root of the mean of (y − E[y | x])², for a category the share
  /// of rows in which it is not the most probable one; nil where the response is several columns, or its mean unknown.
  public var predictionError: Double?

  /// The figures for the rows of a data set.
  ///
  /// - Complexity: draws the rows once; a few blocks a thread are in memory at a time.
  public init(_ data: SyntheticDataSet, threads: Int = ProcessInfo.processInfo.activeProcessorCount) throws {
    self = try BayesSums(data, threads: threads).figures
  }

  init(logDensity: MeanWithError, assignmentError: MeanWithError, predictionError: Double?) {
    self.logDensity = logDensity
    self.assignmentError = assignmentError
    self.predictionError = predictionError
  }
}

extension BayesFigures {
  /// Checks what a file says; numbers that are none come of generators of which nothing better is known.
  ///
  /// - Throws: ``SyntheticDataError`` for an error that is negative, or more than all.
  func validate() throws {
    let errors = [logDensity.standardError, assignmentError.standardError, predictionError ?? 0]
    if let error = errors.first(where: { $0 < 0 }) {
      throw SyntheticDataError("bayes: an error of \(error): give none below 0")
    }
    // One less a probability that is one but for rounding.
    if assignmentError.mean < -1e-9 || assignmentError.mean > 1 {
      throw SyntheticDataError("bayes: wrong assignments in a share of \(assignmentError.mean): give one from 0 to 1")
    }
  }
}

/// The sums behind ``BayesFigures``, block by block.
package struct BayesSums: Sendable {
  private var rows = 0.0
  private var logDensity = Moments()
  private var assignmentError = Moments()
  /// Σ π_k of the assignments.
  private var weights: [Double] = []
  /// Σ of squared or counted errors of predictions; nil where there is no prediction.
  private var predictionErrors: Double? = 0
  private var isCategory = false

  /// Empty sums.
  package init() {}

  /// The sums of the rows of a data set, added in their order: the number of threads does not change them.
  ///
  /// - Complexity: draws the rows once; a few blocks a thread are in memory at a time.
  package init(_ data: SyntheticDataSet, threads: Int = ProcessInfo.processInfo.activeProcessorCount) throws {
    self.init()
    try data.forEachBlock(threads: threads, { BayesSums(data.generator, of: $0) }, consume: { add($0) })
  }

  /// The sums of the rows of a block.
  package init(_ generator: some Generator, of block: RowBlock) {
    rows = Double(block.count)
    weights = Array(repeating: 0, count: generator.expertCount)
    let posterior = AssignmentPosterior(generator, of: block)
    for (i, total) in posterior.logDensities.enumerated() {
      for k in weights.indices { weights[k] += exp(posterior.logWeights[i * generator.rowsPerAssignment, k]) }
      logDensity.add(total)
      assignmentError.add(1 - (posterior.responsibilities(ofAssignment: i).max() ?? 1))
    }
    isCategory = generator.response.count == 1 && generator.response[0].levels != nil
    predictionErrors = generator.squaredPredictionErrors(block, logWeights: posterior.logWeights)
  }

  /// Adds the sums of further rows.
  package mutating func add(_ other: BayesSums) {
    rows += other.rows
    logDensity.add(other.logDensity)
    assignmentError.add(other.assignmentError)
    weights = weights.isEmpty ? other.weights : zip(weights, other.weights).map(+)
    predictionErrors = predictionErrors.flatMap { own in other.predictionErrors.map { own + $0 } }
    isCategory = isCategory || other.isCategory
  }

  /// The mean of each expert's weight, over the assignments so far.
  package var meanWeights: [Double] { weights.map { $0 / logDensity.count } }

  /// The figures of the rows so far.
  package var figures: BayesFigures {
    let assignments = logDensity.count
    return BayesFigures(
      logDensity: logDensity.mean(scaledBy: assignments / rows), assignmentError: assignmentError.mean(),
      predictionError: predictionErrors.map { isCategory ? $0 / rows : ($0 / rows).squareRoot() })
  }
}

extension MeanWithError {
  /// The mean over `rows` rows of what each assignment has of it, all its rows together; assignments are independent, rows need not be.
  /// An infinite mean has no standard error.
  package init(ofAssignments values: [Double], rows: Int) {
    guard values.allSatisfy(\.isFinite) else {
      self.init(mean: values.reduce(0, +) / Double(rows), standardError: .nan)
      return
    }
    var moments = Moments()
    for value in values { moments.add(value) }
    self = moments.mean(scaledBy: moments.count / Double(rows))
  }
}

/// Count, mean and Σ (value − mean)², which can be put together (Chan, Golub & LeVeque 1983).
private struct Moments: Sendable {
  var count = 0.0
  private var average = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let step = value - average
    average += step / count
    squares += step * (value - average)
  }

  mutating func add(_ other: Moments) {
    guard other.count > 0 else { return }
    let (total, step) = (count + other.count, other.average - average)
    average += step * other.count / total
    squares += other.squares + step * step * count * other.count / total
    count = total
  }

  func mean(scaledBy scale: Double = 1) -> MeanWithError {
    let variance = count > 1 ? squares / (count - 1) : 0
    return MeanWithError(mean: scale * average, standardError: scale * (variance / max(1, count)).squareRoot())
  }
}

extension Generator {
  /// Σ (y − E[y | x])² for a response of numbers, the number of rows whose category is not the most probable one for one of
  /// categories; nil where there is no such prediction.
  fileprivate func squaredPredictionErrors(_ block: RowBlock, logWeights: Matrix) -> Double? {
    if response.count == 1, let levels = response[0].levels {
      let guesses = mostProbable(block, levels: levels.count, logWeights: logWeights)
      return (0..<block.count).reduce(0) { $0 + (Double(guesses[$1]) == block.response[$1, 0] ? 0 : 1) }
    }
    guard hasMeans else { return nil }
    var means = Matrix(rows: block.count, columns: expertCount)
    self.means(block, into: &means)
    return (0..<block.count).reduce(0) { sum, row in
      let mean = (0..<means.columns).reduce(0) { $0 + exp(logWeights[row, $1]) * means[row, $1] }
      return sum + (block.response[row, 0] - mean) * (block.response[row, 0] - mean)
    }
  }

  /// The level of greatest Σ_k π_k p_k(level | x) in each row.
  private func mostProbable(_ block: RowBlock, levels: Int, logWeights: Matrix) -> [Int] {
    var block = block
    var densities = Matrix(rows: block.count, columns: expertCount)
    var best = [(level: Int, logDensity: Double)](repeating: (0, -.infinity), count: block.count)
    for level in 0..<levels {
      for row in 0..<block.count { block.response[row, 0] = Double(level) }
      logDensities(block, into: &densities)
      for row in 0..<block.count {
        let value = logSumOfExponentials((0..<densities.columns).map { logWeights[row, $0] + densities[row, $0] })
        if value > best[row].logDensity { best[row] = (level, value) }
      }
    }
    return best.map(\.level)
  }
}

import Foundation
import GSL
import MixtureCore
import SyntheticData

/// A generator of simulated data that is held to the laws.
public struct GeneratorSubject: LawSubject {
  /// What the generator is called in messages.
  public var name: String
  /// The generator.
  public var generator: any Generator
  /// The laws that the generator does not keep, with the reasons.
  public var exceptions: [GeneratorLaw: LawException]

  /// A generator, called by its type unless a name is given.
  public init(
    _ generator: any Generator, named name: String? = nil, exceptions: [GeneratorLaw: LawException] = [:]
  ) {
    self.name = name ?? type(of: generator).partName
    self.generator = generator
    self.exceptions = exceptions
  }

  /// How the generator violates `law`; empty if it does not.
  public func violations(of law: GeneratorLaw, isInequality: Bool) throws -> [String] {
    PartRegistry.registerSyntheticParts()
    return switch law {
    case .sameRows: try sameRows()
    case .weights: try weights()
    case .responses: try responses()
    case .means: generator.hasMeans ? try means() : []
    case .independence: independence()
    case .ownColumns: try ownColumns()
    case .jsonRoundTrip:
      try roundTripViolations(CodedByName<any Generator>(wrappedValue: generator)) { try numbers(of: $0.wrappedValue) }
    }
  }
}

extension GeneratorSubject {
  /// At least `count` rows, in whole assignments.
  func rows(_ count: Int, from first: Int = 0, seed: UInt64) throws -> SyntheticDataSet {
    let shared = generator.rowsPerAssignment
    let start = first / shared * shared
    return try SyntheticDataSet(generator, rows: start..<(start + (count + shared - 1) / shared * shared), seed: seed)
  }

  /// ln π and ln p of the rows of a block, in matrices with `spare` further columns that hold 7.
  func terms(_ block: RowBlock, spare: Int = 0) -> (weights: Matrix, densities: Matrix) {
    var weights = Matrix(rows: block.count, columns: generator.expertCount + spare, repeating: 7)
    var densities = weights
    generator.logWeights(block, into: &weights)
    generator.logDensities(block, into: &densities)
    return (weights, densities)
  }

  // MARK: Rows

  private func sameRows() throws -> [String] {
    let all = try rows(2500, seed: 51).bits()
    let part = try rows(900, from: 701, seed: 51)
    return (try rows(2500, seed: 51).bits(threads: 3) == all ? [] : ["three threads draw other rows than one"])
      + (try part.bits() == Array(all[part.rows]) ? [] : ["rows \(part.rows) by themselves are others than among all"])
      + (try rows(2500, seed: 52).bits() != all ? [] : ["another seed draws the same rows"])
  }

  private func numbers(of generator: any Generator) throws -> [Double] {
    let subject = GeneratorSubject(generator)
    var numbers: [Double] = []
    try subject.rows(100, seed: 53).forEachBlock(threads: 1, { $0 }) { block in
      let (weights, densities) = subject.terms(block)
      numbers += block.features.elements + block.response.elements + weights.elements + densities.elements
    }
    return numbers
  }

  // MARK: Weights

  private func weights() throws -> [String] {
    let features = generator.features.count
    let functions = 1 + features
    /// For each expert and each function f: Σ f (1[z = k] − π_k), and its variance Σ f² π_k (1 − π_k).
    var sums = Matrix(rows: generator.expertCount, columns: functions)
    var variances = sums
    var violations: [String] = []
    let shared = generator.rowsPerAssignment
    try rows(8000 * min(shared, 4), seed: 54).forEachBlock(threads: 1, { ($0, terms($0).weights) }) { block, weights in
      for row in 0..<block.count {
        let probabilities = (0..<sums.rows).map { exp(weights[row, $0]) }
        let total = probabilities.reduce(0, +)
        if !(abs(total - 1) <= 1e-9) && violations.isEmpty {
          violations.append("the weights of row \(block.rows.lowerBound + row) sum to \(total)")
        }
        guard row % shared == 0 else { continue }
        for (k, probability) in probabilities.enumerated() {
          for j in 0..<functions {
            let f = j == 0 ? 1 : block.features[row, j - 1]
            sums[k, j] += f * ((block.assignments[row] == k ? 1 : 0) - probability)
            variances[k, j] += f * f * probability * (1 - probability)
          }
        }
      }
    }
    let errors = GoodnessOfFit.standardErrors(tests: sums.elements.count)
    for k in 0..<sums.rows {
      for j in 0..<functions where !(abs(sums[k, j]) <= errors * variances[k, j].squareRoot() + 1e-6) {
        let f = j == 0 ? "1" : generator.features[j - 1].name
        violations.append(
          "expert \(k): Σ \(f) · (1[z = \(k)] − π) is \(sums[k, j]), of standard deviation \(variances[k, j].squareRoot())")
      }
    }
    return violations
  }

  // MARK: What depends on what

  /// Blocks are compared by `==` of their numbers, which takes NaN for a difference.
  private func independence() -> [String] {
    let experts = generator.expertCount
    let sources = (0..<(10 * generator.rowsPerAssignment)).map { RandomSource(seed: 55).split(UInt64($0)) }
    var block = RowBlock(rows: sources.indices, of: generator, sources: sources)
    var violations: [String] = []
    func expect(_ isKept: Bool, _ violation: String) { if !isKept { violations.append(violation) } }
    generator.drawFeatures(&block)
    expect(block.response.elements.allSatisfy { $0 == 0 }, "drawing features changes the response")
    block.sources = sources.map { $0.split(1) }
    for row in 0..<block.count { block.assignments[row] = row % experts }
    var (drawn, other) = (block, block)
    generator.drawResponse(&drawn)
    expect(drawn.features == block.features, "drawing a response changes features")
    expect(drawn.assignments == block.assignments, "drawing a response changes assignments")
    for row in stride(from: 1, to: block.count, by: 2) { other.assignments[row] = (row + 1) % experts }
    generator.drawResponse(&other)
    let isSame = stride(from: 0, to: block.count, by: 2).allSatisfy { row in
      (0..<drawn.response.columns).allSatisfy { drawn.response[row, $0] == other.response[row, $0] }
    }
    expect(isSame, "the response of a row depends on the assignment of another")
    let before = terms(drawn)
    var changed = drawn
    for row in 0..<drawn.count { changed.assignments[row] = (row + 1) % experts }
    expect(terms(changed).densities == before.densities, "densities depend on assignments")
    expect(terms(changed).weights == before.weights, "weights depend on assignments")
    for row in 0..<drawn.count {
      for j in 0..<drawn.response.columns { changed.response[row, j] = drawn.response[drawn.count - 1 - row, j] }
    }
    expect(terms(changed).weights == before.weights, "weights depend on the response")
    return violations
  }

  private func ownColumns() throws -> [String] {
    let experts = generator.expertCount
    var violations: [String] = []
    func compare(_ what: String, _ exact: Matrix, _ wide: Matrix) {
      for row in 0..<exact.rows {
        let own = (0..<experts).allSatisfy { exact[row, $0].bitPattern == wide[row, $0].bitPattern }
        let spare = (experts..<wide.columns).allSatisfy { wide[row, $0] == 7 }
        guard own && spare else {
          violations.append("\(what) in a matrix with further columns: row \(row) is not as in one without")
          return
        }
      }
    }
    try rows(50, seed: 56).forEachBlock(threads: 1, { $0 }) { block in
      let (exact, wide) = (terms(block), terms(block, spare: 2))
      compare("weights", exact.weights, wide.weights)
      compare("densities", exact.densities, wide.densities)
      guard generator.hasMeans else { return }
      var (means, wideMeans) = (exact.weights, wide.weights)
      for i in wideMeans.elements.indices { wideMeans.elements[i] = 7 }
      generator.means(block, into: &means)
      generator.means(block, into: &wideMeans)
      compare("means", means, wideMeans)
    }
    return violations
  }
}

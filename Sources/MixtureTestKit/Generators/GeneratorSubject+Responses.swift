import Foundation
import GSL
import SyntheticData

extension GeneratorSubject {
  /// Draws against densities: one number by its distribution function, categories by their counts, several columns by means of bounded
  /// functions.
  func responses() throws -> [String] {
    let columns = generator.response
    let examinations = try examinations(draws: 2000, seed: 57)
    if columns.allSatisfy({ $0.levels != nil }) { return examinations.flatMap(categories) }
    if columns.count == 1 { return examinations.flatMap(columns[0].kind == .count ? counts : number) }
    return examinations.flatMap(severalColumns)
  }

  /// Means against integrals of the density.
  func means() throws -> [String] {
    let isCount = generator.response[0].kind == .count
    return try examinations(draws: 200, seed: 58).flatMap { examination -> [String] in
      let distribution: (mean: Double, tolerance: Double)
      if isCount {
        let probabilities = CountDistribution(examination).probabilities
        distribution = (probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }, 1e-6)
      } else {
        let density = DensityGrid(examination)
        distribution = (density.mean, 0.01 * density.spread)
      }
      let sources = [RandomSource(seed: 0)]
      var block = RowBlock(rows: 0..<1, of: generator, sources: sources)
      for (j, value) in examination.features.enumerated() { block.features[0, j] = value }
      var means = Matrix(rows: 1, columns: generator.expertCount)
      generator.means(block, into: &means)
      let mean = means[0, examination.expert]
      return abs(mean - distribution.mean) <= distribution.tolerance * max(1, isCount ? abs(mean) : 1)
        ? [] : ["\(examination.name): the mean is \(mean), but that of the density \(distribution.mean)"]
    }
  }

  private func number(_ examination: ExpertExamination) -> [String] {
    let grid = DensityGrid(examination)
    guard abs(grid.total - 1) <= 2e-3 else { return ["\(examination.name): the density integrates to \(grid.total)"] }
    return Sample(examination.draws.map { $0[0] }).follows(grid.cumulative)
      ? [] : ["\(examination.name): draws do not follow the density"]
  }

  private func counts(_ examination: ExpertExamination) -> [String] {
    let distribution = CountDistribution(examination)
    let total = distribution.total
    guard abs(total - 1) <= 1e-6 else { return ["\(examination.name): the probabilities sum to \(total)"] }
    let follows = Sample(examination.draws.map { $0[0] }).followsCounts {
      distribution.cumulative[min(Int($0), distribution.cumulative.count - 1)]
    }
    return follows ? [] : ["\(examination.name): draws do not follow the probabilities"]
  }

  /// All combinations of levels, of which those that expect fewer than ten draws count together.
  private func categories(_ examination: ExpertExamination) -> [String] {
    let levels = generator.response.map { $0.levels?.count ?? 1 }
    guard levels.reduce(1.0, { $0 * Double($1) }) <= 20_000 else {
      return ["more than 20,000 combinations of levels: take a generator with fewer"]
    }
    let combinations = levels.reduce([[]]) { partial, count in
      partial.flatMap { head in (0..<count).map { head + [Double($0)] } }
    }
    let probabilities = examination.densities(combinations)
    let total = probabilities.reduce(0, +)
    guard abs(total - 1) <= 1e-9 else { return ["\(examination.name): the probabilities sum to \(total)"] }
    let drawn = Dictionary(examination.draws.map { ($0, 1) }, uniquingKeysWith: +)
    var cells: [(count: Int, probability: Double)] = []
    var rest: (count: Int, probability: Double) = (0, 0)
    for (combination, probability) in zip(combinations, probabilities) {
      let count = drawn[combination] ?? 0
      if probability * Double(examination.draws.count) >= 10 {
        cells.append((count, probability))
      } else {
        rest = (rest.count + count, rest.probability + probability)
      }
    }
    if rest.count > 0 || rest.probability > 0 { cells.append(rest) }
    guard cells.reduce(0, { $0 + $1.count }) == examination.draws.count else {
      return ["\(examination.name): draws are no levels"]
    }
    return cells.count < 2 || GoodnessOfFit.chiSquare(cells.map(\.count), probabilities: cells.map(\.probability))
      ? [] : ["\(examination.name): draws do not follow the probabilities"]
  }

  /// Means over the draws against means over those of a known distribution g, weighted by p / g: of one, and of whether
  /// columns, and pairs of them, lie below quantiles, or are a level. g is independent Cauchy distributions, rounded and without their
  /// signs for counts, and uniform over levels.
  private func severalColumns(_ examination: ExpertExamination) -> [String] {
    let columns = generator.response
    var source = RandomSource(seed: 59)
    let locations = columns.indices.map { examination.location(ofColumn: $0) }
    var known: [[Double]] = []
    var densities: [Double] = []
    for _ in 0..<8000 {
      var density = 1.0
      known.append(
        columns.indices.map { j in
          if let levels = columns[j].levels {
            density /= Double(levels.count)
            return Double(source.integer(below: levels.count))
          }
          let distribution = CauchyDistribution(locations[j])
          let y = distribution.draw(using: &source)
          guard columns[j].kind == .count else {
            density *= distribution.density(y)
            return y
          }
          let count = abs(y.rounded())
          density *= distribution.probability(count) + (count > 0 ? distribution.probability(-count) : 0)
          return count
        })
      densities.append(density)
    }
    let weights = zip(examination.densities(known), densities).map(/)
    let functions = indicators(examination)
    let errors = GoodnessOfFit.standardErrors(tests: functions.count)
    return functions.compactMap { name, function in
      let (a, b) = (Sample(examination.draws.map(function)), Sample(zip(known, weights).map { function($0) * $1 }))
      // Bernstein's bound for the share of the draws, since of a rare event there may be none.
      let (count, share) = (Double(examination.draws.count), min(max(b.mean, 0), 1))
      let error = (share * (1 - share) / count + b.standardError * b.standardError).squareRoot()
      return abs(a.mean - b.mean) <= errors * error + errors * errors / (3 * count)
        ? nil : "\(examination.name), \(name): draws are \(a), by the density \(b)"
    }
  }

  private func indicators(_ examination: ExpertExamination) -> [(name: String, value: ([Double]) -> Double)] {
    let single: [[(name: String, value: ([Double]) -> Double)]] = generator.response.enumerated().map { j, column in
      if let levels = column.levels {
        return levels.indices.map { level in ("\(column.name) = \(levels[level])", { $0[j] == Double(level) ? 1 : 0 }) }
      }
      let sorted = examination.draws.map { $0[j] }.sorted()
      return [0.1, 0.25, 0.5, 0.75, 0.9].map { share in
        let threshold = sorted[Int(share * Double(sorted.count))]
        return ("\(column.name) ≤ \(threshold)", { $0[j] <= threshold ? 1 : 0 })
      }
    }
    let pairs = single.indices.flatMap { j in
      (0..<j).flatMap { i in
        single[i].flatMap { a in
          single[j].map { b in (name: "\(a.name), \(b.name)", value: { a.value($0) * b.value($0) }) }
        }
      }
    }
    return [("1", { _ in 1 })] + single.flatMap(\.self) + pairs
  }
}

/// The Cauchy distribution, whose tails few others exceed.
private struct CauchyDistribution {
  let centre: Double
  let spread: Double

  init(_ location: (centre: Double, spread: Double)) { (centre, spread) = location }

  func draw(using source: inout RandomSource) -> Double { centre + spread * tan(.pi * (source.uniform() - 0.5)) }

  func density(_ y: Double) -> Double {
    let t = (y - centre) / spread
    return 1 / (.pi * spread * (1 + t * t))
  }

  /// That of the numbers which are rounded to a whole one: arctan b − arctan a as the angle whose tangent is (b − a) / (1 + ab), so that
  /// no digits are lost far out.
  func probability(_ whole: Double) -> Double {
    let (a, b) = ((whole - 0.5 - centre) / spread, (whole + 0.5 - centre) / spread)
    return atan2(1 / spread, 1 + a * b) / .pi
  }
}

/// The density of a number on a grid, and its integral by the trapezoidal rule.
///
/// The real line is mapped to (−1, 1) by y = centre + spread · t / (1 − t²), with median and spread of the draws.
private struct DensityGrid {
  let spread: Double
  private let centre: Double
  private let nodes: [Double]
  /// The integral up to each node.
  private let integrals: [Double]
  /// ∫ y p(y) dy.
  let mean: Double

  private static let intervals = 4000

  init(_ examination: ExpertExamination) {
    let (centre, spread) = examination.location(ofColumn: 0)
    // The ends are at infinity, where a density is zero.
    let ts = (1..<Self.intervals).map { -1 + 2 * Double($0) / Double(Self.intervals) }
    let nodes = ts.map { centre + spread * $0 / (1 - $0 * $0) }
    let masses = zip(ts, examination.densities(nodes.map { [$0] })).map { t, density in
      density * spread * (1 + t * t) / ((1 - t * t) * (1 - t * t)) * 2 / Double(Self.intervals)
    }
    var (sum, integrals) = (0.0, [Double]())
    for mass in masses {
      integrals.append(sum + 0.5 * mass)
      sum += mass
    }
    (self.centre, self.spread, self.nodes, self.integrals) = (centre, spread, nodes, integrals)
    mean = centre + zip(nodes, masses).reduce(0) { $0 + ($1.0 - centre) * $1.1 }
  }

  /// The integral over all nodes.
  var total: Double { integrals.last ?? 0 }

  /// The integral up to y, linear between nodes in t.
  func cumulative(_ y: Double) -> Double {
    let u = (y - centre) / spread
    let t = 2 * u / (1 + (1 + 4 * u * u).squareRoot())
    let place = (t + 1) / 2 * Double(Self.intervals) - 1
    guard place > 0 else { return 0 }
    let index = Int(place)
    guard index + 1 < integrals.count else { return total }
    return integrals[index] + (place - Double(index)) * (integrals[index + 1] - integrals[index])
  }
}

/// The probabilities of counts, up to far beyond the draws.
private struct CountDistribution {
  let probabilities: [Double]
  let cumulative: [Double]

  init(_ examination: ExpertExamination) {
    let largest = examination.draws.reduce(0) { max($0, $1[0]) }
    let probabilities = examination.densities((0...Int(2 * min(largest, 1e6) + 100)).map { [Double($0)] })
    var sum = 0.0
    cumulative = probabilities.map {
      sum += $0
      return sum
    }
    self.probabilities = probabilities
  }

  var total: Double { cumulative.last ?? 0 }
}

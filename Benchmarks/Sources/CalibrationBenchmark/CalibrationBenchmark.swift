import Foundation
import GSL
import Mixtures

/// Whether new rows are where predictions say: intervals, and the probability integral transform, for every family.
///
/// Run with `make benchmark-calibration`; arguments are the number of data sets a line, 1,000 by default, and families, by default all.
@main
struct CalibrationBenchmark {
  /// New rows of each data set.
  static let newRows = 100

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let sets = arguments.first.flatMap { Int($0) } ?? 1000
    let asked = arguments.dropFirst().compactMap(Family.init)
    print(
      """
      Of \(newRows) new rows a fit, over \(sets) data sets a line: the share in per cent that the 50 % and the 95 % interval hold and, behind it, the \
      probability that the distribution gives to that interval, which of whole numbers may be more. The standard error of a share \
      is at most \(String(format: "%.1f", 100 * (0.25 / Double(sets)).squareRoot())), for rows of one fit go together.

      Then the randomised probability integral transform of one new row of each data set, u = P(Y < y) + U P(Y = y): how far its \
      distribution is from the uniform one at most, and the p-value of that after Kolmogorov & Smirnov. All fits are variational, under \
      the usual prior, which is not the distribution that the truth is drawn from: it is the same in every data set.

      | family | K | N | 50 % | 95 % | distance | p |
      |---|---:|---:|---:|---:|---:|---:|
      """)
    for family in asked.isEmpty ? Family.allCases : asked {
      for experts in [1, 2] {
        for rows in [30, 100, 300] {
          var tally = Tally()
          for set in 0..<sets { try note(family, experts: experts, rows: rows, set: set, in: &tally) }
          print("| \(family.rawValue) | \(experts) | \(rows) | \(tally) |")
          fflush(nil)
        }
      }
    }
  }

  /// Fits a data set, and looks where new rows are in what is predicted of them.
  private static func note(_ family: Family, experts: Int, rows: Int, set: Int, in tally: inout Tally) throws {
    var source = RandomSource(seed: UInt64(10 * rows + experts) << 20 + UInt64(set))
    let (data, labels) = try family.draw(rows, experts: experts, &source)
    var options = FitOptions()
    (options.seed, options.threads) = (UInt64(set), 1)
    // From the truth: what is asked is what is predicted, not whether so few starts find two experts.
    let start = Start.responsibilities(try ResponsibilityTable(labels: labels, expertCount: experts))
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [family.block(experts)])
      .fitBlocking(data, from: start, options: options)
    let (new, _) = try family.draw(newRows, experts: experts, &source)
    for (i, distribution) in try fit.predictiveMixture.predict(new).enumerated() {
      let value = try new.response(ofRow: i)
      let (below, upTo) = (distribution.probability(below: value), distribution.cumulative(at: value))
      if i == 0 { tally.transforms.append(below + source.uniform() * (upTo - below)) }
      for (index, probability) in [0.5, 0.95].enumerated() {
        let interval = try distribution.interval(probability)
        tally.held[index] += interval.contains(value) ? 1 : 0
        tally.promised[index] +=
          distribution.cumulative(at: interval.upperBound) - distribution.probability(below: interval.lowerBound)
      }
      tally.count += 1
    }
  }
}

extension MixtureDistribution {
  /// P(Y < value).
  fileprivate func probability(below value: Double) -> Double {
    support == .numbers ? cumulative(at: value) : cumulative(at: value - 1)
  }
}

extension Observations {
  /// The response of a row.
  fileprivate func response(ofRow row: Int) throws -> Double {
    let tile = makeTile()
    try load(row / tile.capacity, into: tile)
    return tile.response[row % tile.capacity]
  }
}

/// What new rows of one line say.
struct Tally: CustomStringConvertible {
  var held = [0, 0]
  var promised = [0.0, 0]
  var count = 0
  var transforms: [Double] = []

  var description: String {
    let shares = held.indices.map {
      String(format: "%.1f (%.1f)", 100 * Double(held[$0]) / Double(count), 100 * promised[$0] / Double(count))
    }
    return (shares + [String(format: "%.3f", distance), String(format: "%.2g", significance)]).joined(separator: " | ")
  }

  /// The largest distance between the distribution of the transforms and the uniform one.
  private var distance: Double {
    let (sorted, size) = (transforms.sorted(), Double(transforms.count))
    var distance = 0.0
    for (i, value) in sorted.enumerated() {
      distance = max(distance, Double(i + 1) / size - value, value - Double(i) / size)
    }
    return distance
  }

  /// The probability of such a distance, or a greater one, by Kolmogorov's series (Stephens 1970).
  private var significance: Double {
    let root = Double(transforms.count).squareRoot()
    let t = distance * (root + 0.12 + 0.11 / root)
    if t < 0.2 { return 1 }
    var (series, sign) = (0.0, 2.0)
    for j in 1...100 {
      series += sign * exp(-2 * Double(j * j) * t * t)
      sign = -sign
    }
    return min(max(series, 0), 1)
  }
}

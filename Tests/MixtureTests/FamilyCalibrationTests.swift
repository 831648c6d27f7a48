import Foundation
import GSL
import Mixtures
import Testing

/// Predictions of new rows say how often they are right: what `make benchmark-calibration` measures at length.
@Suite struct FamilyCalibrationTests {
  /// Rows of η = 1 + x / 2 and, of two experts, of 3 − x: their responses, and which expert's they are.
  private func draw(
    _ kind: FamilyCase, _ count: Int, experts: Int, _ source: inout RandomSource
  ) throws -> (rows: Observations, response: [Double], labels: [Int]) {
    let labels = (0..<count).map { _ in source.integer(below: experts) }
    let x = labels.map { _ in source.gaussian() }
    let trials = labels.map { _ in Double(5 + source.integer(below: 10)) }
    let y = labels.indices.map { i in
      kind.respond(labels[i] == 0 ? 1 + 0.5 * x[i] : 3 - x[i], trials: trials[i], &source)
    }
    let rows = try Observations(
      features: [("x", x)], responses: [("y", y)], trials: kind == .binomial ? ["y": trials] : [:])
    return (rows, y, labels)
  }

  /// 60 data sets of 100 rows. The randomised probability integral transform of one new row of each is uniform after Kolmogorov & Smirnov
  /// (false alarms: 1e-4 a case), and 90 % intervals hold as many of 30 new rows as they promise, to five standard errors over the data
  /// sets (6e-6 a case).
  @Test(arguments: FamilyCase.allCases, [1, 2])
  func newRowsAreWherePredictionsSay(kind: FamilyCase, experts: Int) throws {
    var transforms: [Double] = []
    var differences: [Double] = []
    for set in 0..<60 {
      var source = RandomSource(seed: UInt64(7000 + set))
      let data = try draw(kind, 100, experts: experts, &source)
      var options = FitOptions()
      options.threads = 1
      let start = Start.responsibilities(try ResponsibilityTable(labels: data.labels, expertCount: experts))
      let fit = try MixtureModel(
        gate: DirichletGate(), blocks: [kind.block(experts, .variational, noise: kind == .student ? .perExpert : .shared)]
      )
      .fitBlocking(data.rows, from: start, options: options)
      let new = try draw(kind, 30, experts: experts, &source)
      var difference = 0.0
      for (i, (distribution, value)) in zip(try fit.mixture.predict(new.rows), new.response).enumerated() {
        func below(_ value: Double) -> Double {
          distribution.cumulative(at: distribution.support == .numbers ? value : value - 1)
        }
        if i == 0 {
          transforms.append(below(value) + source.uniform() * (distribution.cumulative(at: value) - below(value)))
        }
        let interval = try distribution.interval(0.9)
        let promised = distribution.cumulative(at: interval.upperBound) - below(interval.lowerBound)
        #expect(promised > 0.9 - 1e-9)
        difference += (interval.contains(value) ? 1 : 0) - promised
      }
      differences.append(difference / 30)
    }
    let (sorted, size) = (transforms.sorted(), Double(transforms.count))
    let distance = sorted.indices.reduce(0.0) {
      max($0, Double($1 + 1) / size - sorted[$1], sorted[$1] - Double($1) / size)
    }
    // Twice the first term of Kolmogorov's series is 1e-4 there (Stephens 1970).
    #expect(distance * (size.squareRoot() + 0.12 + 0.11 / size.squareRoot()) < 2.2253, "\(distance)")
    let mean = differences.reduce(0, +) / size
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (size - 1)
    #expect(abs(mean) < 5 * (variance / size).squareRoot(), "\(mean)")
  }
}

extension FamilyCase {
  /// A response given η.
  fileprivate func respond(_ eta: Double, trials: Double, _ source: inout RandomSource) -> Double {
    let probability = 1 / (1 + exp(-eta))
    return switch self {
    case .normal: source.gaussian(mean: eta, standardDeviation: 0.7)
    case .student: eta + 0.5 * source.studentT(degreesOfFreedom: 4)
    case .poisson: Double(source.poisson(mean: exp(eta)))
    case .binomial: Double(source.binomial(trials: Int(trials), probability: probability))
    case .bernoulli: source.uniform() < probability ? 1 : 0
    }
  }
}

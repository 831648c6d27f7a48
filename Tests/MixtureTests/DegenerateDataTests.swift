import Foundation
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// Data that leave something undetermined, or no noise: fitted under the default prior, with a warning that says what and where;
/// without a prior an error, if all rows together leave a coefficient undetermined.
enum Degenerate: String, CaseIterable, Sendable {
  case constantFeature, zeroFeature, dependentFeatures, equalFeatures, fewerRowsThanFeatures, constantResponse, zeroResponse
  case linearResponse, dependentFeaturesLinearResponse, asManyRowsAsExpertsAndOne

  /// What a warning must say, beginning with it.
  var warnings: [String] {
    switch self {
    case .constantFeature: ["feature c is constant: it tells nothing"]
    case .zeroFeature: ["feature z is constant: it tells nothing"]
    case .dependentFeatures: ["features a, b and c are linearly dependent: "]
    case .equalFeatures: ["features a and c are linearly dependent: "]
    case .fewerRowsThanFeatures: ["3 rows for 6 coefficients: "]
    case .constantResponse, .zeroResponse: ["the response is constant"]
    case .linearResponse: ["the response is exactly linear"]
    case .dependentFeaturesLinearResponse: ["features a and c are linearly dependent: ", "the response is exactly linear"]
    case .asManyRowsAsExpertsAndOne: []
    }
  }

  /// What the error without a prior must say, beginning with it; nil if there is none.
  var error: String? {
    switch self {
    case .constantResponse, .zeroResponse, .linearResponse, .asManyRowsAsExpertsAndOne: nil
    default: warnings[0].split(separator: ":").first.map { $0 + ": under a flat prior" }
    }
  }

  func rows(experts: Int, weights: Double? = nil) throws -> Observations {
    var source = RandomSource(seed: 3)
    let count = self == .fewerRowsThanFeatures ? 3 : self == .asManyRowsAsExpertsAndOne ? experts + 1 : 60
    func column() -> [Double] { (0..<count).map { _ in source.gaussian() } }
    let (a, b) = (column(), column())
    var features: [(column: ColumnSchema, values: [Double])] = [("a", a), ("b", b)]
    switch self {
    case .constantFeature: features.append(("c", a.map { _ in 7.3 }))
    case .zeroFeature: features.append(("z", a.map { _ in 0 }))
    case .dependentFeatures: features.append(("c", zip(a, b).map { 2 * $0 - 3 * $1 + 1 }))
    case .equalFeatures, .dependentFeaturesLinearResponse: features.append(("c", a))
    case .fewerRowsThanFeatures: features += ["c", "d", "e"].map { (ColumnSchema($0), column()) }
    case .asManyRowsAsExpertsAndOne: features = [features[0]]
    case .constantResponse, .zeroResponse, .linearResponse: break
    }
    let noise = column()
    let y = a.indices.map { i -> Double in
      switch self {
      case .constantResponse: return 5.1
      case .zeroResponse: return 0
      case .linearResponse, .dependentFeaturesLinearResponse: return 1 + 2 * a[i] - 3 * b[i]
      default: return (i % 2 == 0 ? 2 + a[i] : -1 - 2 * b[i]) + 0.3 * noise[i]
      }
    }
    return try Observations(
      features: features, responses: [("y", y)], rowWeights: weights.map { Array(repeating: $0, count: count) })
  }
}

@Suite struct DegenerateDataTests {
  private func fit(
    _ rows: Observations, _ experts: Int, _ expert: LinearExpert, accelerated: Bool = true
  ) throws -> Fit {
    var options = FitOptions()
    options.starts = 1
    options.isAccelerated = accelerated
    return try MixtureModel(
      gate: DirichletGate(estimate: expert.terms?.estimate ?? .variational),
      blocks: [Block(experts, expert)]
    ).fitBlocking(rows, options: options)
  }

  /// Every number that a user sees.
  private func expectFinite(_ fit: Fit, _ rows: Observations) throws {
    var numbers = fit.elboTrace.map(\.total)
    for expert in fit.mixture.linear.experts {
      let distribution = expert.coefficients
      numbers += distribution.mean + distribution.standardDeviations + [expert.noiseVariance]
      #expect(expert.noiseVariance > 0)
    }
    for distribution in try fit.mixture.predict(rows) {
      // Where next to nothing is known of a noise its expectation is infinite, but no quantile is.
      #expect(distribution.variance > 0)
      numbers += [
        distribution.mean, distribution.logDensity(at: 0.3), try distribution.quantile(0.025),
        try distribution.quantile(0.975),
      ]
    }
    numbers += try fit.mixture.responsibilities(rows).flatMap(\.self)
    numbers += [try fit.mixture.logLikelihood(rows), try fit.mixture.logPredictiveDensity(rows)]
    #expect(numbers.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Degenerate.allCases, [1, 2, 3])
  func worksWithAWarning(data: Degenerate, experts: Int) throws {
    let rows = try data.rows(experts: experts)
    for noise in [LinearNoise.shared, .perExpert, .gamma(), .perExpertGamma()] {
      for accelerated in [true, false] {
        let fit = try fit(rows, experts, LinearExpert(noise: noise), accelerated: accelerated)
        #expect(fit.starts.allSatisfy { $0.failure == nil })
        try expectFinite(fit, rows)
        for warning in data.warnings {
          #expect(fit.warnings.contains { $0.hasPrefix(warning) }, "\(noise): \(fit.warnings)")
        }
        #expect(!fit.warnings.contains { $0.contains("collapsed") }, "\(noise): \(fit.warnings)")
      }
    }
  }

  /// The features with undetermined coefficients are named, whatever the estimate.
  @Test(arguments: Degenerate.allCases, [1, 2, 3])
  func withoutAPriorWhatIsUndeterminedIsAnError(data: Degenerate, experts: Int) throws {
    let rows = try data.rows(experts: experts)
    let flat = GaussianPrior(covariance: .flat)
    for expert in [
      LinearExpert(estimate: .maximumLikelihood), LinearExpert(estimate: .maximumLikelihood, noise: .perExpert),
      LinearExpert(prior: flat), LinearExpert(estimate: .maximumAPosteriori, prior: flat),
    ] {
      guard let error = data.error else {
        do { try expectFinite(fit(rows, experts, expert), rows) } catch MixtureError.allStartsFailed(let reason, _, _) {
          // Of more experts than are needed one has too few rows, and without a prior its distribution has no width.
          #expect(experts > 1 && expert.terms?.estimate == .variational && reason.contains("without a prior"), "\(reason)")
        } catch let error as DataError {
          #expect(data == .asManyRowsAsExpertsAndOne && error.description.contains("none is left for the noise"))
        }
        continue
      }
      #expect {
        try fit(rows, experts, expert)
      } throws: {
        ($0 as? DataError)?.description.hasPrefix(error) == true
      }
    }
  }

  /// A response without noise is fitted to its last digit that the floor of the noise leaves, and not for a collapse.
  @Test(arguments: [Degenerate.linearResponse, .dependentFeaturesLinearResponse], [1, 2, 3])
  func anExactResponseIsExplained(data: Degenerate, experts: Int) throws {
    let rows = try data.rows(experts: experts)
    for noise in [LinearNoise.shared, .perExpert] {
      let fit = try fit(rows, experts, LinearExpert(noise: noise))
      #expect(fit.warnings.contains("the response is exactly linear: the noise variance is at its floor"))
      #expect(fit.starts.allSatisfy { $0.collapsedExperts.isEmpty })
      let largest = fit.effectiveRows.indices.max { fit.effectiveRows[$0] < fit.effectiveRows[$1] }!
      let found = fit.mixture.linear.experts[largest].coefficients.mean
      let slopes = found.count == 4 ? [found[1] + found[3], found[2]] : Array(found.dropFirst())
      #expect(zip([found[0]] + slopes, [1, 2, -3]).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  /// Millions of rows in all: sums are large and their rounding with them, beside which the precision of the prior is next to nothing.
  @Test(arguments: [Degenerate.linearResponse, .dependentFeaturesLinearResponse, .dependentFeatures], [1e3, 2e5, 1e8])
  func manyRowsDoNotDrownThePrior(data: Degenerate, weight: Double) throws {
    let rows = try data.rows(experts: 2, weights: weight)
    let fit = try fit(rows, 2, LinearExpert())
    try expectFinite(fit, rows)
    #expect(fit.starts.allSatisfy { $0.failure == nil })
  }

  /// Two exact lines: the truth is no collapse, and beats every other optimum.
  @Test(arguments: [LinearNoise.shared, .perExpert])
  func exactLinesAreFound(noise: LinearNoise) throws {
    let x = (0..<60).map { Double($0 * 37 % 60) / 10 }
    let y = x.indices.map { i in i % 2 == 0 ? 2 + x[i] : -1 - 2 * x[i] }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    let fit = try fit(rows, 2, LinearExpert(noise: noise))
    #expect(fit.warnings.contains("every row lies on the plane of an expert: the noise variance is at its floor"))
    let slopes = fit.mixture.linear.experts.map { $0.coefficients.mean[1] }.sorted()
    #expect(zip(slopes, [-2, 1]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// Where every expert goes through as many rows as it has coefficients, the likelihood has no bound whatever the response.
  @Test func goingThroughEveryRowIsACollapse() throws {
    let rows = try Degenerate.asManyRowsAsExpertsAndOne.rows(experts: 2)
    let fit = try fit(rows, 2, LinearExpert(estimate: .maximumLikelihood))
    #expect(fit.warnings.contains { $0.hasPrefix("expert 1 has collapsed") })
  }

  /// What is fixed determines what depends on it.
  @Test func aFixedCoefficientLeavesNothingUndetermined() throws {
    let rows = try Degenerate.dependentFeatures.rows(experts: 2)
    func fit(_ names: [String]) throws -> Fit {
      var block = Block(2, LinearExpert(estimate: .maximumLikelihood))
      for (k, name) in names.enumerated() { block.fix(name, ofExpert: k, at: 0.5) }
      return try MixtureModel(gate: DirichletGate(estimate: .maximumLikelihood), blocks: [block]).fitBlocking(rows)
    }
    let fixed = try fit(["c", "a"])
    #expect(
      fixed.mixture.linear.experts[0].coefficients.mean[3] == 0.5 && fixed.warnings.allSatisfy { !$0.contains("dependent") }
    )
    #expect(throws: DataError.self) { try fit(["c"]) }
    // Without a constant to add, c = 2 a − 3 b + 1 is none of a and b.
    #expect(try fit(["c", "(intercept)"]).elbo.total.isFinite)
  }

  /// Blocks of one type say what they find in the data once.
  @Test func blocksDoNotRepeatEachOther() throws {
    let rows = try Degenerate.constantFeature.rows(experts: 2)
    let fit = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block(1, LinearExpert(noise: .perExpert)), Block(1, LinearExpert(noise: .gamma()))]
    ).fitBlocking(rows)
    #expect(fit.warnings.count { $0.contains("constant") } == 1)
  }
}

/// Which features follow from which, and what they leave of the response.
@Suite struct LinearDependenceTests {
  private func dependence(
    _ columns: [(column: ColumnSchema, values: [Double])], y: [Double], among features: [Int]? = nil,
    intercept: Bool = true,
    weights: [Double]? = nil
  ) throws -> LinearDependence {
    try DataSummary(Observations(features: columns, responses: [("y", y)], rowWeights: weights))
      .linearDependence(among: features ?? Array(columns.indices), hasIntercept: intercept)
  }

  @Test func namesWhatFollowsFromWhat() throws {
    var source = RandomSource(seed: 8)
    // More rows than a tile, and than a leaf's share of tiles.
    let (a, b, e) = (
      (0..<5000).map { _ in source.gaussian() }, (0..<5000).map { _ in 1e9 + source.gaussian() },
      (0..<5000).map { _ in source.gaussian() }
    )
    let columns: [(column: ColumnSchema, values: [Double])] = [
      ("a", a), ("b", b), ("b + 1", b.map { $0 + 1 }), ("7", a.map { _ in 7 }),
      ("a - b", zip(a, b).map { $0 - $1 }), ("e", e), ("nearly e", zip(a, e).map { 1e-4 * $0 + $1 }),
      ("2e", e.map { 2 * $0 }),
    ]
    let found = try dependence(columns, y: zip(a, e).map { 3 * $0 + $1 })
    typealias Feature = LinearDependence.Feature
    // "nearly e" is a function of a and e; b - a holds to the rounding of numbers near a billion, which is 10⁻¹⁴ of its variance.
    #expect(
      found.features == [
        Feature(index: 2, others: [1]), Feature(index: 3, others: []), Feature(index: 4, others: [0, 1]),
        Feature(index: 6, others: [0, 5]), Feature(index: 7, others: [5]),
      ])
    #expect(found.residualVariance < 1e-12)
    #expect(try dependence(columns, y: a, among: [2, 4, 6]).features.isEmpty)
  }

  /// The residual variance is that of least squares, here known in closed form.
  @Test func leavesWhatLeastSquaresLeaves() throws {
    let x = [0.0, 1, 2, 3, 4]
    let y = [1.0, 3, 2, 5, 4]
    // Slope 0.8 and intercept 1.4 leave (−0.4, 0.8, −1, 1.2, −0.6), whose mean square is 0.72.
    #expect(isClose(try dependence([("x", x)], y: y).residualVariance, 0.72, relative: 1e-12))
    // Through the origin the slope is 38 / 30: 55 − 38² / 30 over 5 rows.
    let withoutIntercept = try dependence([("x", x)], y: y, intercept: false).residualVariance
    #expect(isClose(withoutIntercept, (55 - 38.0 * 38 / 30) / 5, relative: 1e-12))
    #expect(isClose(try dependence([], y: y).residualVariance, 2, relative: 1e-12))
    // Without intercept a constant tells something, and two tell the same.
    let ones = x.map { _ in 1.0 }
    let constants = try dependence([("1", ones), ("2", ones.map { $0 * 2 }), ("x", x)], y: y, intercept: false)
    #expect(constants.features == [LinearDependence.Feature(index: 1, others: [0])])
    #expect(isClose(constants.residualVariance, 0.72, relative: 1e-12))
    // A row of weight zero is none: without it, the middle of a parabola, x² is not determined by x.
    let square: [(column: ColumnSchema, values: [Double])] = [("x", [-1.0, 0, 1]), ("x²", [1.0, 0, 1])]
    #expect(
      try dependence(square, y: [1, 2, 4], weights: [1, 0, 1]).features == [LinearDependence.Feature(index: 1, others: [])])
    #expect(try dependence(square, y: [1, 2, 4]).features.isEmpty)
  }
}

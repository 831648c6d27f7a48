import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// Columns near a billion with a spread of one give the same results as those less a billion: from the text of a CSV file to
/// predictions of new rows.
///
/// Near 10⁹ doubles are 1.2 · 10⁻⁷ apart. The columns are rounded to them before they are shifted back, so both fits see the same
/// numbers, less a shift. Features and response are centred first, which is exact; from there on all is the same, but that the
/// centres, rounded like the columns, differ by up to 6 · 10⁻⁸. A learned prior sees that: its intercept is the height at the
/// centre, so that shifts change nothing else. Maximum likelihood sees nothing of it. An intercept of 10⁹, and a prediction there,
/// have no digits below 10⁻⁷.
@Suite struct FarFromOriginTests {
  private static let shift = 1e9

  enum Columns: String, CaseIterable, Sendable {
    case features, response, both
    var features: Double { self == .response ? 0 : shift }
    var response: Double { self == .features ? 0 : shift }
  }

  /// Two lines over x and z, or three; `far` shifted and its rounding kept in both texts. A line that no rows lie on would magnify the
  /// rounding of the centres.
  private func texts(_ columns: Columns, lines: Int, rows: Range<Int>) -> (near: String, far: String) {
    var source = RandomSource(seed: 12)
    var (near, far) = ("x,z,y\n", "x,z,y\n")
    for i in 0..<rows.upperBound {
      let (x, z) = (source.gaussian(), source.gaussian())
      let mean = i % 5 < 2 ? 0.5 + x - 0.4 * z : lines > 2 && i % 5 == 4 ? 1.5 * z : -0.5 - x
      let y = source.gaussian(mean: mean, standardDeviation: 0.2)
      guard rows.contains(i) else { continue }
      let numbers = [(x, columns.features), (z, columns.features), (y, columns.response)].map { ($0 + $1, $1) }
      func line(_ numbers: [Double]) -> String { numbers.map { String(format: "%.17g", $0) }.joined(separator: ",") + "\n" }
      near += line(numbers.map { $0 - $1 })
      far += line(numbers.map(\.0))
    }
    return (near, far)
  }

  private func table(_ text: String) throws -> Table {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try Table(csv: file)
  }

  private func model(_ text: String, formula: String, experts: Int, _ expert: LinearExpert) throws -> (
    FittedMixture, Observations
  ) {
    let table = try table(text)
    let design = try Design(Formula(formula), for: table)
    var options = FitOptions()
    options.starts = 2
    // Otherwise the ends of two starts, which rounding exchanges, differ by more than rounding.
    options.tolerance = .relative(1e-13)
    let rows = try design.observations(of: table)
    let mixture = try MixtureModel(
      gate: DirichletGate(estimate: expert.terms?.estimate ?? .variational),
      blocks: [Block(experts, expert)])
    return (FittedMixture(try mixture.fitBlocking(rows, options: options), design: design), rows)
  }

  private func differences(_ columns: Columns, formula: String, experts: Int, _ expert: LinearExpert) throws -> [String:
    Double]
  {
    let texts = texts(columns, lines: experts, rows: 0..<200)
    let (near, nearRows) = try model(texts.near, formula: formula, experts: experts, expert)
    let (far, farRows) = try model(texts.far, formula: formula, experts: experts, expert)
    var result: [String: Double] = [:]
    func compare(_ name: String, _ a: [Double], _ b: [Double], scale: Double? = nil) {
      for (a, b) in zip(a, b) where a != b {
        let difference = abs(a - b) / (scale ?? max(abs(a), abs(b)))
        // What is no number counts.
        if !(difference <= result[name] ?? 0) { result[name] = difference }
      }
    }
    let firstMoved = formula.contains("poly") ? 3 : 1
    compare("bound", [near.record.elbo.total], [far.record.elbo.total])
    // Of starts that end in one optimum, rounding decides which comes first, and with it the order of the experts.
    func order(_ fit: Fit) -> [Int] { fit.effectiveRows.indices.sorted { fit.effectiveRows[$0] > fit.effectiveRows[$1] } }
    let pairs = Array(zip(order(near.record), order(far.record)))
    let r = (try near.mixture.responsibilities(nearRows), try far.mixture.responsibilities(farRows))
    for (j, k) in pairs {
      let (a, b) = (near.mixture.linear.experts[j], far.mixture.linear.experts[k])
      let (one, other) = (a.coefficients, b.coefficients)
      compare("slopes", Array(one.mean.dropFirst()), Array(other.mean.dropFirst()), scale: one.mean.map(abs).max())
      compare("errors", Array(one.standardDeviations.dropFirst()), Array(other.standardDeviations.dropFirst()))
      compare("noise", [a.noiseVariance], [b.noiseVariance])
      compare("responsibilities", r.0.map { $0[j] }, r.1.map { $0[k] }, scale: 1)
      // The intercept at a distance: c − shift · Σ slopes. What `poly` makes of x does not move with it.
      let moved = one.mean.indices.map { $0 == 0 ? 1 : $0 >= firstMoved ? -columns.features : 0 }
      compare("intercepts", [dot(moved, one.mean) + columns.response], [other.mean[0]])
      compare("errors", [one.covariance.quadraticForm(moved).squareRoot()], [other.standardDeviations[0]])
    }
    let new = self.texts(columns, lines: experts, rows: 200..<260)
    let distributions = (try near.predict(table(new.near)), try far.predict(table(new.far)))
    compare("means", distributions.0.map(\.mean), distributions.1.map { $0.mean - columns.response }, scale: 1)
    compare("variances", distributions.0.map(\.variance), distributions.1.map(\.variance))
    for p in [0.025, 0.5, 0.975] {
      compare(
        "quantiles", try distributions.0.map { try $0.quantile(p) },
        try distributions.1.map { try $0.quantile(p) - columns.response },
        scale: 1)
    }
    return result
  }

  @Test(arguments: Columns.allCases, [1, 2, 3])
  func resultsAreTheSame(columns: Columns, experts: Int) throws {
    for expert in [
      LinearExpert(), LinearExpert(noise: .perExpert), LinearExpert(noise: .gamma()),
      LinearExpert(noise: .perExpertGamma()),
    ] {
      let found = try differences(columns, formula: "y ~ x + z", experts: experts, expert)
      #expect(found.values.allSatisfy { $0 < 1e-6 }, "\(found)")
    }
  }

  @Test(arguments: Columns.allCases)
  func soAreThoseOfPolynomialsAndOfMaximumLikelihood(columns: Columns) throws {
    let polynomials = try differences(columns, formula: "y ~ poly(x, 2) + z", experts: 2, LinearExpert())
    #expect(polynomials.values.allSatisfy { $0 < 1e-6 }, "\(polynomials)")
    let likelihood = try differences(
      columns, formula: "y ~ x + z", experts: 2, LinearExpert(estimate: .maximumLikelihood))
    #expect(likelihood.values.allSatisfy { $0 < 1e-6 }, "\(likelihood)")
    #expect(likelihood["bound"] ?? 0 < 1e-13)
  }
}

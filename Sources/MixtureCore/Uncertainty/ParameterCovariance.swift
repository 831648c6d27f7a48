import Foundation
import GSL

/// The covariance of all that the parts of a fitted mixture tell: `fit.covariance`.
///
/// ```swift
/// let slopes = try fit.covariance?.difference(of: "x", expert: "1", lessThatOf: "2")
/// print(slopes!.estimate, slopes!.standardError, slopes!.pValue)     // are these two slopes equal?
/// ```
public struct ParameterCovariance: Sendable {
  /// What one of the parameters is called.
  public struct Name: Sendable, Hashable, CustomStringConvertible {
    /// The expert that it belongs to; nil for one that all have in common.
    public var expert: String?
    /// Its name, such as that of a feature.
    public var parameter: String
    /// Whether it is one of the gate's.
    public var isOfGate: Bool

    /// A parameter of an expert, or of the gate.
    public init(_ parameter: String, expert: String?, isOfGate: Bool = false) {
      (self.expert, self.parameter, self.isOfGate) = (expert, parameter, isOfGate)
    }

    /// Expert and parameter: `2: x`, or `gate 2: x`.
    public var description: String { (isOfGate ? "gate " : "") + (expert.map { "\($0): " } ?? "") + parameter }
  }

  /// A linear combination of parameters, with its standard error and the test that it is zero.
  public struct Contrast: Sendable, Equatable {
    /// The combination of the estimates.
    public var estimate: Double
    /// Its standard error.
    public var standardError: Double

    /// The estimate in standard errors.
    public var z: Double { estimate / standardError }
    /// The probability of so large a |z| where the combination is zero.
    public var pValue: Double { 2 * standardNormalCumulative(-abs(z)) }

    /// The central interval of the given probability.
    ///
    /// - Throws: `GSLError` for a probability that is none.
    public func interval(_ probability: Double = 0.95) throws -> ClosedRange<Double> {
      let reach = try standardNormalQuantile(0.5 + 0.5 * probability) * standardError
      return (estimate - reach)...(estimate + reach)
    }
  }

  /// Wald's test that several linear combinations are zero at once.
  public struct WaldTest: Sendable, Equatable {
    /// cᵀ (C Σ Cᵀ)⁻¹ c, χ²-distributed where all are zero.
    public var statistic: Double
    /// The number of combinations.
    public var degreesOfFreedom: Int
    /// The probability of so large a statistic where all are zero.
    public var pValue: Double
  }

  /// The parameters, experts' first, those without standard error left out.
  public let names: [Name]
  /// Their estimates.
  public let estimates: [Double]
  /// Their covariance.
  public let matrix: Matrix

  /// The place of a parameter.
  ///
  /// - Throws: ``MixtureError`` if there is none of that name, or its value is known.
  private func place(of name: Name) throws -> Int {
    guard let place = names.firstIndex(of: name) else {
      throw MixtureError.refused(
        "there is no parameter \(name) with a standard error: \(names.map(\.description).inSentence)")
    }
    return place
  }

  private func vector(_ combination: [Name: Double]) throws -> [(place: Int, slope: Double)] {
    // In the order of the parameters: sums have the same bits each time.
    try combination.map { (place: try place(of: $0), slope: $1) }.sorted { $0.place < $1.place }
  }

  /// The standard error of a parameter.
  ///
  /// - Throws: ``MixtureError`` if there is none of that name, or its value is known.
  public func standardError(of name: Name) throws -> Double {
    let place = try place(of: name)
    return matrix[place, place].squareRoot()
  }

  /// The correlation of two parameters.
  ///
  /// - Throws: ``MixtureError`` if there is none of that name, or its value is known.
  public func correlation(of one: Name, and other: Name) throws -> Double {
    let (a, b) = (try place(of: one), try place(of: other))
    return matrix[a, b] / (matrix[a, a] * matrix[b, b]).squareRoot()
  }

  /// Σ factor · parameter.
  ///
  /// - Throws: ``MixtureError`` for a parameter that there is not.
  public func contrast(_ combination: [Name: Double]) throws -> Contrast {
    let vector = try vector(combination)
    return Contrast(
      estimate: vector.reduce(0) { $0 + $1.slope * estimates[$1.place] },
      standardError: max(0, matrix.quadraticForm(vector)).squareRoot())
  }

  /// A parameter of one expert less that of another: zero, if they are equal.
  ///
  /// - Throws: ``MixtureError`` for a parameter that there is not.
  public func difference(of parameter: String, expert: String, lessThatOf other: String) throws -> Contrast {
    try contrast([Name(parameter, expert: expert): 1, Name(parameter, expert: other): -1])
  }

  /// Tests whether all of the linear combinations are zero.
  ///
  /// - Throws: ``MixtureError`` for a parameter that there is not, or combinations of which one follows from the others.
  public func waldTest(_ combinations: [[Name: Double]]) throws -> WaldTest {
    let vectors = try combinations.map(vector)
    let values = vectors.map { $0.reduce(0) { $0 + $1.slope * estimates[$1.place] } }
    let spread = Matrix(symmetricOfOrder: vectors.count) { matrix.bilinearForm(vectors[$0], vectors[$1]) }
    let units = spread.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    guard let factor = try? Cholesky(factorizing: spread.scaled(by: units)),
      factor.lower.diagonal.allSatisfy({ $0 * $0 > 1e-10 })
    else {
      throw MixtureError.refused("one of the \(vectors.count) combinations follows from the others: leave it out")
    }
    let scaled = zip(values, units).map(*)
    let statistic = dot(scaled, factor.solve(scaled))
    return WaldTest(
      statistic: statistic, degreesOfFreedom: vectors.count,
      pValue: chiSquareExceedance(statistic, degreesOfFreedom: Double(vectors.count)))
  }
}

extension ParameterCovariance {
  /// The covariance that a fit has kept; nil where it has none.
  init?(_ fit: Fit) {
    guard let (layout, covariance) = fit.covarianceOfParameters else { return nil }
    let told = ToldSlopes(layout, fit.mixture, fit.data)
    let experts = fit.mixture.expertNames
    var (names, estimates, slopes) = ([Name](), [Double](), [ParameterSlopes]())
    func note(_ parameters: [ParameterEstimate], _ ofParameters: [ParameterSlopes], _ expert: String?, isOfGate: Bool) {
      for (parameter, slope) in zip(parameters, ofParameters) where !slope.terms.isEmpty {
        names.append(Name(parameter.name, expert: expert, isOfGate: isOfGate))
        estimates.append(parameter.value)
        slopes.append(slope)
      }
    }
    for (k, parameters) in fit.parameters.enumerated() { note(parameters, told.ofExperts[k], experts[k], isOfGate: false) }
    for (k, parameters) in fit.gateParameters.enumerated() where told.ofGate.indices.contains(k) {
      note(parameters, told.ofGate[k], experts[k], isOfGate: true)
    }
    note(fit.commonGateParameters, told.ofGateInCommon, nil, isOfGate: true)
    self.init(
      names: names, estimates: estimates,
      matrix: Matrix(symmetricOfOrder: names.count) { covariance.bilinearForm(slopes[$0].terms, slopes[$1].terms) })
  }
}

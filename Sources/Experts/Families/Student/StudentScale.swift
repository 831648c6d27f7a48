import Foundation
import GSL
import MixtureCore

/// The noise and the degrees of freedom of a Student expert.
public struct StudentScale: ResponseScale {
  /// What is known of β, the inverse square of the scale of t.
  var noise = NoiseScale() { didSet { findConstants() } }
  /// The degrees of freedom ν.
  public internal(set) var degreesOfFreedom = 5.0 { didSet { findConstants() } }
  /// What the scores of all rows have in common.
  private(set) var constant = 0.0
  /// ψ(½(ν+1)), which the E ln u of all rows have in common.
  private(set) var digammaOfNext = 0.0

  private enum CodingKeys: String, CodingKey { case noise, degreesOfFreedom }

  /// A precision of one, and five degrees of freedom.
  public init() { findConstants() }

  init(_ noise: NoiseScale, degreesOfFreedom: Double) {
    (self.noise, self.degreesOfFreedom) = (noise, degreesOfFreedom)
    findConstants()
  }

  /// Decodes noise and degrees of freedom.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(NoiseScale.self, forKey: .noise),
      degreesOfFreedom: try container.decode(Double.self, forKey: .degreesOfFreedom))
  }

  /// ½ E ln β + ln Γ(½(ν+1)) − ln Γ(½ν) + ½ν ln ½ν − ½ ln 2π, and ψ(½(ν+1)).
  private mutating func findConstants() {
    let half = 0.5 * degreesOfFreedom
    constant =
      0.5 * (noise.precisionOfFit.meanLog - log(2 * .pi)) + logFactorial(half - 0.5) - logFactorial(half - 1)
      + half * log(half)
    digammaOfNext = (try? digamma(half + 0.5)) ?? 0
  }

  /// Σ r (E ln u − E u), Σ r E u and Σ r (E u)².
  public static var termCount: Int { 3 }

  /// Newton's steps of ν are.
  public static var stepsUnchecked: Bool { true }

  /// The mean precision E β.
  public var precision: Double { noise.precision }

  /// With a noise of precision E β.
  public var atMean: StudentScale { StudentScale(noise.atMean, degreesOfFreedom: degreesOfFreedom) }

  /// The same in other units, of which one is `unit` of the former.
  func scaled(by unit: Double) -> StudentScale {
    StudentScale(noise.scaled(by: unit), degreesOfFreedom: degreesOfFreedom)
  }

  /// That of the noise.
  public var precisionFreedom: Double? { noise.precisionFreedom }

  /// Precisions at few nodes of what is known of β, whose logarithm is about 1 / √shape wide: a distribution function of t takes long.
  ///
  /// - Throws: `GSLError` where that is out of range.
  public func points() throws -> [ScalePoint<StudentScale>] {
    guard let distribution = noise.distributionOfFit else { return [ScalePoint(scale: atMean, weight: 1)] }
    let count = distribution.shape < 3 ? 32 : distribution.shape < 20 ? 28 : distribution.shape < 300 ? 5 : 3
    return try distribution.rule(nodes: count).map { precision, weight in
      ScalePoint(scale: StudentScale(NoiseScale(.value(precision)), degreesOfFreedom: degreesOfFreedom), weight: weight)
    }
  }

  /// A precision from what is known of it.
  public func drawn(using source: inout RandomSource) -> StudentScale {
    guard let distribution = noise.distributionOfFit else { return atMean }
    let precision = source.gamma(shape: distribution.shape, rate: distribution.rate)
    return StudentScale(NoiseScale(.value(precision)), degreesOfFreedom: degreesOfFreedom)
  }

  /// E 1/β, infinite where the noise is hardly known.
  var meanVariance: Double {
    guard let distribution = noise.distributionOfFit else { return 1 / precision }
    return distribution.shape > 1 ? distribution.rate / (distribution.shape - 1) : .infinity
  }

  /// The scale of t, and ν.
  public func parameters(unit: Double) -> [ParameterEstimate] {
    [
      ParameterEstimate("noise scale", value: noise.variance(unit: unit).squareRoot(), scale: .log),
      ParameterEstimate("degrees of freedom", value: degreesOfFreedom, scale: .log),
    ]
  }

  /// The noise as of a line, and ν as given, or 5.
  public static func start(_ terms: StudentTerms, expertCount: Int, estimate: Estimate, data: DataSummary) -> [StudentScale]
  {
    let noises = NoiseScale.start(terms.noise, expertCount: expertCount, estimate: estimate, data: data)
    let freedom = if case .fixed(let number) = terms.degreesOfFreedom { number } else { StudentScale().degreesOfFreedom }
    return noises.map { StudentScale($0, degreesOfFreedom: freedom) }
  }

  /// That of the noise.
  public static func divergence(of scales: [StudentScale], _ terms: StudentTerms) -> Double {
    NoiseScale.divergence(of: scales.map(\.noise), terms.noise)
  }

  /// That of the noise.
  public static func divergenceOfUnits(of scales: [StudentScale], _ terms: StudentTerms, unit: Double) -> Double {
    NoiseScale.divergenceOfUnits(of: scales.map(\.noise), terms.noise, unit: unit)
  }

  /// Those of the noise, and of the gamma functions.
  public func cancellingTerms(_ terms: StudentTerms, weight: Double) -> Double {
    noise.cancellingTerms(terms.noise, weight: weight) + weight * abs(0.5 * degreesOfFreedom * log(0.5 * degreesOfFreedom))
  }

  /// The noise from Σ r E u e, and ν where ln ½ν + 1 − ψ(½ν) + mean (E ln u − E u) = 0, which falls in ν (Liu & Rubin 1995).
  public static func update(
    _ scales: inout [StudentScale], _ terms: StudentTerms, estimate: Estimate, from sums: [ScaleSums]
  ) throws {
    var noises = scales.map(\.noise)
    try NoiseScale.update(&noises, terms.noise, estimate: estimate, from: sums)
    for k in scales.indices {
      scales[k].noise = noises[k]
      guard terms.degreesOfFreedom == .estimated, sums[k].weight >= 1e-8 else { continue }
      scales[k].degreesOfFreedom = try bestDegreesOfFreedom(sums[k].terms[0] / sums[k].weight)
    }
  }

  /// The range in which ν is sought: below, there is soon no mean, and next to nothing is predicted; above, t is normal to three digits.
  static var range: ClosedRange<Double> { 1.1...1000 }

  /// The root in ln ν, or the end of the range beyond which it lies.
  private static func bestDegreesOfFreedom(_ meanTerm: Double) throws -> Double {
    func slope(_ logFreedom: Double) -> Double {
      let half = 0.5 * exp(logFreedom)
      return log(half) + 1 - ((try? digamma(half)) ?? 0) + meanTerm
    }
    let (least, most) = (log(range.lowerBound), log(range.upperBound))
    if slope(least) <= 0 { return range.lowerBound }
    if slope(most) >= 0 { return range.upperBound }
    return exp(try root(in: least...most, absoluteTolerance: 1e-13, of: slope))
  }

  /// Those of the noise.
  public static func collapsedExperts(of experts: [ScaledExpert<StudentScale>], _ terms: StudentTerms) -> [Int] {
    NoiseScale.collapsedExperts(of: experts.map(\.ofNoise), terms.noise)
  }

  /// Those of the noise; tails so heavy, or so light, that the degrees of freedom end at the edge of their range.
  public static func warnings(of experts: [ScaledExpert<StudentScale>], _ terms: StudentTerms) -> [String] {
    let ofFreedom =
      terms.degreesOfFreedom == .estimated
      ? experts.filter { $0.rowWeight >= 0.5 }.compactMap { expert -> String? in
        switch expert.scale.degreesOfFreedom {
        case range.lowerBound:
          "expert \(expert.name) has the fewest degrees of freedom that are tried, \(range.lowerBound): most of its rows lie on its plane, "
            + "the others anywhere; give a number (--dof 4)"
        case range.upperBound:
          "expert \(expert.name) has the most degrees of freedom that are tried, \(Int(range.upperBound)): its tails are those of a normal "
            + "distribution, and a normal family says the same"
        default: nil
        }
      } : []
    return NoiseScale.warnings(of: experts.map(\.ofNoise), terms.noise) + ofFreedom
  }
}

extension StudentScale: Validatable {
  /// - Throws: `UnfitValue` unless ν is positive and finite.
  public func validate() throws { try UnfitValue.checkPositive("degreesOfFreedom", number: degreesOfFreedom) }
}

extension ScaledExpert where Scale == StudentScale {
  fileprivate var ofNoise: ScaledExpert<NoiseScale> {
    ScaledExpert<NoiseScale>(
      name: name, scale: scale.noise, unit: unit, rowWeight: rowWeight, freeCount: freeCount, hasPrior: hasPrior)
  }
}

/// What Student experts of a block share about noise and degrees of freedom.
public struct StudentTerms: ScaleTerms {
  /// How the noise is treated.
  public internal(set) var noise: NoiseTerms
  /// How the degrees of freedom are treated.
  public let degreesOfFreedom: DegreesOfFreedom

  /// Terms of noise and degrees of freedom.
  public init(_ noise: LinearNoise, degreesOfFreedom: DegreesOfFreedom) {
    (self.noise, self.degreesOfFreedom) = (NoiseTerms(noise), degreesOfFreedom)
  }

  /// A noise that all experts share and degrees of freedom of each, both estimated.
  public init() { self.init(.shared, degreesOfFreedom: .estimated) }

  /// Those of the noise, and the treatment of ν.
  public func words(unit: Double) -> [PartTerm] {
    let freedom = if case .fixed(let number) = degreesOfFreedom { "\(number)" } else { "estimated" }
    return noise.words(unit: unit) + [PartTerm("degrees of freedom", value: freedom)]
  }

  /// Those of the noise, and a number for each expert.
  public func parameterCount(expertCount: Int) -> Int {
    noise.parameterCount(expertCount: expertCount) + (degreesOfFreedom == .estimated ? expertCount : 0)
  }

  /// That of the noise.
  public func priors(unit: Double) -> [ParameterPrior] { noise.priors(unit: unit) }

  /// What the noise refuses.
  public func requireMaximum(_ estimate: Estimate, of part: Any.Type) throws {
    try noise.requireMaximum(estimate, of: part)
  }

  /// What the noise refuses, and degrees of freedom that are none.
  public func requireFit(expertCount: Int, unit: Double, of part: Any.Type) throws {
    try noise.requireFit(expertCount: expertCount, unit: unit, of: part)
    if case .fixed(let number) = degreesOfFreedom, !DegreesOfFreedom.known.contains(number) {
      throw ArgumentError(part, argument: "the degrees of freedom", value: number, need: "from 0.1 to 1e6")
    }
  }

  /// What the noise takes over.
  public mutating func configure(for setting: ScaleSetting) throws { try noise.configure(for: setting) }

  /// What the noise keeps.
  public mutating func select(_ experts: [Int]) { noise.select(experts) }

  /// - Throws: `UnfitValue` unless a fixed ν is positive.
  public func validate() throws {
    if case .fixed(let number) = degreesOfFreedom { try UnfitValue.checkPositive("degreesOfFreedom", number: number) }
  }

  /// What the noise checks.
  public func validate(expertCount: Int, isConfigured: Bool) throws {
    try UnfitValue.at("noise") { try noise.validate(expertCount: expertCount, isConfigured: isConfigured) }
  }
}

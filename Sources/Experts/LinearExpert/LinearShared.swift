import ConjugateFamilies
import GSL
import MixtureCore

/// What the linear experts of a block own together: what is estimated and what fixed, the treatment of the noise, and the
/// prior of the coefficients.
public struct LinearShared: Sendable {
  /// Whether coefficients and noise have posterior distributions or point estimates.
  public internal(set) var estimate: Estimate
  /// How the noise variance is treated.
  public let noise: LinearNoise
  /// The prior of the coefficients.
  public internal(set) var prior: any Prior<Gaussian>
  /// Whether there is an intercept, where the data allow one.
  public let hasIntercept: Bool
  /// Whether learned priors see the coefficients of standardised features, or those of the features as they are.
  public let standardizes: Bool

  /// Coefficients that are fixed, by the number of the expert and by name, in the units of the data.
  public internal(set) var fixedCoefficients: [Int: [String: Double]] = [:]
  /// The noise variance of each expert that has it fixed.
  public internal(set) var fixedVariances: [Int: Double] = [:]

  /// The prior of the noise precision in the units of the fit, if it has one.
  public internal(set) var noisePrior: Gamma?
  /// The units of the fit; nil before one.
  var units: ColumnUnits?
  /// The names of the features.
  var featureNames: [String] = []
  /// The name of the response.
  var responseName = ""
  /// The numbers of the features that are constant over all rows.
  var constantOverall: [Int] = []
  /// No estimated noise variance falls below this, in the units of the fit.
  var varianceFloor = 0.0
  /// How coefficients are held; nil before a fit.
  var coordinates: CoefficientCoordinates?
  /// The numbers of the free coefficients of each expert.
  var freeCoefficients: [[Int]] = []
  /// What the data leave to the prior, in sentences.
  var designWarnings: [String] = []
  /// Why linear experts can explain every row exactly, if so: a sentence without its end.
  var exactResponse: String?
  /// Whether there are so few rows that the experts could share them out and go through each, whatever the response.
  var couldInterpolate = false

  /// Whether the prior sees coefficients in the units of the data, rather than standardised ones.
  var priorIsOriginal: Bool { prior.isInUnitsOfData || !standardizes }
}

extension Block where Model == LinearExpert {
  /// The prior of an expert's coefficients in the units of the data, as fitted; nil if flat.
  ///
  /// - Throws: before a fit.
  public func coefficientPrior(ofExpert expert: Int) throws -> Gaussian? {
    try shared.coefficientPrior(ofExpert: expert).map { experts[expert].coordinates.original($0) }
  }

  /// Fixes a coefficient of an expert, the intercept being called `(intercept)`, at a value in the units of the data. A fit refuses an
  /// expert or a coefficient that there is not.
  public mutating func fix(_ coefficient: String, ofExpert expert: Int, at value: Double) {
    shared.fixedCoefficients[expert, default: [:]][coefficient] = value
  }

  /// Lets a fixed coefficient be fitted again.
  public mutating func free(_ coefficient: String, ofExpert expert: Int) {
    shared.fixedCoefficients[expert]?[coefficient] = nil
  }

  /// Fixes the noise variance of an expert; the experts must have noise of their own. A fit refuses an expert that there is not, and a
  /// variance that is not positive.
  public mutating func fixNoiseVariance(ofExpert expert: Int, at variance: Double) {
    shared.fixedVariances[expert] = variance
  }

  /// Lets a fixed noise variance be fitted again.
  public mutating func freeNoiseVariance(ofExpert expert: Int) { shared.fixedVariances[expert] = nil }
}

extension LinearShared {
  /// Keeps what belongs to the experts of the given numbers, in that order.
  mutating func select(_ experts: [Int]) {
    func kept<Value>(_ values: [Int: Value]) -> [Int: Value] {
      Dictionary(uniqueKeysWithValues: experts.enumerated().compactMap { k, old in values[old].map { (k, $0) } })
    }
    prior.select(experts)
    (fixedCoefficients, fixedVariances) = (kept(fixedCoefficients), kept(fixedVariances))
    if !freeCoefficients.isEmpty { freeCoefficients = experts.map { freeCoefficients[$0] } }
  }

  /// Refuses noise that is none, and values fixed of experts that there are not, or that are not finite.
  ///
  /// - Throws: `ArgumentError`.
  private func refuseUnfitNumbers(expertCount: Int, unit: Double) throws {
    try noise.requireFit(unit: unit)
    func requireExpert(_ number: Int, argument: String) throws {
      guard (0..<expertCount).contains(number) else {
        throw ArgumentError(
          LinearExpert.self, argument: argument, value: number,
          need: "from 0 to \(expertCount - 1), for there are \(expertCount) experts in the block")
      }
    }
    for (k, variance) in fixedVariances.sorted(by: { $0.key < $1.key }) {
      try requireExpert(k, argument: "ofExpert, of a fixed noise variance,")
      try LinearNoise.requireFit(variance, unit: unit, argument: "the fixed noise variance (ofExpert: \(k))")
    }
    for (k, values) in fixedCoefficients.sorted(by: { $0.key < $1.key }) {
      try requireExpert(k, argument: "ofExpert, of a fixed coefficient,")
      for (name, value) in values.sorted(by: { $0.key < $1.key }) where !value.isFinite {
        throw ArgumentError(
          LinearExpert.self, argument: "the fixed coefficient \(name) (ofExpert: \(k))", value: value,
          need: "a finite number")
      }
    }
  }

  /// Refuses what has no maximum or no meaning.
  func refuseWithoutMaximum() throws {
    if estimate == .maximumLikelihood && noise.hasPrior {
      throw ArgumentError(
        LinearExpert.self, argument: "noise", value: noise.words(),
        need: "without a Gamma distribution, for maximum likelihood knows no priors")
    }
    if estimate == .maximumAPosteriori && ((prior as? GaussianPrior)?.learnsCovariance ?? false) {
      throw ArgumentError(
        LinearExpert.self, argument: "prior", value: "one that learns its covariance",
        need:
          "one of fixed covariance, for the density of a point estimate grows without bound as the covariance shrinks; or fit "
          + "posterior distributions")
    }
    if !fixedVariances.isEmpty && noise.isShared {
      throw ArgumentError(
        LinearExpert.self, argument: "noise", value: noise.words(),
        need: "one that each expert has of its own, where the variance of one of them is fixed")
    }
  }

  /// Sets up everything that depends on the data, and returns the coefficients at which the experts start.
  mutating func configure(expertCount: Int, for data: DataSummary) throws -> [Gaussian] {
    try refuseWithoutMaximum()
    try refuseUnfitNumbers(expertCount: expertCount, unit: data.units.responses[0])
    units = data.units
    featureNames = data.features.map(\.name)
    responseName = data.responses[0].name + (data.responseLessOffset == nil ? "" : " less its offset")
    constantOverall = data.features.indices.filter { data.features[$0].isConstant }
    let variance = data.typicalVariance
    let hasIntercept = hasIntercept && data.hasIntercept
    var coordinates = CoefficientCoordinates(ofLineThrough: data, hasIntercept: hasIntercept)
    if fixedCoefficients.values.contains(where: { $0[LinearExpert.interceptName] != nil }) {
      // A fixed intercept would become a condition on several coefficients at once.
      coordinates.standardization.centres = data.features.map { _ in 0 }
      coordinates.centre = 0
    }
    self.coordinates = coordinates
    varianceFloor = 1e-10 * data.robustVariance
    noisePrior = try noise.prior(responseVariance: variance, responseUnit: coordinates.unit)
    let names = (hasIntercept ? [LinearExpert.interceptName] : []) + data.features.map(\.name)
    freeCoefficients = try (0..<expertCount).map { k in
      let fixed = fixedCoefficients[k] ?? [:]
      if let unknown = fixed.keys.sorted().first(where: { !names.contains($0) }) {
        throw ArgumentError(
          LinearExpert.self, argument: "the fixed coefficient (ofExpert: \(k))", value: unknown,
          need: "one of \(names.joined(separator: ", "))")
      }
      return names.indices.filter { fixed[names[$0]] == nil }
    }
    let mean = data.explained.mean
    let interceptMean = priorIsOriginal ? mean * coordinates.unit : mean - coordinates.centre
    try prior.configure(
      for: PriorSetting(
        expertCount: expertCount, names: names,
        intercept: hasIntercept ? PriorSetting.Intercept(index: 0, mean: interceptMean) : nil, free: freeCoefficients,
        typicalVariance: variance, coordinates: priorIsOriginal ? nil : coordinates.coefficientMap))
    try examine(data)
    return try (0..<expertCount).map { k in
      let prior = try coefficientPrior(ofExpert: k)
      var mean = prior?.mean ?? Array(repeating: 0, count: names.count)
      for (index, name) in names.enumerated() {
        guard let value = fixedCoefficients[k]?[name] else { continue }
        // Nothing but scale and units stands between the two coordinates of a slope, and units for a fixed intercept.
        let feature = index - (hasIntercept ? 1 : 0)
        mean[index] =
          (feature < 0
            ? value : value * coordinates.standardization.units[feature] * coordinates.standardization.scales[feature])
          / coordinates.unit
      }
      return try posterior(ofExpert: k, from: Gaussian(point: mean), sums: nil, noisePrecision: 0)
    }
  }

  /// What a noise precision starts at: its fixed value, its prior, or 1 / Var(y).
  func startingNoisePrecision(ofExpert k: Int, for data: DataSummary) -> NoisePrecision {
    let unit = data.units.responses[0]
    if let variance = fixedVariances[k] { return .value(unit * (unit / variance)) }
    if case .fixed(let variance) = noise { return .value(unit * (unit / variance)) }
    guard let noisePrior else { return .value(1 / data.typicalVariance) }
    return estimate == .variational ? .gamma(noisePrior) : .value(noisePrior.mean)
  }

  /// The prior of the standardised coefficients of expert k; nil if flat.
  func coefficientPrior(ofExpert k: Int) throws -> Gaussian? {
    guard let coordinates else { throw DataError("linear experts take their shape from data: configure them first") }
    guard let distribution = try prior.distribution(ofExpert: k) else { return nil }
    return priorIsOriginal ? coordinates.standardized(distribution) : distribution
  }

  /// The posteriors in the prior's coordinates.
  func posteriors(_ experts: [LinearExpert]) -> [Gaussian] { experts.map(posterior) }

  /// An expert's posterior in the prior's coordinates.
  func posterior(_ expert: LinearExpert) -> Gaussian { priorIsOriginal ? expert.coefficients : expert.posterior }
}

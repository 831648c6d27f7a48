import ConjugateFamilies
import GSL
import MixtureCore

/// What the regressions of a block own together: what is estimated and what fixed, the treatment of their scales, and the
/// prior of the coefficients.
public struct RegressionShared<Family: ResponseFamily>: Sendable {
  /// The distribution of the response.
  public let family: Family
  /// Whether the parameters have posterior distributions or point estimates.
  public internal(set) var estimate: Estimate
  /// How the scales are treated, and what the data say of them.
  public internal(set) var scale: Family.Scale.Terms
  /// The prior of the coefficients.
  public internal(set) var prior: any Prior<Gaussian>
  /// Whether there is an intercept, where the data allow one.
  public let hasIntercept: Bool
  /// Whether learned priors see the coefficients of standardised features, or those of the features as they are.
  public let standardizes: Bool

  /// Coefficients that are fixed, by the number of the expert and by name, in the units of the data.
  public internal(set) var fixedCoefficients: [Int: [String: Double]] = [:]
  /// The units of the fit; nil before one.
  var units: ColumnUnits?
  /// The names of the features.
  var featureNames: [String] = []
  /// The name of the response.
  var responseName = ""
  /// The numbers of the features that are constant over all rows.
  var constantOverall: [Int] = []
  /// How coefficients are held; nil before a fit.
  var coordinates: CoefficientCoordinates?
  /// The numbers of the free coefficients of each expert.
  var freeCoefficients: [[Int]] = []
  /// That the responses are so much alike that no η is large or small enough for them; nil where they are not.
  var extreme: String?
  /// What the data leave to the prior, in sentences.
  var designWarnings: [String] = []

  init(
    family: Family, estimate: Estimate, scale: Family.Scale.Terms, prior: any Prior<Gaussian>, hasIntercept: Bool,
    standardizes: Bool
  ) {
    (self.family, self.estimate, self.scale, self.prior) = (family, estimate, scale, prior)
    (self.hasIntercept, self.standardizes) = (hasIntercept, standardizes)
  }

  /// Whether the prior sees coefficients in the units of the data, rather than standardised ones.
  var priorIsOriginal: Bool { prior.isInUnitsOfData || !standardizes }
}

extension Block {
  /// The prior of an expert's coefficients in the units of the data, as fitted; nil if flat.
  ///
  /// - Throws: before a fit.
  public func coefficientPrior<Family>(ofExpert expert: Int) throws -> Gaussian? where Model == Regression<Family> {
    try shared.coefficientPrior(ofExpert: expert).map { experts[expert].coordinates.original($0) }
  }

  /// Fixes a coefficient of an expert, the intercept being called `(intercept)`, at a value in the units of the data. A fit refuses an
  /// expert or a coefficient that there is not.
  public mutating func fix<Family>(_ coefficient: String, ofExpert expert: Int, at value: Double)
  where Model == Regression<Family> {
    shared.fixedCoefficients[expert, default: [:]][coefficient] = value
  }

  /// Lets a fixed coefficient be fitted again.
  public mutating func free<Family>(_ coefficient: String, ofExpert expert: Int) where Model == Regression<Family> {
    shared.fixedCoefficients[expert]?[coefficient] = nil
  }
}

extension RegressionShared {
  /// Keeps what belongs to the experts of the given numbers, in that order.
  mutating func select(_ experts: [Int]) {
    prior.select(experts)
    scale.select(experts)
    fixedCoefficients = fixedCoefficients.selecting(experts)
    if !freeCoefficients.isEmpty { freeCoefficients = experts.map { freeCoefficients[$0] } }
  }

  /// Refuses scales that are none, and values fixed of experts that there are not, or that are not finite.
  ///
  /// - Throws: `ArgumentError`.
  private func refuseUnfitNumbers(expertCount: Int, unit: Double) throws {
    let part = Regression<Family>.self
    try scale.requireFit(expertCount: expertCount, unit: unit, of: part)
    for (k, values) in fixedCoefficients.sorted(by: { $0.key < $1.key }) {
      try ArgumentError.requireExpert(k, of: expertCount, part, argument: "ofExpert, of a fixed coefficient,")
      for (name, value) in values.sorted(by: { $0.key < $1.key }) where !value.isFinite {
        throw ArgumentError(
          part, argument: "the fixed coefficient \(name) (ofExpert: \(k))", value: value,
          need: "a finite number")
      }
    }
  }

  /// Refuses what has no maximum or no meaning.
  func refuseWithoutMaximum() throws {
    try scale.requireMaximum(estimate, of: Regression<Family>.self)
    if estimate == .maximumAPosteriori && ((prior as? GaussianPrior)?.learnsCovariance ?? false) {
      throw ArgumentError(
        Regression<Family>.self, argument: "prior", value: "one that learns its covariance",
        need:
          "one of fixed covariance, for the density of a point estimate grows without bound as the covariance shrinks; or fit "
          + "posterior distributions")
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
    let hasIntercept = hasIntercept && data.hasIntercept
    let start = family.start(for: data)
    var coordinates = CoefficientCoordinates(
      Standardization(data, hasIntercept: hasIntercept), centre: hasIntercept ? start.centre : 0,
      unit: data.units.responses[0])
    let interceptName = Regression<Family>.interceptName
    if fixedCoefficients.values.contains(where: { $0[interceptName] != nil }) {
      // A fixed intercept would become a condition on several coefficients at once.
      coordinates.standardization.centres = data.features.map { _ in 0 }
      coordinates.centre = 0
    }
    self.coordinates = coordinates
    let names = (hasIntercept ? [interceptName] : []) + data.features.map(\.name)
    freeCoefficients = try (0..<expertCount).map { k in
      let fixed = fixedCoefficients[k] ?? [:]
      if let unknown = fixed.keys.sorted().first(where: { !names.contains($0) }) {
        throw ArgumentError(
          Regression<Family>.self, argument: "the fixed coefficient (ofExpert: \(k))", value: unknown,
          need: "one of \(names.joined(separator: ", "))")
      }
      return names.indices.filter { fixed[names[$0]] == nil }
    }
    let interceptMean = priorIsOriginal ? start.centre * coordinates.unit : start.centre - coordinates.centre
    try prior.configure(
      for: PriorSetting(
        expertCount: expertCount, names: names,
        intercept: hasIntercept ? PriorSetting.Intercept(index: 0, mean: interceptMean) : nil, free: freeCoefficients,
        typicalVariance: start.variance, coordinates: priorIsOriginal ? nil : coordinates.coefficientMap))
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
      // A step that depends on where it begins should not begin with the width of a wide prior.
      return Family.stepIsSafe
        ? try posterior(ofExpert: k, from: Gaussian(point: mean), sums: nil, precision: 0) : Gaussian(point: mean)
    }
  }

  /// The prior of the standardised coefficients of expert k; nil if flat.
  func coefficientPrior(ofExpert k: Int) throws -> Gaussian? {
    guard let coordinates else { throw DataError("experts take their shape from data: configure them first") }
    guard let distribution = try prior.distribution(ofExpert: k) else { return nil }
    return priorIsOriginal ? coordinates.standardized(distribution) : distribution
  }

  /// The posteriors in the prior's coordinates.
  func posteriors(_ experts: [Regression<Family>]) -> [Gaussian] { experts.map(posterior) }

  /// An expert's posterior in the prior's coordinates.
  func posterior(_ expert: Regression<Family>) -> Gaussian { priorIsOriginal ? expert.coefficients : expert.posterior }
}

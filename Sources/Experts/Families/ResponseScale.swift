import ConjugateFamilies
import GSL
import MixtureCore

/// What an expert has beside its coefficients: a noise variance, degrees of freedom. One value an expert.
public protocol ResponseScale: Sendable, Codable, Equatable, Validatable {
  /// What the experts of a block share about it: what the user says, and what the data make of that.
  associatedtype Terms: ScaleTerms

  /// The scale before a fit.
  init()

  /// How many sums of its own over the rows it needs, beside those of the coefficients. None by default.
  static var termCount: Int { get }

  /// c: slopes and curvatures of a row are multiples of it, and sums over rows are of what is left. 1 by default.
  var precision: Double { get }

  /// The same with points for distributions, at their means. By default itself.
  var atMean: Self { get }

  /// The degrees of freedom of what is known of ``precision``, by which coefficients are the more uncertain the fewer rows it is estimated from.
  /// Nil by default.
  var precisionFreedom: Double? { get }

  /// Points and their weights, which sum to one, that stand for what is known of the scale in averages over it: predictive distributions are such.
  /// By default ``atMean`` alone.
  ///
  /// - Throws: where what is known is out of range.
  func points() throws -> [ScalePoint<Self>]

  /// A draw from what is known of the scale. By default ``atMean``.
  func drawn(using source: inout RandomSource) -> Self

  /// The scales of experts before the first pass.
  static func start(_ terms: Terms, expertCount: Int, estimate: Estimate, data: DataSummary) -> [Self]

  /// Maximises the ELBO over the scales, given the coefficients. By default nothing is to be done.
  static func update(_ scales: inout [Self], _ terms: Terms, estimate: Estimate, from sums: [ScaleSums]) throws

  /// The same by a step that leads further, but may lower the ELBO: the driver takes it back then, and the update is made instead. By default
  /// the update.
  static func updateUnchecked(_ scales: inout [Self], _ terms: Terms, estimate: Estimate, from sums: [ScaleSums]) throws

  /// Whether there are such steps. False by default.
  static var stepsUnchecked: Bool { get }

  /// Moves the sums of the scale's own terms over rows of total weight Σ r to those under another scale, to first order. By default they stay.
  static func rebase(_ terms: inout MutableSpan<Double>, weight: Double, from earlier: Self, to later: Self)

  /// What the scales take from the ELBO: divergences from their priors. Zero by default.
  static func divergence(of scales: [Self], _ terms: Terms) -> Double

  /// The same in the units of the data, less that in the units of the fit, where the response has the unit `unit`. Zero by default.
  static func divergenceOfUnits(of scales: [Self], _ terms: Terms, unit: Double) -> Double

  /// Σ |t| over the terms t that cancel within the divergence and within the constants of scores of rows of total weight Σ r. Zero by
  /// default.
  func cancellingTerms(_ terms: Terms, weight: Double) -> Double

  /// The parameters as numbers without bounds, in the units of the fit: those by which the likelihood is differentiated, such as ln σ². None by
  /// default.
  var unconstrained: [Double] { get }

  /// The scale of those parameters, as points.
  func having(unconstrained parameters: [Double]) -> Self

  /// ln p(φ) of the prior of each of those parameters, as a density of φ; of points its logarithm as they maximise it. Zeros by default.
  func logPriors(_ terms: Terms, estimate: Estimate) -> [Double]

  /// −∂² ln p(φ) / ∂φ² of the prior of each of those parameters, in which none depends on another. Zeros by default.
  func priorCurvatures(_ terms: Terms) -> [Double]

  /// The same, as uncertain as variances of those parameters say, or as it is by itself, whichever is more. By default itself.
  func spread(over variances: [Double]) -> Self

  /// How each parameter of an expert of the block stands. By default all are the expert's own.
  static func roles(_ terms: Terms, expert: Int) -> [ScaleParameterRole]

  /// The parameters in the units of the data, where the response has the unit `unit`. None by default.
  func parameters(unit: Double) -> [ParameterEstimate]

  /// The scale `share` of the way to `other`: for families whose steps are shortened. By default the other.
  func moved(to other: Self, share: Double) -> Self

  /// The experts that have collapsed onto few rows. None by default.
  static func collapsedExperts(of experts: [ScaledExpert<Self>], _ terms: Terms) -> [Int]

  /// What a user should know, in sentences. Nothing by default.
  static func warnings(of experts: [ScaledExpert<Self>], _ terms: Terms) -> [String]
}

/// A scale that is certain, and how much it counts in an average.
public struct ScalePoint<Scale: ResponseScale>: Sendable {
  /// The scale.
  public var scale: Scale
  /// Its weight.
  public var weight: Double

  /// A scale of a weight.
  public init(scale: Scale, weight: Double) { (self.scale, self.weight) = (scale, weight) }
}

/// What the experts of a block share about their scales.
public protocol ScaleTerms: Sendable, Codable, Equatable, Validatable {
  /// The usual terms.
  init()

  /// The terms in words, with what is known of the unit of the response by now. None by default.
  func words(unit: Double) -> [PartTerm]

  /// How many free numbers the scales of `expertCount` experts are under maximum likelihood. None by default.
  func parameterCount(expertCount: Int) -> Int

  /// The priors of an expert's scale in the units of the data. None by default.
  func priors(unit: Double) -> [ParameterPrior]

  /// Refuses what has no maximum or no meaning under an estimate, whatever the data. By default all is right.
  ///
  /// - Throws: `ArgumentError` of the expert's type `part`.
  func requireMaximum(_ estimate: Estimate, of part: Any.Type) throws

  /// Refuses numbers that do not fit the experts and the unit of the response. By default all is right.
  ///
  /// - Throws: `ArgumentError` of the expert's type `part`.
  func requireFit(expertCount: Int, unit: Double, of part: Any.Type) throws

  /// Takes over what the data say. By default that is nothing.
  ///
  /// - Throws: `DataError` where the data leave the scale undetermined.
  mutating func configure(for setting: ScaleSetting) throws

  /// Keeps what belongs to the experts of the given numbers, in that order. By default nothing belongs to single experts.
  mutating func select(_ experts: [Int])

  /// Checks what a file says of each of the experts. By default all is right.
  ///
  /// - Throws: `UnfitValue`.
  func validate(expertCount: Int, isConfigured: Bool) throws
}

/// What terms of a scale must know of a fit.
public struct ScaleSetting: Sendable {
  /// How parameters are estimated.
  public var estimate: Estimate
  /// What is known of the data.
  public var data: DataSummary
  /// The free coefficients of each expert.
  public var freeCoefficients: [[Int]]
  /// Whether the coefficients of each expert have a prior that is not flat.
  public var hasPrior: [Bool]
  /// The number of coefficients, fixed ones included.
  public var dimension: Int
  /// The variance that a linear function of the features leaves of the response.
  public var residualVariance: Double
}

/// Sums over the rows of an expert, once its coefficients are updated.
public struct ScaleSums: Sendable {
  /// The weight of the rows, Σ r.
  public var weight: Double
  /// Σ r ω e with e = (y − μ)² + v, for families whose step is safe.
  public var expectedSquares: Double
  /// c tr(B Σ r ω x xᵀ): how many coefficients the rows determine, not the prior.
  public var determinedCoefficients: Double
  /// The sums of the scale's own terms.
  public var terms: [Double]
}

/// An expert as its scale sees it after a fit.
public struct ScaledExpert<Scale: ResponseScale>: Sendable {
  /// What the expert is called.
  public var name: String
  /// Its scale, in the units of the fit.
  public var scale: Scale
  /// The unit of the response.
  public var unit: Double
  /// The weight of its rows, Σ r.
  public var rowWeight: Double
  /// The number of its free coefficients.
  public var freeCount: Int
  /// Whether its coefficients have a prior that is not flat.
  public var hasPrior: Bool
}

/// The scale of families without one, such as that of counts.
public struct Unscaled: ResponseScale {
  /// There is nothing to say.
  public struct Terms: ScaleTerms {
    /// The only value.
    public init() {}
  }

  /// The only value.
  @inlinable public init() {}

  /// As many of the only value.
  public static func start(_ terms: Terms, expertCount: Int, estimate: Estimate, data: DataSummary) -> [Unscaled] {
    Array(repeating: Unscaled(), count: expertCount)
  }
}

extension ResponseScale {
  /// The default is none.
  public static var termCount: Int { 0 }
  /// The default is 1.
  @inlinable public var precision: Double { 1 }
  /// The default is the scale itself.
  public var atMean: Self { self }
  /// The default is nil.
  public var precisionFreedom: Double? { nil }
  /// The mean alone.
  public func points() throws -> [ScalePoint<Self>] { [ScalePoint(scale: atMean, weight: 1)] }
  /// The mean.
  public func drawn(using source: inout RandomSource) -> Self { atMean }
  /// Leaves the scales as they are.
  public static func update(_ scales: inout [Self], _ terms: Terms, estimate: Estimate, from sums: [ScaleSums]) throws {}
  /// Updates the scales as ever.
  public static func updateUnchecked(
    _ scales: inout [Self], _ terms: Terms, estimate: Estimate, from sums: [ScaleSums]
  ) throws {
    try update(&scales, terms, estimate: estimate, from: sums)
  }
  /// The default is false.
  public static var stepsUnchecked: Bool { false }
  /// Leaves the sums as they are.
  public static func rebase(_ terms: inout MutableSpan<Double>, weight: Double, from earlier: Self, to later: Self) {}
  /// The default is zero.
  public static func divergence(of scales: [Self], _ terms: Terms) -> Double { 0 }
  /// The default is zero.
  public static func divergenceOfUnits(of scales: [Self], _ terms: Terms, unit: Double) -> Double { 0 }
  /// The default is zero.
  public func cancellingTerms(_ terms: Terms, weight: Double) -> Double { 0 }
  /// The default is none.
  public var unconstrained: [Double] { [] }
  /// The default is the scale itself.
  public func having(unconstrained parameters: [Double]) -> Self { self }
  /// The default is none.
  public func logPriors(_ terms: Terms, estimate: Estimate) -> [Double] { unconstrained.map { _ in 0 } }
  /// The default is none.
  public func priorCurvatures(_ terms: Terms) -> [Double] { unconstrained.map { _ in 0 } }
  /// The default is the scale itself.
  public func spread(over variances: [Double]) -> Self { self }
  /// The default is that all are the expert's own.
  public static func roles(_ terms: Terms, expert: Int) -> [ScaleParameterRole] { Self().unconstrained.map { _ in .own } }
  /// The default is none.
  public func parameters(unit: Double) -> [ParameterEstimate] { [] }
  /// The default is the other.
  public func moved(to other: Self, share: Double) -> Self { other }
  /// The default is none.
  public static func collapsedExperts(of experts: [ScaledExpert<Self>], _ terms: Terms) -> [Int] { [] }
  /// The default is nothing.
  public static func warnings(of experts: [ScaledExpert<Self>], _ terms: Terms) -> [String] { [] }
}

extension ScaleTerms {
  /// The default is none.
  public func words(unit: Double) -> [PartTerm] { [] }
  /// The default is none.
  public func parameterCount(expertCount: Int) -> Int { 0 }
  /// The default is none.
  public func priors(unit: Double) -> [ParameterPrior] { [] }
  /// The default is that all is right.
  public func requireMaximum(_ estimate: Estimate, of part: Any.Type) throws {}
  /// The default is that all is right.
  public func requireFit(expertCount: Int, unit: Double, of part: Any.Type) throws {}
  /// Takes over nothing.
  public mutating func configure(for setting: ScaleSetting) throws {}
  /// Leaves the terms as they are.
  public mutating func select(_ experts: [Int]) {}
  /// The default is that all is right.
  public func validate(expertCount: Int, isConfigured: Bool) throws {}
}

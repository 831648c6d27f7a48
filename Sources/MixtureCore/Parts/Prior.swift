import GSL

/// A prior of one factor of each expert of a type, all experts at once: its parameters may be learned from all their
/// posteriors together (a common mean, coupled means), by maximising the bound over them.
///
/// A prior lives in the `Shared` of a ``LocalModel``.
public protocol Prior<Factor>: Part, Equatable {
  /// The family of the factor that the prior belongs to.
  associatedtype Factor: VariationalFactor

  /// Whether the parameters are numbers that the user gave, in the units of the data; learned ones belong to whatever
  /// coordinates the factor has.
  var isInUnitsOfData: Bool { get }

  /// Prepares the parameters for a fit.
  ///
  /// - Throws: if parameters that were given do not fit.
  mutating func configure(for setting: PriorSetting) throws

  /// Keeps what belongs to the experts of the given numbers, in that order. By default the prior is the same for all.
  mutating func select(_ experts: [Int])

  /// The current prior p(θ_k) of expert `expert`; nil if it is flat, with density one everywhere.
  func law(ofExpert expert: Int) throws -> Factor?

  /// The prior in a few words, such as `isotropic about a common mean`; those of the type's name by default.
  var words: String { get }

  /// What a user should know about this choice of prior.
  var warnings: [String] { get }

  /// Maximises the bound over the learned parameters, given the experts' posteriors. Experts without effective rows are
  /// not among `active`: their posterior is the prior itself and tells nothing.
  mutating func update(from posteriors: [Factor], active: [Bool]) throws

  /// A bolder step than ``update(from:active:)``, which may lower the bound: the caller keeps it only where the bound, with
  /// the factors at their best under it, comes out higher than after the careful step. Nil where there is none.
  ///
  /// Careful steps creep when the best variance is zero, as that of an expert without rows: they take 1 / t off the bound's
  /// distance in t passes, where a fixed-point step takes a fixed share each time.
  func boldUpdate(from posteriors: [Factor], active: [Bool]) throws -> Self?

  /// Σ_k KL(q(θ_k) ‖ p(θ_k)) and the penalties of the learned parameters: what the prior takes from the bound.
  func divergence(of posteriors: [Factor]) throws -> Double
}

/// What a prior must know of the fit that it takes part in.
public struct PriorSetting: Sendable {
  /// The number of experts.
  public var expertCount: Int
  /// The number of entries of θ_k.
  public var dimension: Int
  /// The typical variance of an entry of θ_k under the data.
  public var typicalVariance: Double
  /// From parameters in the units of the data to those that the prior sees.
  public var coordinates: AffineMap

  /// A setting in which the prior sees parameters in the units of the data, unless coordinates are given.
  public init(expertCount: Int, dimension: Int, typicalVariance: Double, coordinates: AffineMap? = nil) {
    self.expertCount = expertCount
    self.dimension = dimension
    self.typicalVariance = typicalVariance
    self.coordinates = coordinates ?? .identity(dimension)
  }
}

extension Prior {
  /// False: a learned prior belongs to the coordinates of its factor.
  public var isInUnitsOfData: Bool { false }
  /// Does nothing: all experts have the same prior.
  public mutating func select(_ experts: [Int]) {}
  /// The words of the type's name.
  public var words: String { Self.partName.inWords }
  /// There is nothing to warn of.
  public var warnings: [String] { [] }
  /// There is no bolder step.
  public func boldUpdate(from posteriors: [Factor], active: [Bool]) throws -> Self? { nil }
}

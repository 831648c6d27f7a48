import GSL

/// A prior of one factor of each expert of a type, all experts at once: its parameters may be learned from all their
/// posteriors together (a common mean, coupled means), by maximising the ELBO over them.
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
  func distribution(ofExpert expert: Int) throws -> Factor?

  /// ln p(θ_k) at the given value, with learned parameters held as they are and those that have a distribution integrated out; zero where the prior
  /// is flat. Of factors that are Gaussian that of the prior's distribution by default; others' priors have none to tell.
  func logDensity(ofExpert expert: Int, at value: [Double]) throws -> Double

  /// −∂² ln p(θ_k) / ∂θ_k ∂θ_kᵀ at the given value, with learned parameters held as they are and those that have a distribution integrated out; nil
  /// where the prior is flat. Of factors that are Gaussian the precision by default; others' priors have no curvature to tell.
  func curvature(ofExpert expert: Int, at value: [Double]) throws -> Matrix?

  /// The prior in a few words, such as `isotropic about a common mean`; those of the type's name by default.
  var words: String { get }

  /// What a user should know about this choice of prior.
  var warnings: [String] { get }

  /// The entries of θ_k of which the learned parameters say more than the rows: their posterior is as narrow as the prior has become, which
  /// is no measure of what the rows tell. None by default.
  func prunedEntries(ofExpert expert: Int, under posterior: @autoclosure () -> Factor) -> [Int]

  /// Maximises the ELBO over the learned parameters, given the experts' posteriors; parameters with a distribution of their own take its
  /// best. Experts without effective rows are not among `active`: their posterior is the prior itself and tells nothing, and what belongs
  /// to them alone stays, or goes to its hyperprior.
  mutating func update(from posteriors: [Factor], active: [Bool]) throws

  /// A bolder step than ``update(from:active:)``, which may lower the ELBO: the caller keeps it only where the ELBO, with
  /// the factors at their best under it, comes out higher than after the careful step. Nil where there is none.
  ///
  /// Careful steps creep when the best variance is zero, as that of an expert without rows: they take 1 / t off the ELBO's
  /// distance in t iterations, where a fixed-point step takes a fixed share each time.
  func boldUpdate(from posteriors: [Factor], active: [Bool]) throws -> Self?

  /// Σ_k KL(q(θ_k) ‖ p(θ_k)), the penalties of the learned parameters, and the divergences of those with a distribution from their
  /// hyperpriors: what the prior takes from the ELBO.
  func divergence(of posteriors: [Factor]) throws -> Double
}

/// What a prior must know of the fit that it takes part in.
public struct PriorSetting: Sendable {
  /// The entry of θ_k that is the intercept.
  public struct Intercept: Sendable {
    /// Its number.
    public var index: Int
    /// Its value, where the prior sees it, in a model that always predicts the mean of the response.
    public var mean: Double

    /// The entry of that number.
    public init(index: Int, mean: Double) { (self.index, self.mean) = (index, mean) }
  }

  /// The number of experts.
  public var expertCount: Int
  /// The names of the entries of θ_k: of coefficients those of their features.
  public var names: [String]
  /// Which of them is the intercept, if there is one.
  public var intercept: Intercept?
  /// The entries of each expert that are not fixed, ascending.
  public var free: [[Int]]
  /// The typical variance of an entry of θ_k under the data: for coefficients the variance of the response.
  public var typicalVariance: Double
  /// From parameters in the units of the data to those that the prior sees.
  public var coordinates: AffineMap

  /// The number of entries of θ_k.
  public var dimension: Int { names.count }

  /// A setting in which all entries are free and the prior sees parameters in the units of the data, unless something else is said.
  public init(
    expertCount: Int, names: [String], intercept: Intercept? = nil, free: [[Int]]? = nil, typicalVariance: Double,
    coordinates: AffineMap? = nil
  ) {
    self.expertCount = expertCount
    self.names = names
    self.intercept = intercept
    self.free = free ?? Array(repeating: Array(names.indices), count: expertCount)
    self.typicalVariance = typicalVariance
    self.coordinates = coordinates ?? .identity(names.count)
  }
}

extension Prior {
  /// The default is false, since a learned prior belongs to the coordinates of its factor.
  public var isInUnitsOfData: Bool { false }
  /// Does nothing: all experts have the same prior.
  public mutating func select(_ experts: [Int]) {}
  /// There is none to tell.
  public func logDensity(ofExpert expert: Int, at value: [Double]) throws -> Double { 0 }
  /// There is none to tell.
  public func curvature(ofExpert expert: Int, at value: [Double]) throws -> Matrix? { nil }
  /// The words of the type's name.
  public var words: String { Self.partName.inWords }
  /// There is nothing to warn of.
  public var warnings: [String] { [] }
  /// The default is none, since most priors do not narrow.
  public func prunedEntries(ofExpert expert: Int, under posterior: @autoclosure () -> Factor) -> [Int] { [] }
  /// There is no bolder step.
  public func boldUpdate(from posteriors: [Factor], active: [Bool]) throws -> Self? { nil }
}

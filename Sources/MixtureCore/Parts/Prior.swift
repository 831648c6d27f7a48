/// A prior of one factor of each expert of a type, all experts at once: its parameters may be learned from all their
/// posteriors together (a common mean, coupled means), by maximising the bound over them.
///
/// A prior lives in the `Shared` of a ``LocalModel``.
public protocol Prior<Factor>: Part {
  /// The family of the factor that the prior belongs to.
  associatedtype Factor: VariationalFactor

  /// Whether the parameters are numbers that the user gave, in the units of the data; learned ones belong to whatever
  /// coordinates the factor has.
  var isInUnitsOfData: Bool { get }

  /// Prepares learned parameters for a fit, from the typical variance of an entry of θ_k under the data.
  mutating func configure(expertCount: Int, typicalVariance: Double)

  /// The current prior p(θ_k) of expert `expert`, for factors of the given number of dimensions.
  func parameters(ofExpert expert: Int, dimension: Int) throws -> Factor

  /// Maximises the bound over the learned parameters, given the experts' posteriors. Experts without effective rows are
  /// not among `active`: their posterior is the prior itself and tells nothing.
  mutating func update(from posteriors: [Factor], active: [Bool]) throws

  /// A bolder step than ``update(from:active:)``, which may lower the bound: the caller keeps it only where the bound, with
  /// the factors at their best under it, comes out higher than after the careful step. Nil where there is none.
  ///
  /// Careful steps creep when the best variance is zero, as that of an expert without rows: they take 1 / t off the bound's
  /// distance in t passes, where a fixed-point step takes a fixed share each time.
  func boldUpdate(from posteriors: [Factor], active: [Bool]) -> Self?

  /// Σ_k KL(q(θ_k) ‖ p(θ_k)) and the penalties of the learned parameters: what the prior takes from the bound.
  func divergence(of posteriors: [Factor]) throws -> Double
}

extension Prior {
  /// False: a learned prior belongs to the coordinates of its factor.
  public var isInUnitsOfData: Bool { false }
  /// Does nothing: a prior of given numbers needs no starting values.
  public mutating func configure(expertCount: Int, typicalVariance: Double) {}
  /// None.
  public func boldUpdate(from posteriors: [Factor], active: [Bool]) -> Self? { nil }
}

/// A local model that tells how the log-likelihood of a row changes with its parameters: what standard errors and robust covariances need
/// beyond fitting (Louis 1982).
///
/// The parameters of expert k are θ_k, numbers without bounds, such as coefficients and ln σ². Of parameters that have a distribution the
/// derivatives are expectations under it, E ∂ ln p / ∂θ: of the likelihood itself, never of a bound of it, since a bound leaves out what its own
/// variables do not know.
public protocol DifferentiableModel: LocalModel {
  /// Where each expert's parameters are among those of the block.
  static func parameterPlaces(of experts: [Self], sharing shared: Shared) -> ParameterPlaces

  /// Writes the gradient ∂ ln p(yᵢ | xᵢ, θ_k) / ∂θ_k of each row as if it were expert k's: a column for each parameter, the columns of expert
  /// after expert, each ``Tile/capacity`` numbers long.
  static func writeGradients(
    of experts: [Self], sharing shared: Shared, on tile: Tile, into gradients: inout MutableSpan<Double>) throws

  /// Adds the complete information of each expert, −Σ_i r_ik ∂² ln p(yᵢ | xᵢ, θ_k) / ∂θ_k ∂θ_kᵀ: the pairs a ≤ b of its parameters in the order
  /// (0,0), (0,1), …, (1,1), …, those of expert after expert.
  static func accumulateInformation(
    of experts: [Self], sharing shared: Shared, on tile: Tile, weighedBy responsibilities: Span<Double>,
    into information: inout MutableSpan<Double>) throws
}

/// Where the parameters of a block's experts are in one list: experts that share a parameter have one place for it.
public struct ParameterPlaces: Sendable, Equatable {
  /// The number of places.
  public var count: Int
  /// The place of each parameter of each expert; nil for one that is known.
  public var ofExpert: [[Int?]]

  /// Places in a list of `count` numbers.
  public init(count: Int, ofExpert: [[Int?]]) { (self.count, self.ofExpert) = (count, ofExpert) }
}

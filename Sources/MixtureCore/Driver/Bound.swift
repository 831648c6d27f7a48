/// The evidence lower bound, in nats, and what each part gives to it.
public struct Bound: Sendable, Codable, Equatable {
  /// One part's term.
  public struct Term: Sendable, Codable, Equatable {
    /// The part's name; `responsibilities` for Σ_i w_i ln Σ_k exp(E ln π_k + E ln p(y_i | x_i, θ_k)), which is what the
    /// data give once q(Z) is at its maximum.
    public var part: String
    /// The term's value; a divergence counts negative.
    public var value: Double
  }

  /// The terms, in a fixed order.
  public var terms: [Term]
  /// What rounding may take from the bound: 64 ε × the sum of the absolute values of its terms, those that cancel within the
  /// scores among them (see ``LocalModel/cancellingTerms(_:_:_:)``).
  public var rounding: Double

  /// The sum of the terms.
  public var total: Double { terms.reduce(0) { $0 + $1.value } }

  init(of mixture: GatedExperts, data: Double, absoluteData: Double) throws {
    let divergences = try mixture.blocks.map { try $0.divergence() } + [mixture.gate.divergence]
    terms =
      [Term(part: "responsibilities", value: data)]
      + zip(mixture.partNames, divergences).map { Term(part: $0, value: -$1) }
    rounding = 64 * Double.ulpOfOne * divergences.reduce(absoluteData) { $0 + abs($1) }
  }

  /// The first part whose term is not a number.
  var partNotFinite: String? { terms.first { !$0.value.isFinite }?.part }
}

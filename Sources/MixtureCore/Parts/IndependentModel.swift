/// A local model whose experts share nothing: four methods say all.
public protocol IndependentModel: LocalModel where Shared == Unshared, Prepared == [Self] {
  /// What the density of the response is relative to: a unit of it, or for counts nothing, since it is a probability.
  static var measure: Measure { get }

  /// Writes E_q ln p(yᵢ | xᵢ, θ), or a lower bound of it, for each row of the tile.
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>)

  /// Adds the rows' contributions, weighted by their responsibilities, to the statistics.
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)

  /// Maximises the ELBO, or at least does not lower it, over the expert's part of the posterior.
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws

  /// What the expert takes from the ELBO: KL(q(θ) ‖ p(θ)).
  var divergence: Double { get }
}

extension IndependentModel {
  /// The type's ``measure`` of one response of numbers, or where densities are probabilities of counts; see ``Measure/checked(on:for:)``.
  public static func measures(of responses: [DataSummary.Response], for experts: [Self]) throws -> [Measure] {
    try [measure.checked(on: responses[0], for: Self.self)]
  }

  /// Lets each expert write its own column.
  public static func expectedLogLikelihood(_ experts: [Self], on tile: Tile, into scores: inout MutableSpan<Double>) {
    for (k, expert) in experts.enumerated() {
      scores.withElements(in: tile.column(k)) { expert.expectedLogLikelihood(tile, into: &$0) }
    }
  }

  /// Gives each expert its column of responsibilities and its slice of the statistics.
  public static func accumulate(
    _ experts: [Self], on tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>
  ) {
    var offset = 0
    for (k, expert) in experts.enumerated() {
      let slice = offset..<(offset + expert.statisticsCount)
      statistics.withElements(in: slice) {
        expert.accumulate(tile, weighedBy: responsibilities.extracting(tile.column(k)), into: &$0)
      }
      offset = slice.upperBound
    }
  }

  /// Updates expert after expert, each from its own slice; a `resum` of one holds the others as they are by then.
  public static func update(
    _ experts: inout [Self], sharing shared: inout Shared, from statistics: Span<Double>, resum: Resum<Block<Self>>
  ) throws {
    var offset = 0
    for k in experts.indices {
      let slice = offset..<(offset + experts[k].statisticsCount)
      let others = experts
      let resumOne = Resum<Self> { trial in
        var trials = others
        trials[k] = trial
        return Array(try resum(Block(trials, shared: Unshared()))[slice])
      }
      try experts[k].update(from: statistics.extracting(slice), resum: resumOne)
      offset = slice.upperBound
    }
  }

  /// Σ_k of the experts' own divergences.
  public static func divergence(of experts: [Self], sharing shared: Shared) throws -> Double {
    experts.reduce(0) { $0 + $1.divergence }
  }
}

import Foundation

/// A fitted mixture and how it came about.
public struct Fit: Sendable, Codable {
  /// One restart.
  public struct Restart: Sendable, Codable, Equatable {
    /// How its responsibilities were made; nil for a given table.
    public var recipe: StartRecipe?
    /// Its seed: a fit with this recipe, this seed and one restart repeats it.
    public var seed: UInt64
    /// The bound that it reached; nil if it failed.
    public var bound: Double?
    /// The passes that it made, those over a subsample included.
    public var passes: Int
    /// The passes before these: with points for distributions, where experts have such, or annealed ones.
    public var warmUpPasses: Int
    /// Why it stopped; nil if it failed.
    public var stopReason: StopReason?
    /// The number of the restart, from zero, that was in the same optimum and went on for both, if one did.
    public var twin: Int?
    /// Why it failed, if it did.
    public var failure: String?
    /// The experts that collapsed onto few rows, by their numbers from zero: their likelihood has no bound.
    public var collapsedExperts: [Int] = []
  }

  /// The fitted mixture of the best restart.
  public var mixture: GatedExperts
  /// The bound after q(Z) of each pass of the best restart.
  public var bounds: [Bound]
  /// Why the best restart stopped.
  public var stopReason: StopReason
  /// Σ_i w_i r_ik over the rows, for each expert.
  public var effectiveRows: [Double]
  /// The experts of one block that give all rows nearly the same scores in the end, by their numbers from zero: groups of two or more, each
  /// with rows.
  public var equalExperts: [[Int]]
  /// All restarts, in the order of their numbers.
  public var restarts: [Restart]
  /// The options of the fit.
  public var options: FitOptions
  /// What the data looked like, in the units of the fit.
  var dataOfFit: DataSummary
  /// The seconds that the fit took.
  public var seconds: Double

  /// What the data looked like, in their own units.
  public var data: DataSummary { dataOfFit.inUnitsOfData }

  /// How many starts the options allow for such data.
  package var searchSize: SearchSize {
    SearchSize(
      options, experts: mixture.expertCount, features: dataOfFit.features.count, rows: dataOfFit.rowCount)
  }

  /// How many restarts reached the best bound, to a millionth of it, by themselves or by another that went on for them. Those with a
  /// collapsed expert do not count, unless all have one.
  public var reachedBest: Int {
    let isCollapsed = mixture.blocks.contains { !$0.collapsedExperts.isEmpty }
    return complete.count { restart in
      let end = restart.twin.map { restarts[$0] } ?? restart
      let units = bound.total - bound.inUnitsOfFit
      return end.collapsedExperts.isEmpty != isCollapsed
        && end.bound.map { Self.agree($0 - units, bound.inUnitsOfFit) } ?? false
    }
  }

  /// The restarts that came to an end, by themselves or by another that went on for them.
  public var complete: [Restart] { restarts.filter { $0.stopReason != .dropped } }

  /// Whether two bounds are those of one optimum: equal to a millionth.
  static func agree(_ bound: Double, _ other: Double) -> Bool { abs(bound - other) <= 1e-6 * max(1, abs(other)) }

  /// The bound that was reached.
  public var bound: Bound { bounds[bounds.count - 1] }
}

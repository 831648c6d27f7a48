import Foundation

/// A fitted mixture and how it came about.
public struct Fit: Sendable, Codable {
  /// One start.
  public struct StartRecord: Sendable, Codable, Equatable {
    /// How its responsibilities were made; nil for a given table.
    public var recipe: StartRecipe?
    /// Its seed: a fit with this recipe, this seed and one start repeats it.
    public var seed: UInt64
    /// The ELBO that it reached; nil if it failed.
    public var elbo: Double?
    /// The iterations that it made, those over a subsample included.
    public var iterations: Int
    /// The iterations before these: with points for distributions, where experts have such, or annealed ones.
    public var warmUpIterations: Int
    /// Why it stopped; nil if it failed.
    public var stopReason: StopReason?
    /// The number of the start, from zero, that was in the same optimum and went on for both, if one did.
    public var twin: Int?
    /// Why it failed, if it did.
    public var failure: String?
    /// The experts that collapsed onto few rows, by their numbers from zero: their likelihood has no bound.
    public var collapsedExperts: [Int] = []
  }

  /// The fitted mixture of the best start.
  public var mixture: MixtureModel
  /// The ELBO after q(Z) of each iteration of the best start.
  public var elboTrace: [ELBO]
  /// Why the best start stopped.
  public var stopReason: StopReason
  /// Σ_i w_i r_ik over the rows, for each expert.
  public var effectiveRows: [Double]
  /// The experts of one block that give all rows nearly the same scores in the end, by their numbers from zero: groups of two or more, each
  /// with rows.
  public var equalExperts: [[Int]]
  /// All starts, in the order of their numbers.
  public var starts: [StartRecord]
  /// The options of the fit.
  public var options: FitOptions
  /// What the data looked like, in the units of the fit.
  var dataOfFit: DataSummary
  /// How uncertain the parameters are; nil in a file of an earlier version.
  public var errors: ParameterErrors?
  /// The seconds that the fit took.
  public var seconds: Double

  /// What the data looked like, in their own units.
  public var data: DataSummary { dataOfFit.inUnitsOfData }

  /// How many starts the options allow for such data.
  package var searchSize: SearchSize {
    SearchSize(
      options, experts: mixture.expertCount, features: dataOfFit.features.count, rows: dataOfFit.rowCount)
  }

  /// How many starts reached the best ELBO, to a millionth of it, by themselves or by another that went on for them. Those with a
  /// collapsed expert do not count, unless all have one.
  public var reachedBest: Int {
    let isCollapsed = mixture.blocks.contains { !$0.collapsedExperts.isEmpty }
    return complete.count { start in
      let end = start.twin.map { starts[$0] } ?? start
      let units = elbo.total - elbo.inUnitsOfFit
      return end.collapsedExperts.isEmpty != isCollapsed
        && end.elbo.map { Self.agree($0 - units, elbo.inUnitsOfFit) } ?? false
    }
  }

  /// The starts that came to an end, by themselves or by another that went on for them.
  public var complete: [StartRecord] { starts.filter { $0.stopReason != .dropped } }

  /// Whether two ELBOs are those of one optimum: equal to a millionth.
  static func agree(_ elbo: Double, _ other: Double) -> Bool { abs(elbo - other) <= 1e-6 * max(1, abs(other)) }

  /// The ELBO that was reached.
  public var elbo: ELBO { elboTrace[elboTrace.count - 1] }
}

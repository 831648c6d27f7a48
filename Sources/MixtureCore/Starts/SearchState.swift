/// Where the search over starts is: what lies behind, and what is ahead at most.
public struct SearchState: Sendable, Equatable {
  /// Iterations that some starts make before the better ones are told from the others.
  public struct Stage: Sendable, Equatable {
    /// How many starts make iterations in this stage, or may: those that converge before it make none.
    public var startCount: Int
    /// The iterations of each start: how many it has made before, and how many at most in the end.
    public var iterations: Range<Int>
    /// The tiles of rows that an iteration reads. Early iterations over many rows see a subsample.
    public var tileCount: Int
  }

  /// How many starts there are in all.
  public var startCount: Int
  /// How many of them make no more iterations: they converged, failed, came to the limit, or were dropped.
  public var finishedCount: Int
  /// The stage under way, and those after it.
  public var stages: [Stage]
}

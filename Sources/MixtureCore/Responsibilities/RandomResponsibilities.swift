import GSL

/// Random responsibilities, uniform on the simplex: those of assignment i depend on the seed and i alone.
public struct RandomResponsibilities: ResponsibilitySource, ResponsibilityReader {
  private let source: RandomSource
  private let concentration: [Double]

  /// Responsibilities of `expertCount` experts.
  public init(seed: UInt64, expertCount: Int) {
    source = RandomSource(seed: seed)
    concentration = Array(repeating: 1, count: expertCount)
  }

  /// Itself: it needs no buffers, and no order of tiles.
  public func makeReader(for rows: any TileSource) -> any ResponsibilityReader { self }

  /// Writes a draw from Dir(1, …, 1) for each assignment, keyed by its number in the whole data; knows no log sums.
  public func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) -> [Double]? {
    for i in 0..<tile.assignmentCount {
      var stream = source.split(UInt64(tile.firstAssignment + i))
      for (k, value) in stream.dirichlet(concentration: concentration).enumerated() {
        responsibilities[k * tile.capacity + i] = value
      }
    }
    return nil
  }
}

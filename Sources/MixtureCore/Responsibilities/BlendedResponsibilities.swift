import GSL

/// The responsibilities of one source with a share of another's.
struct BlendedResponsibilities: ResponsibilitySource {
  private let base: any ResponsibilitySource
  private let other: any ResponsibilitySource
  private let share: Double

  /// (1 − share) · base + share · other.
  init(_ base: any ResponsibilitySource, _ other: any ResponsibilitySource, share: Double) {
    self.base = base
    self.other = other
    self.share = share
  }

  func makeReader(for rows: any TileSource) throws -> any ResponsibilityReader {
    Reader(base: try base.makeReader(for: rows), other: try other.makeReader(for: rows), share: share)
  }

  private struct Reader: ResponsibilityReader {
    let base: any ResponsibilityReader
    let other: any ResponsibilityReader
    let share: Double

    func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) throws -> [Double]? {
      _ = try base.read(tile, into: &responsibilities)
      var addition = [Double](repeating: 0, count: responsibilities.count)
      var span = addition.mutableSpan
      _ = try other.read(tile, into: &span)
      for i in responsibilities.indices { responsibilities[i] += share * (span[i] - responsibilities[i]) }
      return nil
    }
  }
}

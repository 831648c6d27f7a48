/// Evenly spaced tiles of another source: a subsample that keeps groups of rows whole and needs no copy.
struct EveryNthTile: TileSource {
  private let source: any TileSource
  private let step: Int

  /// Tiles of `source` that hold about `rows` rows together; nil if it has hardly more than those anyway.
  init?(_ source: any TileSource, rows: Int) {
    let step = source.rowCount / max(rows, 1)
    guard step >= 2, source.tileCount >= 2 * step else { return nil }
    self.source = source
    self.step = step
  }

  // The numbers of rows and assignments are those of the source, because tiles keep the numbers they have there.
  var rowCount: Int { source.rowCount }
  var assignmentCount: Int { source.assignmentCount }
  var shape: RowShape { source.shape }
  var tileCapacity: Int { source.tileCapacity }
  var tileCount: Int { (source.tileCount + step - 1) / step }

  func load(_ index: Int, into tile: Tile) throws { try source.load(index * step, into: tile) }
}

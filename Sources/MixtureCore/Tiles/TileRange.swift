/// Consecutive tiles of another source, for work that is done part by part.
package struct TileRange: TileSource {
  private let source: any TileSource
  private let tiles: Range<Int>

  /// The tiles of the given numbers.
  package init(_ source: any TileSource, _ tiles: Range<Int>) { (self.source, self.tiles) = (source, tiles) }

  // How many rows tiles hold is known once they are loaded; these are bounds.
  package var rowCount: Int { min(source.rowCount, tiles.count * tileCapacity) }
  package var assignmentCount: Int { min(source.assignmentCount, rowCount) }
  package var shape: RowShape { source.shape }
  package var tileCapacity: Int { source.tileCapacity }
  package var tileCount: Int { tiles.count }

  package func load(_ index: Int, into tile: Tile) throws { try source.load(tiles.lowerBound + index, into: tile) }
}

import GSL
import Synchronization

/// The responsibilities of another source, each computed once: for passes that are made again under the same ones.
///
/// - Complexity: keeps a number for each assignment and expert, once they have been read.
final class RecordedResponsibilities: ResponsibilitySource {
  private let base: any ResponsibilitySource
  /// Those of each tile, by the number of its first assignment.
  private let tiles = Mutex<[Int: [Double]]>([:])

  init(_ base: any ResponsibilitySource) { self.base = base }

  func makeReader(for rows: any TileSource) throws -> any ResponsibilityReader {
    Reader(record: self, base: try base.makeReader(for: rows))
  }

  private struct Reader: ResponsibilityReader {
    let record: RecordedResponsibilities
    let base: any ResponsibilityReader

    /// Knows no log sums.
    func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) throws -> [Double]? {
      if let known = record.tiles.withLock({ $0[tile.firstAssignment] }) {
        VectorKernels.copy(known.span, into: &responsibilities)
      } else {
        _ = try base.read(tile, into: &responsibilities)
        let read = responsibilities.indices.map { responsibilities[$0] }
        record.tiles.withLock { $0[tile.firstAssignment] = read }
      }
      return nil
    }
  }
}

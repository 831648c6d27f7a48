import GSL

/// What one thread needs to work through tiles.
final class WorkerBuffers {
  let tile: Tile
  var index = 0
  var reader: (any ResponsibilityReader)?
  var responsibilities: [Double]
  var scores: [Double]

  init(_ tile: Tile, expertCount: Int) {
    self.tile = tile
    responsibilities = Array(repeating: 0, count: expertCount * tile.capacity)
    scores = responsibilities
  }

  func readResponsibilities() throws -> [Double]? {
    try withMutableSpan(of: &responsibilities) { try reader!.read(tile, into: &$0) }
  }

  /// Multiplies each assignment's responsibilities by its weight; beyond the last one they become zero, and so do those of weight zero, even
  /// where no expert can have the rows, and the responsibilities are no numbers.
  func weighResponsibilities() {
    let weights = tile.assignmentWeights
    withMutableSpan(of: &responsibilities) { responsibilities in
      for start in stride(from: 0, to: responsibilities.count, by: tile.capacity) {
        responsibilities.withElements(in: start..<(start + tile.capacity)) {
          VectorKernels.multiply(by: weights.span, &$0)
        }
      }
      for i in 0..<tile.assignmentCount where weights[i] == 0 {
        for start in stride(from: 0, to: responsibilities.count, by: tile.capacity) { responsibilities[start + i] = 0 }
      }
    }
  }

  /// Replaces each assignment's responsibilities by those of its rows.
  func spreadResponsibilitiesOverRows() {
    guard let assignmentOfRow = tile.assignmentOfRow else { return }
    for start in stride(from: 0, to: responsibilities.count, by: tile.capacity) {
      // Backwards, because an assignment never comes after its rows.
      for i in tile.rows.reversed() { responsibilities[start + i] = responsibilities[start + assignmentOfRow[i]] }
      for i in tile.rowCount..<tile.capacity { responsibilities[start + i] = 0 }
    }
  }
}

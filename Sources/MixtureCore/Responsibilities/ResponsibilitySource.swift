/// Where a pass over the data gets its responsibilities r_ik from: a mixture, a table, random numbers, labels.
///
/// Statistics gathered under any source start a fit: an initialisation is one pass with its source and one update.
public protocol ResponsibilitySource: Sendable {
  /// A source for one worker, with whatever buffers it needs.
  func makeReader(for rows: any TileSource) throws -> any ResponsibilityReader
}

/// A worker's side of a ``ResponsibilitySource``.
public protocol ResponsibilityReader {
  /// Writes r_ik for each assignment of the tile, expert k into the column that starts at k · ``Tile/capacity``; each
  /// row of a full tile sums to one. Returns ln Σ_k exp(score_k) for each assignment if the source knows it, for the
  /// ELBO, and nil otherwise.
  func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) throws -> [Double]?
}

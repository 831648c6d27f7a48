extension GatedExperts {
  /// Refuses experts of one block that give all rows the same scores: they would stay equal for ever.
  ///
  /// - Throws: ``MixtureError/symmetricStart(first:second:)``, or what the rows' source throws.
  func refuseEqualExperts(on rows: any TileSource) throws {
    var pairs = expertRanges.flatMap { block in block.flatMap { k in block.prefix { $0 < k }.map { ($0, k) } } }
    let tile = try makeTile(for: rows)
    let scorer = try MixtureScores(self, capacity: tile.capacity)
    var scores = [Double](repeating: 0, count: expertCount * tile.capacity)
    // The first rows tell most experts apart.
    for index in 0..<rows.tileCount where !pairs.isEmpty {
      try rows.load(index, into: tile)
      var span = scores.mutableSpan
      scorer.scoreRows(tile, into: &span)
      pairs.removeAll { first, second in
        tile.rows.contains { i in
          let (a, b) = (scores[first * tile.capacity + i], scores[second * tile.capacity + i])
          return abs(a - b) > 1e-10 * max(1, abs(a))
        }
      }
    }
    if let (first, second) = pairs.first { throw MixtureError.symmetricStart(first: first, second: second) }
  }
}

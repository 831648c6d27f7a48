extension MixtureModel {
  /// Refuses experts of one block that give all rows the same scores: they would stay equal for ever.
  ///
  /// - Throws: ``MixtureError/symmetricStart(first:second:)``, or what the rows' source throws.
  func refuseEqualExperts(on rows: any TileSource) throws {
    if let pair = try equalExperts(among: Array(0..<expertCount), on: rows, within: 1e-10).first {
      throw MixtureError.symmetricStart(first: pair[0], second: pair[1])
    }
  }

  /// The groups of two or more of the given experts that are of one block and give all rows the same scores, to so many nats, or as a share
  /// of the scores where these are larger than one.
  func equalExperts(among experts: [Int], on rows: any TileSource, within tolerance: Double) throws -> [[Int]] {
    var pairs = expertRanges.flatMap { block in
      block.flatMap { k in block.prefix { $0 < k }.map { ($0, k) } }
    }.filter { experts.contains($0.0) && experts.contains($0.1) }
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
          return abs(a - b) > tolerance * max(1, abs(a))
        }
      }
    }
    return pairs.reduce(into: [[Int]]()) { groups, pair in
      if let place = groups.firstIndex(where: { $0.contains(pair.0) }) {
        if !groups[place].contains(pair.1) { groups[place].append(pair.1) }
      } else {
        groups.append([pair.0, pair.1])
      }
    }
  }
}

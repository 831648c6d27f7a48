import GSL

/// A start that agrees with what the gate knows of assignments: the responsibilities of another source, changed where they do not.
struct KnownResponsibilities: ResponsibilitySource {
  private let base: any ResponsibilitySource
  private let gate: any Gate
  /// Expert k takes the responsibilities that the other source gives to the expert of this number.
  private var order: [Int]

  init(_ base: any ResponsibilitySource, gate: any Gate) {
    (self.base, self.gate) = (base, gate)
    order = Array(0..<gate.expertCount)
  }

  func makeReader(for rows: any TileSource) throws -> any ResponsibilityReader {
    Reader(base: try base.makeReader(for: rows), gate: gate, order: order)
  }

  /// The same with the experts in another order, for a recipe numbers them by chance: pairs of an expert and one of the recipe's are
  /// matched by what they have in common, Σ_i w_i (p_ik − 1 / K) r_ij, the greatest first. p_ik is what is known of row i.
  func aligned(over rows: any TileSource, in units: ColumnUnits) throws -> KnownResponsibilities {
    let count = gate.expertCount
    let reader = try base.makeReader(for: rows)
    let tile = try rows.makeTile(in: units)
    var common = [Double](repeating: 0, count: count * count)
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      var shares = [Double](repeating: 0, count: count * tile.capacity)
      var known = [Double](repeating: 1 / Double(count), count: count * tile.capacity)
      var span = shares.mutableSpan
      _ = try reader.read(tile, into: &span)
      withMutableSpan(of: &known) { gate.respectKnown(tile, in: &$0) }
      for i in 0..<tile.assignmentCount {
        for k in 0..<count {
          let surplus = tile.assignmentWeights[i] * (known[k * tile.capacity + i] - 1 / Double(count))
          guard surplus != 0 else { continue }
          for j in 0..<count { common[k * count + j] += surplus * shares[j * tile.capacity + i] }
        }
      }
    }
    // Where nothing speaks for another order, it stays as it is.
    let pairs = common.indices.sorted { a, b in
      let (aMoves, bMoves) = (a % (count + 1) != 0, b % (count + 1) != 0)
      return common[a] != common[b] ? common[a] > common[b] : aMoves != bMoves ? bMoves : a < b
    }
    var matched = [Int?](repeating: nil, count: count)
    var taken: Set<Int> = []
    for pair in pairs where matched[pair / count] == nil && !taken.contains(pair % count) {
      matched[pair / count] = pair % count
      taken.insert(pair % count)
    }
    var result = self
    result.order = matched.compactMap(\.self)
    return result
  }

  private struct Reader: ResponsibilityReader {
    let base: any ResponsibilityReader
    let gate: any Gate
    let order: [Int]

    func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) throws -> [Double]? {
      var shares = [Double](repeating: 0, count: responsibilities.count)
      var span = shares.mutableSpan
      _ = try base.read(tile, into: &span)
      for (k, j) in order.enumerated() {
        for i in 0..<tile.assignmentCount { responsibilities[k * tile.capacity + i] = shares[j * tile.capacity + i] }
      }
      gate.respectKnown(tile, in: &responsibilities)
      return nil
    }
  }
}

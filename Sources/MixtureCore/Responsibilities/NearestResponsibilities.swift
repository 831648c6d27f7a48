import GSL

/// Each row belongs to the expert from which its distance is least, but for a small share of all experts, so that none
/// starts without rows.
struct NearestResponsibilities: ResponsibilitySource, ResponsibilityReader {
  let scaling: ColumnScaling
  let expertCount: Int
  /// How much of each row's responsibility all experts share.
  let share: Double
  let distance: @Sendable (_ row: [Double], _ expert: Int) -> Double

  func makeReader(for rows: any TileSource) -> any ResponsibilityReader { self }

  func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) -> [Double]? {
    var distances = [Double](repeating: 0, count: expertCount * tile.assignmentCount)
    for i in tile.rows {
      let (row, assignment) = (scaling.row(i, of: tile), tile.assignmentOfRow?[i] ?? i)
      for k in 0..<expertCount { distances[assignment * expertCount + k] += distance(row, k) }
    }
    let least = share / Double(expertCount)
    for assignment in 0..<tile.assignmentCount {
      let slice = distances[(assignment * expertCount)..<((assignment + 1) * expertCount)]
      let nearest = slice.indices.min { slice[$0] < slice[$1] }! - slice.startIndex
      for k in 0..<expertCount { responsibilities[k * tile.capacity + assignment] = least + (k == nearest ? 1 - share : 0) }
    }
    return nil
  }
}

extension NearestResponsibilities {
  /// What experts share where a start says which of them has a row: little, or a gate begins too smooth to find that they take
  /// turns in steps between rows.
  static let sharpShare = 0.001

  /// What experts share where a start cuts the rows into clouds: experts that cross have rows in the clouds of each other.
  static let softShare = 0.1

  /// The height of a plane, given by intercept and slopes, above a row of features.
  static func height(of plane: [Double], at row: [Double]) -> Double {
    var sum = plane[0]
    for j in 1..<plane.count { sum += plane[j] * row[j - 1] }
    return sum
  }

  /// By the distance in the response from planes given in the units of the data, intercepts first.
  ///
  /// - Throws: ``ArgumentError`` unless each plane has one number more than there are features, all of them finite.
  init(planes: [[Double]], scaling: ColumnScaling) throws {
    for (k, plane) in planes.enumerated() {
      guard plane.count == scaling.featureCount + 1, plane.allSatisfy(\.isFinite) else {
        throw ArgumentError(
          Start.self, argument: "the coefficients of expert \(k + 1)", value: plane,
          need: "\(scaling.featureCount + 1) finite numbers, an intercept and \(scaling.featureCount) slopes")
      }
    }
    let scaled = planes.map(scaling.plane)
    self.init(scaling: scaling, expertCount: planes.count, share: Self.sharpShare) { row, k in
      abs(row[row.count - 1] - Self.height(of: scaled[k], at: row))
    }
  }
}

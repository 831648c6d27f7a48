import GSL

/// A way to make starting responsibilities. No single one wins everywhere.
public enum StartRecipe: String, Sendable, Codable, CaseIterable {
  /// Responsibilities uniform on the simplex.
  case random
  /// Random rows as centres: each row belongs to the nearest in scaled features and response.
  case localised
  /// The centres of k-means++ (Arthur & Vassilvitskii 2007), improved by Lloyd's steps.
  case kMeans = "kmeans"
  /// Exact planes through n + 1 random rows, for n features: each row belongs to the nearest in the response.
  case planes
  /// Random rows as centres: each row belongs to the nearest in what the gate sees, whatever its response. Random where the gate
  /// sees nothing.
  case regions

  /// The recipes of a mixed start: regions are for gates that can follow them.
  static func mixed(gateReadsFeatures: Bool) -> [StartRecipe] {
    allCases.filter { gateReadsFeatures || $0 != .regions }
  }

  /// Whether its starts differ enough to end in many optima. Those of the other recipes mostly end in a few.
  var isVaried: Bool { self == .planes || self == .regions }

  /// The responsibilities that the recipe makes of `seed`.
  func source(_ sample: RowSample, expertCount: Int, seed: UInt64) -> any ResponsibilitySource {
    var random = RandomSource(seed: seed)
    switch self {
    case .regions where sample.gateScaling.featureCount > 0:
      let centres = distinctRows(sample.gateRows, count: expertCount, &random)
      return NearestResponsibilities(scaling: sample.gateScaling, expertCount: expertCount, share: sharpShare) { row, k in
        squaredDistance(row, centres[k])
      }
    case .random, .regions:
      return RandomResponsibilities(seed: seed, expertCount: expertCount)
    case .localised:
      let centres = (0..<expertCount).map { _ in sample.rows[random.integer(below: sample.rows.count)] }
      return NearestResponsibilities(scaling: sample.scaling, expertCount: expertCount, share: softShare) { row, k in
        squaredDistance(row, centres[k])
      }
    case .kMeans:
      let centres = kMeansCentres(sample.rows, count: expertCount, &random)
      return NearestResponsibilities(scaling: sample.scaling, expertCount: expertCount, share: softShare) { row, k in
        squaredDistance(row, centres[k])
      }
    case .planes:
      let planes = (0..<expertCount).map { _ in plane(sample.rows, &random) }
      return NearestResponsibilities(scaling: sample.scaling, expertCount: expertCount, share: sharpShare) { row, k in
        abs(row[row.count - 1] - height(of: planes[k], at: row))
      }
    }
  }
}

/// What experts share where a start says which of them has a row: little, or a gate begins too smooth to find that they take
/// turns in steps between rows.
private let sharpShare = 0.001

/// What experts share where a start cuts the rows into clouds: experts that cross have rows in the clouds of each other.
private let softShare = 0.1

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
  /// By the distance in the response from planes given in the units of the data, intercepts first.
  ///
  /// - Throws: ``DataError`` unless each plane has one number more than there are features, all of them finite.
  init(planes: [[Double]], scaling: ColumnScaling) throws {
    for (k, plane) in planes.enumerated() {
      guard plane.count == scaling.featureCount + 1, plane.allSatisfy(\.isFinite) else {
        throw DataError(
          "starting coefficients of expert \(k + 1): \(plane); needed are an intercept and \(scaling.featureCount) slopes")
      }
    }
    let scaled = planes.map(scaling.plane)
    self.init(scaling: scaling, expertCount: planes.count, share: sharpShare) { row, k in
      abs(row[row.count - 1] - height(of: scaled[k], at: row))
    }
  }
}

/// Random rows, each unlike those before if twenty draws find one: what a gate sees may have few values.
private func distinctRows(_ rows: [[Double]], count: Int, _ random: inout RandomSource) -> [[Double]] {
  var chosen: [[Double]] = []
  while chosen.count < count {
    var row = rows[random.integer(below: rows.count)]
    for _ in 0..<20 where chosen.contains(row) { row = rows[random.integer(below: rows.count)] }
    chosen.append(row)
  }
  return chosen
}

private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += (a[i] - b[i]) * (a[i] - b[i]) }
  return sum
}

/// Centres drawn with probability proportional to the squared distance from those before, then ten of Lloyd's steps.
private func kMeansCentres(_ rows: [[Double]], count: Int, _ random: inout RandomSource) -> [[Double]] {
  var centres = [rows[random.integer(below: rows.count)]]
  var distances = rows.map { squaredDistance($0, centres[0]) }
  while centres.count < count {
    let isSpent = distances.allSatisfy { $0 == 0 }
    let next = isSpent ? random.integer(below: rows.count) : random.categorical(weights: distances)
    centres.append(rows[next])
    for (i, row) in rows.enumerated() { distances[i] = min(distances[i], squaredDistance(row, rows[next])) }
  }
  for _ in 0..<10 {
    var sums = centres.map { _ in [Double](repeating: 0, count: rows[0].count) }
    var counts = [Double](repeating: 0, count: count)
    for row in rows {
      let nearest = centres.indices.min { squaredDistance(row, centres[$0]) < squaredDistance(row, centres[$1]) }!
      counts[nearest] += 1
      for j in row.indices { sums[nearest][j] += row[j] }
    }
    for k in 0..<count where counts[k] > 0 { centres[k] = sums[k].map { $0 / counts[k] } }
  }
  return centres
}

/// The coefficients, intercept first, of a plane through n + 1 random rows; level through one row if none is found.
private func plane(_ rows: [[Double]], _ random: inout RandomSource) -> [Double] {
  let features = rows[0].count - 1
  for _ in 0..<20 {
    let places = (0...features).map { _ in random.integer(below: rows.count) }
    // Through one row twice there are many planes.
    guard Set(places).count == places.count else { continue }
    let chosen = places.map { rows[$0] }
    let matrix = Matrix(rows: features + 1, columns: features + 1, elements: chosen.flatMap { [1] + $0.dropLast() })
    if let plane = try? matrix.solving(chosen.map { $0[features] }), plane.allSatisfy({ abs($0) < 1e6 }) { return plane }
  }
  return [rows[random.integer(below: rows.count)][features]] + Array(repeating: 0, count: features)
}

private func height(of plane: [Double], at row: [Double]) -> Double {
  var sum = plane[0]
  for j in 1..<plane.count { sum += plane[j] * row[j - 1] }
  return sum
}

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
      return NearestResponsibilities(
        scaling: sample.gateScaling, expertCount: expertCount, share: NearestResponsibilities.sharpShare
      ) { row, k in
        squaredDistance(row, centres[k])
      }
    case .random, .regions:
      return RandomResponsibilities(seed: seed, expertCount: expertCount)
    case .localised:
      let centres = (0..<expertCount).map { _ in sample.rows[random.integer(below: sample.rows.count)] }
      return NearestResponsibilities(
        scaling: sample.scaling, expertCount: expertCount, share: NearestResponsibilities.softShare
      ) { row, k in
        squaredDistance(row, centres[k])
      }
    case .kMeans:
      let centres = kMeansCentres(sample.rows, count: expertCount, &random)
      return NearestResponsibilities(
        scaling: sample.scaling, expertCount: expertCount, share: NearestResponsibilities.softShare
      ) { row, k in
        squaredDistance(row, centres[k])
      }
    case .planes:
      let planes = (0..<expertCount).map { _ in plane(sample.rows, &random) }
      return NearestResponsibilities(
        scaling: sample.scaling, expertCount: expertCount, share: NearestResponsibilities.sharpShare
      ) { row, k in
        abs(row[row.count - 1] - NearestResponsibilities.height(of: planes[k], at: row))
      }
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

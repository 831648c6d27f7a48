import CircleSearch
import Foundation
import Mixtures

/// A picture of an eye, made up: pupil, iris with its spokes, a highlight, lids that cover a part of them, lashes, and the noise of a
/// sensor. Brightness is from zero to one; sixty pixels are one unit of length, and the origin is in the middle of the picture.
struct EyePicture {
  static let (width, height, scale) = (240, 180, 60.0)
  static let pupil = Circle(x: 0.12, y: -0.06, radius: 0.36)
  static let iris = Circle(x: 0.08, y: -0.04, radius: 1)

  /// Row by row, the lowest first.
  private(set) var brightness: [Double]

  /// The centre of the pixel in that column and row.
  static func point(_ column: Int, _ row: Int) -> Point {
    Point(x: (Double(column) - 119.5) / scale, y: (Double(row) - 89.5) / scale)
  }

  init(seed: UInt64) {
    var random = RandomSource(seed: seed)
    // Lashes grow from the upper lid, each a short dark line.
    let lashes = (0..<26).map { number in
      let x = -1.6 + 3.2 * Double(number) / 25 + random.gaussian(standardDeviation: 0.03)
      let lean = 0.5 * x + random.gaussian(standardDeviation: 0.1)
      return (x: x, y: Self.upperLid(x), lean: lean, length: 0.2 + 0.15 * random.uniform())
    }
    brightness = (0..<(Self.width * Self.height)).map { pixel in
      let point = Self.point(pixel % Self.width, pixel / Self.width)
      return Self.light(at: point, lashes) + random.gaussian(standardDeviation: 0.04)
    }
  }

  private static func upperLid(_ x: Double) -> Double { 0.85 - 0.3 * x * x }
  private static func lowerLid(_ x: Double) -> Double { -0.95 + 0.22 * x * x }

  private static func light(
    at point: Point, _ lashes: [(x: Double, y: Double, lean: Double, length: Double)]
  ) -> Double {
    // One inside, zero outside, with an edge about a pixel wide.
    func inside(_ distance: Double) -> Double { 1 / (1 + exp(min(max(2 * scale * distance, -50), 50))) }
    func disc(_ circle: Circle) -> Double { inside(hypot(point.x - circle.x, point.y - circle.y) - circle.radius) }
    func paint(_ light: inout Double, _ colour: Double, _ share: Double) { light += share * (colour - light) }
    var light = 0.85
    let angle = atan2(point.y - iris.y, point.x - iris.x)
    paint(&light, 0.45 + 0.06 * sin(17 * angle) + 0.04 * sin(41 * angle + 1), disc(iris))
    paint(&light, 0.08, disc(pupil))
    paint(&light, 1, disc(Circle(x: 0.32, y: 0.2, radius: 0.09)))
    let isCovered = max(point.y - upperLid(point.x), lowerLid(point.x) - point.y)
    paint(&light, 0.68, inside(-isCovered))
    for lash in lashes {
      let height = point.y - lash.y
      let along = min(max(height / lash.length, 0), 1)
      let x = lash.x + lash.lean * lash.length * along
      paint(&light, 0.15, inside(hypot(point.x - x, height - along * lash.length) - 0.015))
    }
    return light
  }
}

// MARK: Edges

extension EyePicture {
  /// The points where brightness changes most along the direction in which it changes, and by enough (Canny 1986, without his last
  /// step, that keeps weak edges beside strong ones).
  func edges(leastSlope: Double = 0.045) -> [Point] {
    let smooth = smoothed()
    func value(_ field: [Double], _ column: Int, _ row: Int) -> Double { field[row * Self.width + column] }
    var (slopes, directions) = (
      [Double](repeating: 0, count: smooth.count), [(Int, Int)](repeating: (0, 0), count: smooth.count)
    )
    for row in 1..<(Self.height - 1) {
      for column in 1..<(Self.width - 1) {
        let dx = (value(smooth, column + 1, row) - value(smooth, column - 1, row)) / 2
        let dy = (value(smooth, column, row + 1) - value(smooth, column, row - 1)) / 2
        slopes[row * Self.width + column] = hypot(dx, dy)
        let octant = Int((atan2(dy, dx) / (.pi / 4)).rounded())
        directions[row * Self.width + column] = [(1, 0), (1, 1), (0, 1), (-1, 1)][(octant + 4) % 4]
      }
    }
    var points: [Point] = []
    for row in 4..<(Self.height - 4) {
      for column in 4..<(Self.width - 4) {
        let slope = value(slopes, column, row)
        let (dx, dy) = directions[row * Self.width + column]
        guard slope >= leastSlope, slope > value(slopes, column + dx, row + dy),
          slope >= value(slopes, column - dx, row - dy)
        else { continue }
        points.append(Self.point(column, row))
      }
    }
    return points
  }

  /// Brightness after a Gaussian filter of 1.5 pixels' deviation, along rows, then columns.
  private func smoothed() -> [Double] {
    let weights = (-4...4).map { exp(-0.5 * Double($0 * $0) / (1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    func filter(_ field: [Double], _ stepColumn: Int, _ stepRow: Int) -> [Double] {
      field.indices.map { pixel in
        (-4...4).reduce(0) { total, offset in
          let column = min(max(pixel % Self.width + offset * stepColumn, 0), Self.width - 1)
          let row = min(max(pixel / Self.width + offset * stepRow, 0), Self.height - 1)
          return total + weights[offset + 4] / sum * field[row * Self.width + column]
        }
      }
    }
    return filter(filter(brightness, 1, 0), 0, 1)
  }
}

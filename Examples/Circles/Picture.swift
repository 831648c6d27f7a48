import CircleSearch
import Foundation
import Mixtures

/// Two concentric circles, and points that belong to neither.
struct Picture {
  let name: String
  /// How many points are uniform on [−2, 2]².
  let background: Int
  /// The standard deviation of each coordinate about its circle.
  let noise: Double

  /// The circles from which the points are drawn.
  static let circles = [Circle(radius: 0.5), Circle(radius: 1.5)]

  /// The three sets with names, and those with more and more background.
  static let synthetic = [
    Picture(name: "Synthetic 1", background: 0, noise: 0.015), Picture(name: "Synthetic 2", background: 0, noise: 0.1),
    Picture(name: "Synthetic 3", background: 200, noise: 0.1),
  ]
  static let noiseStudy = stride(from: 0, through: 180, by: 20).map {
    Picture(name: "M = \($0)", background: $0, noise: 0.1)
  }

  /// A hundred points about each circle, at angles on a grid of [0, 2π], then the background.
  func points(seed: UInt64) -> [Point] {
    var source = RandomSource(seed: seed)
    var points: [Point] = []
    for circle in Self.circles {
      for i in 0..<100 {
        let angle = 2 * Double.pi * Double(i) / 99
        let x = circle.radius * cos(angle) + source.gaussian(standardDeviation: noise)
        let y = circle.radius * sin(angle) + source.gaussian(standardDeviation: noise)
        points.append(Point(x: x, y: y))
      }
    }
    for _ in 0..<background {
      let x = 4 * source.uniform() - 2
      points.append(Point(x: x, y: 4 * source.uniform() - 2))
    }
    return points
  }
}

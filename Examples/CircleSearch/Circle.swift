import Foundation
import Mixtures

/// A point of the plane.
public struct Point: Sendable {
  /// Its coordinates.
  public var x, y: Double

  /// A point at (x, y).
  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}

extension [Point] {
  /// The columns x, y and square, which is x² + y².
  public var table: Table {
    get throws {
      try Table([
        ("x", .numbers(map(\.x))), ("y", .numbers(map(\.y))), ("square", .numbers(map { $0.x * $0.x + $0.y * $0.y })),
      ])
    }
  }
}

/// A circle.
public struct Circle: Sendable, CustomStringConvertible {
  /// The coordinates of the centre.
  public var x, y: Double
  /// The radius.
  public var radius: Double

  /// A circle about (x, y).
  public init(x: Double = 0, y: Double = 0, radius: Double) { (self.x, self.y, self.radius) = (x, y, radius) }

  /// The circle that an expert says: x² + y² = w₀ + w₁ x + w₂ y has its centre at (w₁, w₂) / 2 and the radius √(w₀ + |centre|²).
  public init(_ expert: LinearExpert) {
    let w = expert.coefficients.mean
    (x, y) = (w[1] / 2, w[2] / 2)
    radius = max(w[0] + x * x + y * y, 0).squareRoot()
  }

  /// The coefficients w of 1, x and y.
  public var coefficients: [Double] { [radius * radius - x * x - y * y, 2 * x, 2 * y] }

  /// |Δcentre|² + Δradius².
  public func squaredDistance(from other: Circle) -> Double {
    (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y) + (radius - other.radius) * (radius - other.radius)
  }

  /// The centre and the radius.
  public var description: String { String(format: "(%.2f, %.2f) radius %.2f", x, y, radius) }
}

extension [Circle] {
  /// S = Σ_k |Δcentre|² + Δradius² between two circles and two others, under the better of the two ways to match them.
  public func squaredDistance(from others: [Circle]) -> Double {
    [others, others.reversed()].map { others in zip(self, others).reduce(0) { $0 + $1.0.squaredDistance(from: $1.1) } }
      .min() ?? .nan
  }
}

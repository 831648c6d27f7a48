import Foundation
import GSL
import MixtureCore

/// Points (x, y) about a circle: at a uniform angle, at the radius plus noise from the centre.
public struct CircleResponse: NoisyResponse {
  /// x and y of the centre.
  public let centre: [Double]
  /// The radius r.
  public let radius: Double
  /// The distribution of the noise.
  @CodedByName public private(set) var noise: any NoiseDistribution

  /// A circle about the point (x, y).
  public init(x: Double, y: Double, radius: Double, noise: any NoiseDistribution) {
    self.init(centre: [x, y], radius: radius, noise: noise)
  }

  private init(centre: [Double], radius: Double, noise: any NoiseDistribution) {
    self.centre = centre
    self.radius = radius
    _noise = CodedByName(wrappedValue: noise)
  }

  /// The columns x and y.
  public var columns: [ColumnSchema] { ["x", "y"] }

  /// The same circle with other noise.
  public func replacingNoise(by noise: any NoiseDistribution) -> CircleResponse {
    CircleResponse(centre: centre, radius: radius, noise: noise)
  }

  /// - Throws: `ArgumentError` unless the centre has two coordinates, for a negative radius, or faulty noise.
  public func validate() throws {
    try Self.require(centre.count == 2, argument: "centre", value: centre, need: "two numbers, x and y")
    try Self.requireFinite(centre, argument: "centre")
    try Self.require(radius >= 0, argument: "radius", value: radius, need: "a number of at least 0")
    try Self.requireFinite([radius], argument: "radius")
    try noise.validate()
  }

  /// Draws an angle, and a distance from the centre.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows {
      let angle = 2 * .pi * block.sources[row].uniform()
      let distance = radius + noise.draw(using: &block.sources[row])
      block.response[row, 0] = centre[0] + distance * cos(angle)
      block.response[row, 1] = centre[1] + distance * sin(angle)
    }
  }

  /// Writes the density in the plane, ln [f(s − r) + f(−s − r)] − ln 2πs at the distance s from the centre, where f is the density of the
  /// noise: beyond the centre a point may lie on the other side.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    var sides = Matrix(rows: block.count, columns: 2)
    for row in 0..<block.count {
      let distance = hypot(block.response[row, 0] - centre[0], block.response[row, 1] - centre[1])
      terms[row, column] = -log(2 * .pi * distance)
      sides[row, 0] = distance - radius
      sides[row, 1] = -distance - radius
    }
    noise.replaceByLogDensities(&sides, column: 0)
    noise.replaceByLogDensities(&sides, column: 1)
    for row in 0..<block.count {
      terms[row, column] += sides[row, 0] + log1p(exp(sides[row, 1] - sides[row, 0]))
    }
  }

  /// What a linear expert for x² + y² finds: r² − x₀² − y₀² as `(intercept)`, 2x₀ as `x`, 2y₀ as `y`.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    [
      ParameterEstimate("(intercept)", value: radius * radius - centre[0] * centre[0] - centre[1] * centre[1]),
      ParameterEstimate("x", value: 2 * centre[0]), ParameterEstimate("y", value: 2 * centre[1]),
    ]
  }
}

import Testing

@testable import GSL

/// Natural splines against R's `ns`.
@Suite struct NaturalSplineTests {
  private let points = [0.3, 1.1, 1.9, 2.2, 3.7, 4.4, 5.1, 6.6, 7, 8.3, 9.9]
  /// quantile(points, 0:4 / 4), the knots of ns(points, df = 4).
  private let basis = Result { try NaturalSplineBasis(breakpoints: [0.3, 2.05, 4.4, 6.8, 9.9]) }

  /// splines::ns of R 4.2 over the points, and predict of it at −1, 2.5 and 12.
  private let expected: [[Double]] = [
    [0.0, 0.0, 0.0, 0.0],
    [0.01097829000268025, -0.10775612134309306, 0.29893633662922586, -0.19118021528613283],
    [0.08782632002144196, -0.1768008998667855, 0.4904799157594693, -0.3136790158926839],
    [0.14685920199828892, -0.18486326364381786, 0.5129533245349622, -0.3280515447607317],
    [0.561530317508635, -0.059160189368017715, 0.306340763531517, -0.19591560458410973],
    [0.6653353619226903, 0.0836665281749436, 0.17876738285830815, -0.11432797740938312],
    [0.6209613919436245, 0.26465513417762493, 0.12500428928320545, -0.07692310960148624],
    [0.2681678227906858, 0.5699838307348553, 0.18848407676772344, -0.026743692506489863],
    [0.18222164110801878, 0.583917417273698, 0.21960135974815756, 0.0142595818701256],
    [0.030603134280964537, 0.3870456814153233, 0.31225341319559713, 0.27009777110811495],
    [0.0, -0.14979792655069407, 0.41556844139869964, 0.7342294851519944],
    [0.0, 0.18558801919611387, -0.5148570855117997, 0.32926906631568587],
    [0.2226093357549259, -0.18129378021358306, 0.5058290178447283, -0.32349530211000066],
    [0.0, -0.930240730978738, 0.5484097698119834, 1.3818309611667545],
  ]

  @Test func areThoseOfR() throws {
    let columns = try basis.get().values(at: points + [-1, 2.5, 12])
    for (row, values) in expected.enumerated() {
      for (index, value) in values.enumerated() { #expect(abs(columns[index][row] - value) <= 1e-12) }
    }
    #expect(expected.count == 14 && columns.count == 4)
  }

  @Test func areStraightBeyondTheBoundary() throws {
    let columns = try basis.get().values(at: [-4, -3, -2, 11, 12, 13])
    for column in columns {
      #expect(abs(column[0] - 2 * column[1] + column[2]) < 1e-12 && abs(column[3] - 2 * column[4] + column[5]) < 1e-12)
    }
  }

  /// Every straight line is among them, together with a constant.
  @Test func holdStraightLines() throws {
    let columns = try basis.get().values(at: points)
    let gram = Matrix(
      rows: 5, columns: 5,
      elements: (0..<25).map { entry in
        let (a, b) = (entry / 5, entry % 5)
        return points.indices.reduce(0.0) { $0 + (a == 0 ? 1 : columns[a - 1][$1]) * (b == 0 ? 1 : columns[b - 1][$1]) }
      })
    let right = (0..<5).map { a in points.indices.reduce(0.0) { $0 + (a == 0 ? 1 : columns[a - 1][$1]) * points[$1] } }
    let coefficients = try Cholesky(gram).solve(right)
    for (row, point) in points.enumerated() {
      let value = coefficients[0] + (0..<4).reduce(0.0) { $0 + coefficients[$1 + 1] * columns[$1][row] }
      #expect(abs(value - point) < 1e-10)
    }
  }
}

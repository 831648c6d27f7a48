import GSL
import Testing

/// Values against other programs are in FormulaReferenceTests.
@Suite struct BSplineBasisTests {
  @Test func straightLinesAreHats() throws {
    let basis = try BSplineBasis(breakpoints: [0, 1, 3], degree: 1)
    #expect(basis.count == 3)
    #expect(try basis.values(at: [0, 0.25, 1, 2, 3]) == [[1, 0.75, 0, 0, 0], [0, 0.25, 1, 0.5, 0], [0, 0, 0, 0.5, 1]])
    #expect(try basis.values(at: [-1, 5]) == [[2, 0], [-1, -1], [0, 2]], "the outer pieces go on")
  }

  @Test func stepsAreOneOnTheirInterval() throws {
    let basis = try BSplineBasis(breakpoints: [0, 1, 3], degree: 0)
    #expect(try basis.values(at: [0.5, 2, 7]) == [[1, 0, 0], [0, 1, 1]])
  }

  @Test(arguments: 0...6)
  func splinesSumToOne(degree: Int) throws {
    let basis = try BSplineBasis(breakpoints: [-2, -1.5, 0.25, 1, 4], degree: degree)
    let points = [-2, -1.9, -1.5, 0, 0.25, 0.5, 3.99, 4]
    let columns = try basis.values(at: points)
    #expect(columns.count == basis.count)
    for row in points.indices {
      #expect(columns.allSatisfy { $0[row] >= 0 })
      #expect(abs(columns.reduce(0) { $0 + $1[row] } - 1) <= 1e-14)
    }
  }

  @Test(arguments: 1...5)
  func theySpanThePowers(degree: Int) throws {
    // Σ_j ξ_j B_j(x) = x with ξ_j the mean of the `degree` knots behind the j-th (Marsden's identity).
    let breakpoints = [0, 0.5, 2, 3]
    let basis = try BSplineBasis(breakpoints: breakpoints, degree: degree)
    let knots = Array(repeating: 0.0, count: degree) + breakpoints + Array(repeating: 3.0, count: degree)
    let points = [-1, 0, 0.1, 0.5, 1.7, 2.5, 3, 3.5]
    let columns = try basis.values(at: points)
    for (row, point) in points.enumerated() {
      let sum = columns.indices.reduce(0) { sum, j in
        sum + columns[j][row] * knots[(j + 1)...(j + degree)].reduce(0, +) / Double(degree)
      }
      #expect(abs(sum - point) <= 1e-12)
    }
  }

  @Test func errors() throws {
    #expect(throws: GSLError.self) { try BSplineBasis(breakpoints: [0], degree: 3) }
    #expect(throws: GSLError.self) { try BSplineBasis(breakpoints: [0, 0, 1], degree: 3) }
    #expect(throws: GSLError.self) { try BSplineBasis(breakpoints: [0, .nan], degree: 3) }
    #expect(throws: GSLError.self) { try BSplineBasis(breakpoints: [0, 1], degree: -1) }
    #expect(throws: GSLError.self) { try BSplineBasis(breakpoints: [0, 1], degree: 3).values(at: [.nan]) }
  }
}

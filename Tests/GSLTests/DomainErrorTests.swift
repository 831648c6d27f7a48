import GSL
import Testing

/// Every argument outside a domain throws a `GSLError` that holds the numbers, and the process survives.
@Suite struct DomainErrorTests {
  typealias Function = @Sendable (Double) throws -> Double

  static let functions: [(name: String, call: Function)] = [
    ("ψ", { try digamma($0) }), ("ψ′", { try trigamma($0) }), ("ln Γ", { try logGamma($0) }),
  ]

  /// The error that `body` throws, if it is one of GSL's.
  private func thrown(_ body: () throws -> some Any) -> GSLError? {
    do {
      _ = try body()
      return nil
    } catch { return error as? GSLError }
  }

  @Test(arguments: [0.0, -0.0, -1, -2, -3, -4, -5, -6, -7, -10, -100, -12345, -1e9, -1e17])
  func poles(x: Double) throws {
    for function in Self.functions {
      let error = try #require(thrown { try function.call(x) }, "\(function.name) has a pole at \(x)")
      #expect(error.call == "\(function.name)(\(x))")
      #expect(error.description.contains("\(x)"))
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(x: Double) throws {
    for function in Self.functions {
      let error = try #require(thrown { try function.call(x) })
      #expect(error.status == 1)
      #expect(error.description.contains("\(function.name)(\(x))"))
    }
  }

  @Test func errorFunctionOfNaN() throws {
    let error = try #require(thrown { try errorFunction(.nan) })
    #expect(error.description.contains("erf(nan)"))
  }

  @Test func overflowIsAnError() throws {
    #expect(thrown { try trigamma(1e-200) }?.call == "ψ′(1e-200)")
    #expect(thrown { try logGamma(1e308) }?.call == "ln Γ(1e+308)")
    #expect(thrown { try digamma(.leastNonzeroMagnitude) }?.call == "ψ(5e-324)")
  }

  @Test(arguments: [-1e-300, -0.5, 1.0000000000000002, 2, .infinity, -.infinity, .nan])
  func quantileOutsideUnitInterval(p: Double) throws {
    let error = try #require(thrown { try standardNormalQuantile(p) })
    #expect(error.status == 1)
    #expect(error.description.contains("Φ⁻¹(\(p))"))
  }

  @Test(arguments: [
    Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 1]), Matrix(rows: 2, columns: 2, elements: [-3, 0, 0, 1]),
    Matrix(rows: 2, columns: 2, elements: [1, 1, 1, 1]), Matrix(rows: 1, columns: 1, elements: [0]),
    Matrix(rows: 2, columns: 2, elements: [.nan, 0, 0, 1]), Matrix(rows: 2, columns: 2, elements: [1, 0, .nan, 1]),
    Matrix(rows: 2, columns: 2, elements: [1, 0, 0, .nan]), Matrix(rows: 2, columns: 2, elements: [.infinity, 0, 0, 1]),
    Matrix(rows: 2, columns: 2, elements: [1, 0, .infinity, 1]), Matrix(rows: 2, columns: 3, repeating: 1),
    Matrix(rows: 3, columns: 2, repeating: 1), Matrix(rows: 2, columns: 0),
  ])
  func choleskyOfUnsuitableMatrix(matrix: Matrix) throws {
    let error = try #require(thrown { try Cholesky(factorizing: matrix) })
    #expect(error.description.contains("\(matrix.rows) × \(matrix.columns)"))
    #expect(error.description.contains("\(matrix.diagonal)"))
  }

  @Test(arguments: [
    Matrix(rows: 2, columns: 2, elements: [.nan, 0, 0, 1]), Matrix(rows: 2, columns: 2, elements: [1, 0, .nan, 1]),
    Matrix(rows: 2, columns: 2, elements: [1, 0, 0, .infinity]), Matrix(rows: 2, columns: 3, repeating: 1),
    Matrix(rows: 0, columns: 0),
  ])
  func eigenvaluesOfUnsuitableMatrix(matrix: Matrix) throws {
    let error = try #require(thrown { try SymmetricEigen(matrix) })
    #expect(error.description.contains("\(matrix.rows) × \(matrix.columns)"))
    #expect(error.description.contains("\(matrix.diagonal)"))
  }

  @Test func rootWithoutSignChange() throws {
    let error = try #require(thrown { try root(in: 1.5...2.25) { $0 * $0 + 1 } })
    #expect(error.description.contains("1.5") && error.description.contains("2.25"))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func rootOfFunctionThatIsNotFinite(value: Double) throws {
    #expect(thrown { try root(in: -1.5...2.25) { _ in value } }?.description.contains("-1.5") == true)
    // Finite at both ends, so that only the first step inside meets the value.
    let error = try #require(thrown { try root(in: -1.5...2.25) { abs($0) > 1 ? $0 : value } })
    #expect(error.description.contains("2.25"))
  }

  @Test func descriptionNamesTheReason() {
    let error = GSLError(status: 1, call: "f(2.0)")
    #expect(error.description == "f(2.0) failed: a number is out of range")
    #expect(GSLError(status: 16, call: "f(2.0)").description == "f(2.0) failed: the result is too large for a number")
    #expect(GSLError(status: 8, call: "f(2.0)").description == "f(2.0) failed: malloc failed")
    #expect(GSLError(domainErrorIn: "f(2.0)") == error)
  }
}

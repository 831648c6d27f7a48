import GSL
import MixtureCore

/// What a variable of a formula learned from the rows of the fit, which new rows go through in the same way.
enum DesignVariable: Codable, Equatable, Sendable {
  /// Numbers as they are.
  case numbers
  /// Categories: the levels in order, the base first.
  case categories(levels: [String])
  /// Orthonormal polynomials.
  case polynomials(OrthogonalPolynomials)
  /// B-splines of the given degree over the breakpoints, without the first.
  case splines(breakpoints: [Double], degree: Int)
  /// Natural cubic splines over the breakpoints.
  case naturalSplines(breakpoints: [Double])

  /// What `term`, a single variable, learns from the rows of a fit.
  ///
  /// - Parameters:
  ///   - isOfGate: whether the gate alone sees it.
  ///   - isCode: whether the numbers of its levels are all that is used of a category.
  init(_ term: Formula.Term, in table: Table, isOfGate: Bool, isCode: Bool) throws {
    switch term {
    case .column(let name), .factor(let name):
      guard case .column = term else {
        self = try .categories(levels: Self.checked(table.categories(name).levels, of: term, in: table))
        return
      }
      switch try table.column(name) {
      case .categories(let levels, let codes):
        if !isCode { try Self.check(levels, ofColumn: name, in: table, isOfGate: isOfGate) }
        let present = Set(codes)
        self = try .categories(
          levels: Self.checked(levels.indices.filter(present.contains).map { levels[$0] }, of: term, in: table))
      case .numbers: self = .numbers
      }
    case .polynomial(let argument, let degree):
      let values = try argument.values(in: table)
      let count = Set(values).count
      guard degree < count else {
        throw DataError(
          "\(table.source), \(term): \(argument) has \(count) different values, too few for degree \(degree); choose a smaller one"
        )
      }
      self = .polynomials(OrthogonalPolynomials(over: values, degree: degree))
    case .spline(let argument, let count, let degree):
      self = .splines(
        breakpoints: try Self.breakpoints(argument, pieces: count - degree + 1, of: term, in: table), degree: degree)
    case .naturalSpline(let argument, let count):
      self = .naturalSplines(breakpoints: try Self.breakpoints(argument, pieces: count, of: term, in: table))
    case .expression, .others, .interaction: self = .numbers
    }
  }

  /// The ends of so many pieces, each of as many rows as the others.
  private static func breakpoints(
    _ argument: Formula.Expression, pieces: Int, of term: Formula.Term, in table: Table
  ) throws -> [Double] {
    let values = try argument.values(in: table).sorted()
    let breakpoints = (0...pieces).map { quantile(Double($0) / Double(pieces), ofSorted: values) }
    guard zip(breakpoints, breakpoints.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DataError(
        "\(table.source), \(term): two of its knots coincide, for \(argument) takes one value in too many rows: choose a smaller df"
      )
    }
    return breakpoints
  }

  /// Refuses text that was hardly meant as categories: of which each would have a coefficient for next to no rows, or that looks like numbers.
  private static func check(_ levels: [String], ofColumn name: String, in table: Table, isOfGate: Bool) throws {
    let written = FormulaText.name(name)
    let remedy =
      "leave the column out, as in \". - \(written)\", or say factor(\(written)) if each value is a category"
      + (isOfGate ? "; if equal values say which rows belong together, say --group \(name)" : "")
    let column = try table.stored(name)
    if let look = column.look {
      throw DataError("\(table.source), column \"\(name)\": \"\(look.level.shortened)\" \(look.words), or \(remedy)")
    }
    guard levels.count <= max(20, table.rowCount / 5) else {
      throw DataError(
        "\(table.source), column \"\(name)\" is text with \(levels.count) different values in \(table.rowCount) rows, such as "
          + "\"\(levels[0].shortened)\", and each would have a coefficient of its own: \(remedy)")
    }
  }

  private static func checked(_ levels: [String], of term: Formula.Term, in table: Table) throws -> [String] {
    guard levels.count > 1 else {
      throw DataError(
        "\(table.source): \(term) is always \"\(levels.first ?? "")\", which explains nothing; leave it out")
    }
    return levels
  }

  /// The quantile between the two nearest values, R's type 7 (Hyndman & Fan 1996).
  private static func quantile(_ probability: Double, ofSorted values: [Double]) -> Double {
    let place = probability * Double(values.count - 1)
    let below = Int(place)
    let above = min(below + 1, values.count - 1)
    return values[below] + (place - Double(below)) * (values[above] - values[below])
  }

  /// Whether it can have been learned of `term`; a file may say otherwise.
  func belongs(to term: Formula.Term) -> Bool {
    switch (self, term) {
    case (.numbers, .column), (.numbers, .expression): true
    case (.categories(let levels), .column), (.categories(let levels), .factor): levels.count > 1
    case (.polynomials(let polynomials), .polynomial(_, let degree)): polynomials.degree == degree
    case (.splines(let breakpoints, let ownDegree), .spline(_, let count, let degree)):
      ownDegree == degree && breakpoints.count == count - degree + 2
    case (.naturalSplines(let breakpoints), .naturalSpline(_, let count)): breakpoints.count == count + 1
    default: false
    }
  }

  var isCategorical: Bool { levels != nil }

  /// The levels of a category.
  var levels: [String]? { if case .categories(let levels) = self { levels } else { nil } }

  /// What its features add to its name; one feature by itself adds nothing.
  ///
  /// - Parameter hasBase: whether the first level has a feature, too.
  func suffixes(hasBase: Bool) -> [String] {
    switch self {
    case .numbers: [""]
    case .categories(let levels): Array(levels.dropFirst(hasBase ? 0 : 1))
    case .polynomials(let polynomials): Self.numbers(upTo: polynomials.degree)
    case .splines(let breakpoints, let degree): Self.numbers(upTo: breakpoints.count + degree - 2)
    case .naturalSplines(let breakpoints): Self.numbers(upTo: breakpoints.count - 1)
    }
  }

  /// That some rows of a table lie where no row of the fit did; nil where none does, or that does not matter.
  func warning(of term: Formula.Term, in table: Table) throws -> String? {
    let (argument, range, course): (Formula.Expression, ClosedRange<Double>, String)
    switch (self, term) {
    case (.splines(let breakpoints, _), .spline(let value, _, _)):
      (argument, range, course) = (value, breakpoints[0]...breakpoints[breakpoints.count - 1], "a steep polynomial")
    case (.naturalSplines(let breakpoints), .naturalSpline(let value, _)):
      (argument, range, course) = (value, breakpoints[0]...breakpoints[breakpoints.count - 1], "a straight line")
    default: return nil
    }
    let values = try argument.values(in: table)
    guard let row = values.firstIndex(where: { !range.contains($0) }) else { return nil }
    let count = values.count { !range.contains($0) }
    return
      "\(table.source): in \(count) of \(values.count) rows, the first of them row \(table.fileRows[row]), \(argument) lies beyond "
      + "\(FormulaText.number(range.lowerBound)) to \(FormulaText.number(range.upperBound)), which the fit has seen; \(term) goes on there as "
      + "\(course), of which the data say nothing"
  }

  private static func numbers(upTo count: Int) -> [String] { count == 1 ? [""] : (0..<count).map { String($0 + 1) } }

  /// The number of each row's level, for a category.
  func codes(of term: Formula.Term, in table: Table) throws -> [Int] {
    switch (self, term) {
    case (.categories(let levels), .column(let name)), (.categories(let levels), .factor(let name)):
      return try table.codes(name, of: levels, knownTo: "the fit")
    default: throw DataError("\(term) does not belong to what was learned of it")
    }
  }

  /// Its features in the rows of a table, a column each, in the order of ``suffixes(hasBase:)``.
  func columns(of term: Formula.Term, in table: Table, hasBase: Bool) throws -> [[Double]] {
    switch (self, term) {
    case (.categories(let levels), .column), (.categories(let levels), .factor):
      let codes = try codes(of: term, in: table)
      return levels.indices.dropFirst(hasBase ? 0 : 1).map { level in codes.map { $0 == level ? 1 : 0 } }
    case (.polynomials(let polynomials), .polynomial(let argument, _)):
      return polynomials.values(at: try argument.values(in: table))
    case (.splines(let breakpoints, let degree), .spline(let argument, _, _)):
      let basis = try BSplineBasis(breakpoints: breakpoints, degree: degree)
      return Array(try basis.values(at: argument.values(in: table)).dropFirst())
    case (.naturalSplines(let breakpoints), .naturalSpline(let argument, _)):
      return try NaturalSplineBasis(breakpoints: breakpoints).values(at: argument.values(in: table))
    case (.numbers, .column(let name)): return [try table.numbers(name)]
    case (.numbers, .expression(let expression)): return [try expression.values(in: table)]
    default: throw DataError("\(term) does not belong to what was learned of it")
    }
  }
}

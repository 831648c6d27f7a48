extension Formula {
  /// What a model's features are made of: a variable, which gives one column or several, or a product of variables.
  ///
  /// A string literal is a column.
  public indirect enum Term: Sendable, Hashable {
    /// `.`: every column of the data that is neither in the response nor in an offset.
    case others
    /// A column; of categories, one feature for each level but the first.
    case column(String)
    /// Arithmetic: `log(z)`, `I(x^2)`.
    case expression(Expression)
    /// `poly(x, 2)`: polynomials of degrees 1 to `degree`, orthonormal over the rows of the fit.
    case polynomial(Expression, degree: Int)
    /// `bs(x, df = 5)`: B-splines of the given degree with knots at quantiles; without the first spline, which the
    /// intercept makes up for.
    case spline(Expression, degreesOfFreedom: Int, degree: Int = 3)
    /// `ns(x, df = 4)`: cubic splines with knots at quantiles that are straight beyond the rows of the fit.
    case naturalSpline(Expression, degreesOfFreedom: Int)
    /// `factor(g)`: the column's numbers or categories as categories.
    case factor(String)
    /// `a:b`: the products of each feature of each.
    case interaction([Term])

    /// A function of an expression: `.call(.log, "z")`.
    public static func call(_ function: Function, _ argument: Expression) -> Term {
      .expression(.call(function, argument))
    }
  }
}

extension Formula.Term: ExpressibleByStringLiteral {
  /// A column.
  public init(stringLiteral name: String) { self = .column(name) }
}

extension Formula.Term: CustomStringConvertible {
  /// The term in R's notation.
  public var description: String {
    switch self {
    case .others: "."
    case .column(let name): FormulaText.name(name)
    case .expression(.call(let function, let argument)): "\(Formula.Expression.call(function, argument))"
    case .expression(let expression): "I(\(expression))"
    case .polynomial(let argument, let degree): "poly(\(argument), \(degree))"
    case .spline(let argument, let count, 3): "bs(\(argument), df = \(count))"
    case .spline(let argument, let count, let degree): "bs(\(argument), df = \(count), degree = \(degree))"
    case .naturalSpline(let argument, let count): "ns(\(argument), df = \(count))"
    case .factor(let name): "factor(\(FormulaText.name(name)))"
    case .interaction(let factors): factors.map(\.description).joined(separator: ":")
    }
  }
}

extension Formula.Term {
  /// The variables of which the term is the product.
  var variables: [Formula.Term] {
    guard case .interaction(let factors) = self else { return [self] }
    return factors.flatMap(\.variables)
  }

  /// What the features of a variable are called, but for suffixes: a plain column keeps its name.
  var featureName: String { if case .column(let name) = self { name } else { description } }

  /// The columns it reads by name; none for `.`.
  package var columns: [String] {
    switch self {
    case .others: []
    case .column(let name), .factor(let name): [name]
    case .expression(let argument), .polynomial(let argument, _), .spline(let argument, _, _),
      .naturalSpline(let argument, _):
      argument.columns
    case .interaction(let factors): factors.flatMap(\.columns)
    }
  }

  /// Whether `.` is among its variables.
  var mentionsOthers: Bool { variables.contains(.others) }

  /// The product of variables, each counted once: a:a is a. Only `.`, which stands for several, may come twice.
  init(productOf variables: [Formula.Term]) {
    var seen: Set<Formula.Term> = []
    let distinct = variables.filter { $0 == .others || seen.insert($0).inserted }
    self = distinct.count == 1 ? distinct[0] : .interaction(distinct)
  }

  /// What a term has in common with those of the same variables in another order.
  var identity: [Formula.Term: Int] { variables.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
}

import Foundation
import MixtureCore

extension Formula.Expression {
  /// The expression's value in each row.
  ///
  /// - Throws: `DataError` for a column that is missing or holds no numbers, or naming the first row where a function has no
  ///   value or the result is not finite.
  package func values(in table: Table) throws -> [Double] {
    switch self {
    case .column(let name): return try table.numbers(name)
    case .number(let value): return Array(repeating: value, count: table.rowCount)
    case .negative(let operand): return try operand.values(in: table).map { -$0 }
    case .operation(let symbol, let left, let right):
      return try finite(zip(left.values(in: table), right.values(in: table)).map { symbol.apply($0, $1) }, in: table)
    case .call(let function, let argument):
      let arguments = try argument.values(in: table)
      if let row = arguments.firstIndex(where: { !function.isDefined(at: $0) }) {
        throw DataError(
          "\(table.rowName(row)): \(self) has no value, because \(argument) is \(FormulaText.number(arguments[row]))")
      }
      return try finite(arguments.map(function.apply), in: table)
    }
  }

  private func finite(_ values: [Double], in table: Table) throws -> [Double] {
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      let range = values[row].isInfinite ? "; the largest number is 1.8e308" : ""
      throw DataError("\(table.rowName(row)): \(self) is not a finite number\(range)")
    }
    return values
  }
}

extension Formula.Operator {
  fileprivate func apply(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .plus: a + b
    case .minus: a - b
    case .times: a * b
    case .divided: a / b
    case .power: pow(a, b)
    }
  }
}

extension Formula.Function {
  fileprivate func isDefined(at x: Double) -> Bool {
    switch self {
    case .log, .log10, .log2: x > 0
    case .log1p: x > -1
    case .sqrt: x >= 0
    case .exp, .abs, .sin, .cos: true
    }
  }

  fileprivate func apply(_ x: Double) -> Double {
    switch self {
    case .log: Foundation.log(x)
    case .exp: Foundation.exp(x)
    case .sqrt: x.squareRoot()
    case .abs: Swift.abs(x)
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .log10: Foundation.log10(x)
    case .log2: Foundation.log2(x)
    case .log1p: Foundation.log1p(x)
    }
  }
}

import MixtureCore

/// The features of one side of a formula: which variables they multiply, with or without a base level.
package struct DesignColumns: Equatable, Sendable {
  /// The features of one term: the products of a column of each factor, the first factor's running fastest.
  private struct Block: Equatable {
    var factors: [(variable: Formula.Term, hasBase: Bool)]

    static func == (a: Block, b: Block) -> Bool {
      a.factors.elementsEqual(b.factors) { $0.variable == $1.variable && $0.hasBase == $1.hasBase }
    }
  }

  /// A category by itself: its levels, and which of the features are one where it has a level, of all levels or of all but the first.
  package struct Category: Equatable, Sendable {
    /// What the features' names begin with.
    package var name: String
    package var levels: [String]
    package var features: Range<Int>

    /// Its features where it has the level of that number.
    package func values(atLevel level: Int) -> [Double] {
      let first = levels.count - features.count
      return features.indices.map { $0 - features.lowerBound + first == level ? 1 : 0 }
    }
  }

  private let blocks: [Block]
  /// The categories that have features of zeros and ones by themselves.
  let categories: [Category]
  /// The features: numbers, and codes of categories.
  let columns: [ColumnSchema]

  /// Codes each categorical variable.
  ///
  /// Treatment coding leaves the first level out, for the features of a lower term make up for it: the term without this
  /// variable (Chambers & Hastie 1992, §2.4.1). Where the model has no such term, all levels have features. The intercept is
  /// the term without variables; where there is none, the first factor by itself takes its place.
  ///
  /// - Parameter asCodes: whether a category by itself makes one column, of the numbers of its levels, instead.
  init(
    _ terms: [Formula.Term], hasIntercept: Bool, asCodes: Bool = false, variables: [String: DesignVariable]
  ) throws {
    let identities = Set(terms.map(\.identity))
    var hasConstant = hasIntercept
    var blocks: [Block] = []
    var columns: [ColumnSchema] = []
    var categories: [Category] = []
    for term in terms {
      if asCodes, let variable = term.variables.first, term.variables.count == 1,
        let levels = variables[variable.description]?.levels
      {
        columns.append(ColumnSchema(variable.featureName, .category(levels: levels)))
        blocks.append(Block(factors: [(variable: variable, hasBase: true)]))
        continue
      }
      let factors = term.variables.map { variable in
        var margin = term.identity
        margin[variable] = nil
        let hasMargin = margin.isEmpty ? hasConstant : identities.contains(margin)
        return (variable: variable, hasBase: !hasMargin)
      }
      if factors.count == 1 && variables[factors[0].variable.description]?.isCategorical == true { hasConstant = true }
      let start = columns.count
      columns += Self.products(
        of: factors.map { variable, hasBase in
          (variables[variable.description]?.suffixes(hasBase: hasBase) ?? []).map { variable.featureName + $0 }
        }, joinedBy: { $0 + ":" + $1 }
      ).map { ColumnSchema($0) }
      blocks.append(Block(factors: factors))
      if factors.count == 1, let levels = variables[factors[0].variable.description]?.levels {
        categories.append(Category(name: factors[0].variable.featureName, levels: levels, features: start..<columns.count))
      }
    }
    self.categories = categories
    if let twice = columns.map(\.name).firstRepeated {
      throw DataError("two features are called \(twice)")
    }
    self.blocks = blocks
    self.columns = columns
  }

  /// The features' names.
  var names: [String] { columns.map(\.name) }

  /// The columns of tables from which they are made.
  var sources: Set<String> { Set(blocks.flatMap(\.factors).flatMap(\.variable.columns)) }

  /// The features in the rows of a table.
  func values(in table: Table, variables: [String: DesignVariable]) throws -> [(column: ColumnSchema, values: [Double])] {
    var values: [[Double]] = []
    for block in blocks {
      // The columns so far number the next.
      if columns[values.count].levels != nil {
        let variable = block.factors[0].variable
        values +=
          try variables[variable.description].map { [try $0.codes(of: variable, in: table).map(Double.init)] } ?? []
        continue
      }
      let factors = try block.factors.map { variable, hasBase in
        try variables[variable.description]?.columns(of: variable, in: table, hasBase: hasBase) ?? []
      }
      values += Self.products(of: factors, joinedBy: { zip($0, $1).map(*) })
    }
    for (column, values) in zip(columns, values) {
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError("\(table.rowName(row)): \(column.name) is \(values[row]), beyond the range of numbers")
      }
    }
    return zip(columns, values).map { (column: $0, values: $1) }
  }

  private static func products<Item>(of factors: [[Item]], joinedBy join: (Item, Item) -> Item) -> [Item] {
    guard let first = factors.first else { return [] }
    return factors.dropFirst().reduce(first) { products, factor in
      factor.flatMap { item in products.map { join($0, item) } }
    }
  }
}

import MixtureCore

/// Makes a column from cells as they are read, and finds its type: numbers, unless more than half of its first 1000 cells that
/// are not missing hold text, or one of them is a code, as those with leading zeros are.
struct ColumnBuilder {
  let name: String
  private(set) var rowCount = 0

  private var isCategories: Bool
  /// Whether they are categories whatever the cells look like.
  private let isToldSo: Bool
  /// The texts of the first cells, while the type is open.
  private var sample: [String]? = []
  private var sampleTextCount = 0
  /// Empty once the column holds categories.
  private var numbers: [Double] = []
  private var missing: [BadCell] = []
  /// The first of the first cells that is a code, as those with leading zeros are.
  private var codeCell: String?
  private var badCells: [BadCell] = []
  /// In the order of the levels' first cells; −1 for a missing one.
  private var codes: [Int] = []
  private var levels: [String] = []
  private var codeOfLevel: [String: Int] = [:]

  static let sampleSize = 1000

  init(name: String, isCategories: Bool) {
    self.name = name
    (self.isCategories, isToldSo) = (isCategories, isCategories)
    if isCategories { sample = nil }
  }

  /// Whether the column is known to hold numbers, so that the texts of numbers do not matter.
  var takesNumbers: Bool { sample == nil && !isCategories }

  /// Takes memory for so many rows.
  mutating func reserve(rowCount: Int) {
    if isCategories { codes.reserveCapacity(rowCount) } else { numbers.reserveCapacity(rowCount) }
  }

  /// Appends numbers, to a column that takes them.
  mutating func append(_ values: [Double]) {
    numbers += values
    rowCount += values.count
  }

  /// Appends a cell; `text` is called for those whose text matters.
  ///
  /// - Throws: what `text` throws; ``MemoryError`` for more missing or wrong cells, or levels, than the memory holds.
  mutating func append(kind: CellKind, value: Double, text: () throws -> String) throws {
    defer { rowCount += 1 }
    if kind == .empty || kind == .missing {
      if missing.count == missing.capacity {
        let count = missing.count
        try Memory.reserve(2 * count + 1000, in: &missing, for: "\(count) missing cells of column \"\(name)\" and more")
      }
      missing.append(BadCell(row: rowCount, text: kind == .missing ? try text() : ""))
      if isCategories { codes.append(-1) } else { numbers.append(.nan) }
      return
    }
    let text = try text()
    if isCategories { return codes.append(try code(of: text)) }
    numbers.append(value)
    if kind != .number {
      if badCells.count == badCells.capacity {
        let count = badCells.count
        try Memory.reserve(
          2 * count + 1000, in: &badCells, for: "\(count) cells of column \"\(name)\" that are no numbers and more")
      }
      badCells.append(BadCell(row: rowCount, text: text))
    }
    guard sample != nil else { return }
    sample?.append(text)
    if kind == .text { sampleTextCount += 1 }
    if kind == .code { codeCell = codeCell ?? text }
    if sample?.count == Self.sampleSize { try decide() }
  }

  private mutating func decide() throws {
    try decide(isCategories: codeCell != nil || 2 * sampleTextCount > sample?.count ?? 0)
  }

  private mutating func decide(isCategories: Bool) throws {
    if isCategories {
      codes.reserveCapacity(numbers.capacity)
      codes += repeatElement(-1, count: numbers.count)
      let missingRows = Set(missing.map(\.row))
      let presentRows = numbers.indices.filter { !missingRows.contains($0) }
      for (row, text) in zip(presentRows, sample ?? []) { codes[row] = try code(of: text) }
      numbers = []
      badCells = []
    }
    self.isCategories = isCategories
    sample = nil
  }

  private mutating func code(of level: String) throws -> Int {
    if let code = codeOfLevel[level] { return code }
    if levels.count >= 1000 && levels.count.nonzeroBitCount == 1 {
      // Until there are twice as many: their texts, places in both lists, and what moves meanwhile.
      try Memory.require(levels.count * 200, for: "more than \(levels.count) different values in column \"\(name)\"")
    }
    levels.append(level)
    codeOfLevel[level] = levels.count - 1
    return levels.count - 1
  }

  /// The column, with the levels in alphabetical order.
  ///
  /// - Parameters:
  ///   - cells: how cells are understood.
  ///   - layout: how the text is laid out.
  ///   - finding: what numbers may be beside what they were taken for.
  consuming func finished(
    _ cells: CellFormat, _ layout: TextLayout, _ finding: ThousandsDoubt.Finding?
  ) throws -> StoredColumn {
    if sample != nil { try decide() }
    if let column = asOtherNumbers(cells, layout) { return column }
    guard isCategories else {
      var column = StoredColumn(
        values: .numbers(numbers), missing: missing, badCells: badCells, decimal: layout.decimal)
      switch finding {
      case .unclear(let cell): column.unclearCell = cell
      case .probablyDecimals(let cell):
        column.note =
          "\(layout.source), column \"\(name)\": read \"\(cell.text)\" as \(FormulaText.number(numbers[cell.row])); if the point "
          + "sets thousands apart, write the numbers without it; if not, --decimal . says so"
      case nil: break
      }
      return column
    }
    let code = codeCell
    let note = code.map {
      "\(layout.source): read column \"\(name)\" as text, for \"\($0)\" \(StoredColumn.wordsOfCode($0))"
    }
    codeOfLevel = [:]
    let order = levels.indices.sorted { levels[$0] < levels[$1] }
    var newCode = [Int](repeating: 0, count: levels.count)
    for (new, old) in order.enumerated() { newCode[old] = new }
    for row in codes.indices where codes[row] >= 0 { codes[row] = newCode[codes[row]] }
    return StoredColumn(
      values: .categories(levels: order.map { levels[$0] }, codes: codes), missing: missing, decimal: layout.decimal,
      isDeclared: isToldSo || code != nil, note: note)
  }
}

// MARK: What looks like numbers to people

extension ColumnBuilder {
  /// More levels tell no more of what they look like.
  private static let mostLooks = 1000

  /// The column where all that is no plain number is one of a kind that can be read: thousands set apart by commas throughout, or numbers
  /// as Fortran writes them.
  private func asOtherNumbers(_ cells: CellFormat, _ layout: TextLayout) -> StoredColumn? {
    let texts = isCategories ? levels : badCells.map(\.text)
    guard codeCell == nil, !isToldSo, let kind = texts.lazy.prefix(Self.mostLooks).compactMap(NumberLook.readable).first,
      // A comma within a cell of a file of commas stands in quotes; elsewhere it may as well stand before decimals.
      kind != .thousands || layout.isDecimalSaid || texts.contains(where: NumberLook.isSurelyThousands)
        || (layout.delimiter == .comma && !layout.mayHaveDecimalCommas),
      kind != .thousands || layout.decimal == .point
    else { return nil }
    var values: [Double] = []
    values.reserveCapacity(texts.count)
    for text in texts {
      let plain = CellKind.of(text, cells)
      guard let value = plain.kind == .number ? plain.value : kind.value(of: text) else { return nil }
      values.append(value)
    }
    var result = numbers
    if isCategories {
      result = codes.map { $0 < 0 ? .nan : values[$0] }
    } else {
      for (cell, value) in zip(badCells, values) { result[cell.row] = value }
    }
    // A thousand and more without a mark among those that have one is no agreement.
    if kind == .thousands {
      let marked = isCategories ? Set(zip(texts, values).filter { $0.0.contains(",") }.map(\.1)) : Set(values)
      guard result.allSatisfy({ abs($0) < 1000 || $0.isNaN || marked.contains($0) }) else { return nil }
    }
    let shown = texts.indices.first { kind.value(of: texts[$0]) != nil } ?? 0
    return StoredColumn(
      values: .numbers(result), missing: missing, decimal: layout.decimal,
      note:
        "\(layout.source), column \"\(name)\": read \"\(texts[shown].shortened)\" as \(FormulaText.number(values[shown]))")
  }
}

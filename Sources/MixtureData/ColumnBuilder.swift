import MixtureCore

/// A cell that its column cannot use: its row in the table, counted from 0, and its text.
struct BadCell: Sendable {
  var row: Int
  var text: String
}

/// A column with the cells that are missing or wrong.
struct StoredColumn: Sendable {
  /// NaN or code −1 where a cell is missing or wrong.
  var values: Table.Column
  /// The rows of the missing cells, in order, and whether NA stands there.
  var missing: [(row: Int, isNA: Bool)] = []
  /// The cells that are no finite number, of a column of numbers.
  var badCells: [BadCell] = []
}

/// Makes a column from cells as they are read, and finds its type: numbers, unless more than half of its first 1000 cells that
/// are not missing hold text.
struct ColumnBuilder {
  let name: String
  private(set) var rowCount = 0

  private var isCategories = false
  /// The texts of the first cells, while the type is open.
  private var sample: [String]? = []
  private var sampleTextCount = 0
  /// Empty once the column holds categories.
  private var numbers: [Double] = []
  private var missing: [(row: Int, isNA: Bool)] = []
  private var badCells: [BadCell] = []
  /// In the order of the levels' first cells; −1 for a missing one.
  private var codes: [Int] = []
  private var levels: [String] = []
  private var codeOfLevel: [String: Int] = [:]

  static let sampleSize = 1000

  init(name: String, isCategories: Bool) {
    self.name = name
    self.isCategories = isCategories
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
    if kind == .empty || kind == .notAvailable {
      if missing.count == missing.capacity {
        let count = missing.count
        try Memory.reserve(2 * count + 1000, in: &missing, for: "\(count) missing cells of column \"\(name)\" and more")
      }
      missing.append((rowCount, kind == .notAvailable))
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
    if sample?.count == Self.sampleSize { try decide() }
  }

  private mutating func decide() throws { try decide(isCategories: 2 * sampleTextCount > sample?.count ?? 0) }

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
  consuming func finished() throws -> StoredColumn {
    if sample != nil { try decide() }
    guard isCategories else { return StoredColumn(values: .numbers(numbers), missing: missing, badCells: badCells) }
    codeOfLevel = [:]
    let order = levels.indices.sorted { levels[$0] < levels[$1] }
    var newCode = [Int](repeating: 0, count: levels.count)
    for (new, old) in order.enumerated() { newCode[old] = new }
    for row in codes.indices where codes[row] >= 0 { codes[row] = newCode[codes[row]] }
    return StoredColumn(values: .categories(levels: order.map { levels[$0] }, codes: codes), missing: missing)
  }
}

import Foundation
import MixtureCore

extension Table {
  /// Reads a text file of rows and columns, such as CSV after RFC 4180, perhaps compressed by gzip.
  ///
  /// What stands between cells and before decimals, the encoding, and what precedes the rows (`sep=;`, comments behind `#`) is found out where
  /// the ``Format`` does not say it, and ``notes`` tell what was found. A header that is one name shorter than the rows, as R writes it,
  /// belongs to the columns behind the first, which names the rows. Blank lines are skipped, and so are blanks around cells that are not in
  /// quotes; lines may end in CR LF, LF or CR.
  ///
  /// The types of columns are inferred. A column holds categories if more than half of its first 1000 cells that are not missing are text, or
  /// one of them has leading zeros, as codes have; its levels are in alphabetical order. All others hold numbers, and text in them is an
  /// error once the column is asked for. Thousands that are set apart by commas throughout a column, and numbers as Fortran writes them, are
  /// numbers. For missing cells see ``droppingRows(withMissingIn:)``.
  ///
  /// - Parameters:
  ///   - url: the file, on this machine.
  ///   - format: what is known of how it is written.
  /// - Throws: `DataError` for a file that cannot be read, is empty, has no rows, is ragged, is not in the encoding, leaves a quote open, names
  ///   a column twice, or has numbers where the names of columns should stand. A cell that is missing or no number is an error only when its
  ///   column is asked for.
  /// - Complexity: one pass over the file, of which a small part is in memory at a time.
  public init(csv url: URL, format: Format = Format()) throws {
    try self.init(csv: Self.opened(url.relativePath) { try ByteSource(url) }, format: format)
  }

  /// Reads the text of rows and columns from an open file to its end, such as `.standardInput`.
  ///
  /// - Parameters:
  ///   - file: the file; it stays open.
  ///   - name: what messages call it.
  ///   - format: what is known of how it is written.
  /// - Throws: `DataError` as ``init(csv:format:)``.
  public init(csv file: FileHandle, name: String = "standard input", format: Format = Format()) throws {
    try self.init(csv: Self.opened(name) { try ByteSource(file, name: name) }, format: format)
  }

  /// Reads text.
  ///
  /// - Throws: `DataError` as ``init(csv:format:)``.
  package init(csv bytes: ByteSource, format: Format = Format()) throws {
    var (columns, layout) = try CSVReader(source: bytes.name, format: format).read(bytes)
    var notes = layout.notes
    if layout.isHeaderShorter, !columns[0].column.isDistinct {
      throw TextLayout.tooFewNames("\(bytes.name): rows have one cell more than there are names")
    }
    if layout.hasUnnamedFirst, !columns[0].column.isDistinct {
      columns[0].name = "column 1"
      notes.append("\(bytes.name): the first column has no name, and is called \"column 1\"")
    }
    notes += columns.flatMap { $0.column.notes(on: $0.name, in: bytes.name) }
    // What counts the rows may be all that there is to explain the response by.
    let rowNames = columns.prefix { $0.column.namesRows(as: $0.name, besideOthers: columns.count > 2) }.map(\.name)
    if !rowNames.isEmpty, rowNames.count < columns.count {
      let verb = rowNames.count == 1 ? "names or counts the rows, and is" : "name or count the rows, and are"
      notes.append("\(bytes.name): \(rowNames.inSentence) \(verb) not part of . in formulas")
    }
    self.init(
      source: bytes.name, columns, notes: notes, rowNames: rowNames,
      missingWords: format.missing == Format.usualMissing ? nil : format.missing)
  }

  /// Reads a NumPy file (`.npy`) with an array of whole numbers, float32 or float64, of rows × columns or of one column, in C or Fortran
  /// order. The columns are called 1, 2, ….
  ///
  /// - Throws: `DataError` for a file that cannot be read, is damaged or truncated, or holds anything else. A number that is
  ///   not finite is an error only when its column is asked for.
  public init(npy url: URL) throws {
    let file = try Self.opened(url.relativePath) { try FileHandle(forReadingFrom: url) }
    defer { try? file.close() }
    self.init(source: url.relativePath, try NumPyReader(source: url.relativePath).columns(of: file))
  }

  /// Reads a file given on a command line: `-` is text on standard input, a name that ends in `.npy` a NumPy file, all else text.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - format: what is known of how text is written.
  /// - Throws: `DataError` as the initialisers for each kind.
  public init(path: String, format: Format = Format()) throws {
    if path == "-" {
      try self.init(csv: .standardInput, format: format)
    } else if path.lowercased().hasSuffix(".npy") {
      try self.init(npy: URL(fileURLWithPath: path))
    } else {
      try self.init(csv: URL(fileURLWithPath: path), format: format)
    }
  }

  private init(
    source: String, _ columns: [(name: String, column: StoredColumn)], notes: [String] = [], rowNames: [String] = [],
    missingWords: Set<String>? = nil
  ) {
    self.init(
      source: source, columnNames: columns.map(\.name),
      stored: Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.column) }), notes: notes, rowNames: rowNames,
      missingWords: missingWords)
  }

  private static func opened<Source>(_ name: String, _ open: () throws -> Source) throws -> Source {
    do { return try open() } catch { throw DataError("\(name): cannot be read: \(systemReason(error))") }
  }
}

extension StoredColumn {
  /// Whether no two rows are alike, nor any missing.
  fileprivate var isDistinct: Bool {
    guard missing.isEmpty, badCells.isEmpty else { return false }
    switch values {
    case .numbers(let numbers): return Set(numbers).count == numbers.count && numbers.allSatisfy { $0 == $0.rounded() }
    case .categories(let levels, let codes): return levels.count == codes.count
    }
  }

  /// Whether other programs give such a name to what names the rows.
  private static func isOfRowNames(_ name: String) -> Bool {
    ["rownames", "row.names", "...1"].contains(name) || name.hasPrefix("Unnamed: ")
  }

  /// What is odd about the column: its name says that it names rows, which it does not, or its last row seems to be a total.
  fileprivate func notes(on name: String, in source: String) -> [String] {
    var notes: [String] = []
    if Self.isOfRowNames(name), !isDistinct {
      notes.append(
        "\(source): column \"\(name)\" does not name the rows, for some of its cells are alike or missing: it is one like the others"
      )
    }
    if case .categories(let levels, let codes) = values, let last = codes.last, last >= 0,
      levels[last].wholeMatch(of: #/(?i)(?:grand |sub-?)?(?:total|sum|mean|average|summe|gesamt|somme|totaal|suma)s?:?/#)
        != nil,
      codes.count(where: { $0 == last }) == 1
    {
      notes.append("\(source): the last row seems to sum up the others (\"\(levels[last])\"): if it does, delete it")
    }
    return notes
  }

  /// Whether a column of such a name at the left names or counts the rows, and was hardly meant to explain anything.
  fileprivate func namesRows(as name: String, besideOthers: Bool) -> Bool {
    switch name {
    case TextLayout.rowNamesName: return isDistinct
    case _ where Self.isOfRowNames(name): return isDistinct
    case "X", "index", "Index", "id", "ID", "Id", "Obs", "obs":
      guard besideOthers, missing.isEmpty, badCells.isEmpty, case .numbers(let numbers) = values, let first = numbers.first,
        first == 0 || first == 1
      else { return false }
      return numbers.enumerated().allSatisfy { $1 == first + Double($0) }
    default: return false
    }
  }
}

import Foundation
import MixtureCore

extension Table {
  /// Reads a CSV file: RFC 4180, in UTF-8, with or without a byte order mark.
  ///
  /// Blank lines are skipped, and so are blanks around cells that are not in quotes; lines may end in CR LF, LF or CR. The
  /// types of columns are inferred. A column holds categories if more than half of its first 1000 cells that are not missing
  /// are text, and then its levels are in alphabetical order; all others hold numbers, and text in them is an error once the
  /// column is asked for. A cell is missing if it is empty or `NA`; see ``droppingRows(withMissingIn:)``.
  ///
  /// - Parameters:
  ///   - url: the file, on this machine.
  ///   - hasHeader: whether the first row names the columns; without, they are called 1, 2, ….
  ///   - delimiter: what stands between cells; nil for what occurs most often in the first line.
  ///   - categories: the columns that hold categories even if their cells look like numbers.
  /// - Throws: `DataError` for a file that cannot be read, is empty, has no rows, is ragged, is not UTF-8, leaves a quote
  ///   open, or names a column twice. A cell that is missing or no number is an error only when its column is asked for.
  /// - Complexity: one pass over the file, of which a small part is in memory at a time.
  public init(
    csv url: URL, hasHeader: Bool = true, delimiter: Delimiter? = nil, categories: Set<String> = []
  ) throws {
    try self.init(
      csv: Self.opened(url.relativePath) { try ByteSource(url) }, hasHeader: hasHeader, delimiter: delimiter,
      categories: categories)
  }

  /// Reads CSV text from an open file to its end, such as `.standardInput`.
  ///
  /// - Parameters:
  ///   - file: the file; it stays open.
  ///   - name: what messages call it.
  ///   - hasHeader: whether the first row names the columns; without, they are called 1, 2, ….
  ///   - delimiter: what stands between cells; nil for what occurs most often in the first line.
  ///   - categories: the columns that hold categories even if their cells look like numbers.
  /// - Throws: `DataError` as ``init(csv:hasHeader:delimiter:categories:)``.
  public init(
    csv file: FileHandle, name: String = "standard input", hasHeader: Bool = true, delimiter: Delimiter? = nil,
    categories: Set<String> = []
  ) throws {
    try self.init(
      csv: Self.opened(name) { try ByteSource(file, name: name) }, hasHeader: hasHeader, delimiter: delimiter,
      categories: categories)
  }

  /// Reads CSV text.
  ///
  /// - Throws: `DataError` as ``init(csv:hasHeader:delimiter:categories:)``.
  package init(
    csv bytes: ByteSource, hasHeader: Bool = true, delimiter: Delimiter? = nil, categories: Set<String> = []
  ) throws {
    let reader = CSVReader(source: bytes.name, hasHeader: hasHeader, delimiter: delimiter, categories: categories)
    self.init(source: bytes.name, try reader.columns(of: bytes))
  }

  /// Reads a NumPy file (`.npy`) with an array of float32 or float64, of rows × columns or of one column, in C or Fortran
  /// order. The columns are called 1, 2, ….
  ///
  /// - Throws: `DataError` for a file that cannot be read, is damaged or truncated, or holds anything else. A number that is
  ///   not finite is an error only when its column is asked for.
  public init(npy url: URL) throws {
    let file = try Self.opened(url.relativePath) { try FileHandle(forReadingFrom: url) }
    defer { try? file.close() }
    self.init(source: url.relativePath, try NumPyReader(source: url.relativePath).columns(of: file))
  }

  /// Reads a file given on a command line: `-` is CSV on standard input, a name that ends in `.npy` a NumPy file, all else CSV.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - hasHeader: whether the first row of CSV names the columns.
  ///   - delimiter: what stands between cells; nil for what occurs most often in the first line.
  ///   - categories: the columns that hold categories even if their cells look like numbers.
  /// - Throws: `DataError` as the initialisers for each format.
  public init(
    path: String, hasHeader: Bool = true, delimiter: Delimiter? = nil, categories: Set<String> = []
  ) throws {
    if path == "-" {
      try self.init(csv: .standardInput, hasHeader: hasHeader, delimiter: delimiter, categories: categories)
    } else if path.lowercased().hasSuffix(".npy") {
      try self.init(npy: URL(fileURLWithPath: path))
    } else {
      try self.init(
        csv: URL(fileURLWithPath: path), hasHeader: hasHeader, delimiter: delimiter, categories: categories)
    }
  }

  private init(source: String, _ columns: [(name: String, column: StoredColumn)]) {
    self.init(
      source: source, columnNames: columns.map(\.name),
      stored: Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.column) }))
  }

  private static func opened<Source>(_ name: String, _ open: () throws -> Source) throws -> Source {
    do { return try open() } catch { throw DataError("\(name): cannot be read: \(systemReason(error))") }
  }
}

import Foundation
import Mixtures
import References
import Testing

/// Files of one test, removed with it.
private final class Folder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ content: Data, to name: String = "data.csv") throws -> URL {
    let file = url.appendingPathComponent(name)
    try content.write(to: file)
    return file
  }
}

/// Tables from CSV text: what is read, and what is refused.
@Suite struct ReaderTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func read(
    _ text: String, hasHeader: Bool? = nil, delimiter: Table.Delimiter? = nil, categories: Set<String> = []
  ) throws -> Table {
    try Table(
      csv: folder.write(Data(text.utf8)),
      format: Table.Format(hasHeader: hasHeader, delimiter: delimiter, categories: categories))
  }

  private func message<Value>(_ body: () throws -> Value) -> String {
    do { _ = try body(); return "" } catch { return "\(error)" }
  }

  @Test func quotesNewlinesAndTheByteOrderMark() throws {
    let table = try read("\u{FEFF}\"a \"\"b\"\"\",\"c\r\nd\",e\r\n1, x ,\" y \"\r\n\r\n2,\"p,\nq\",z\r\n")
    #expect(table.columnNames == ["a \"b\"", "c\r\nd", "e"])
    #expect(try table.numbers("a \"b\"") == [1, 2])
    #expect(try table.column("c\r\nd") == .categories(levels: ["p,\nq", "x"], codes: [1, 0]))
    #expect(try table.column("e") == .categories(levels: [" y ", "z"], codes: [0, 1]))
  }

  @Test(arguments: ["\n", "\r\n", "\r"], [(",", Table.Delimiter.comma), (";", .semicolon), ("\t", .tab)])
  func delimitersAreDetected(newline: String, delimiter: (text: String, name: Table.Delimiter)) throws {
    let others = [",", ";", "\t"].filter { $0 != delimiter.text }.joined()
    let text =
      ["x", "\"y\(others)\(others)\(others)\"", "z"].joined(separator: delimiter.text) + newline
      + ["1", "2", "\"a\(delimiter.text)b\""].joined(separator: delimiter.text)
    for name in [nil, delimiter.name] {
      let table = try read(text, delimiter: name)
      #expect(table.columnNames == ["x", "y\(others)\(others)\(others)", "z"] && table.rowCount == 1)
      #expect(try table.numbers("x") == [1])
      #expect(try table.column("z") == .categories(levels: ["a\(delimiter.text)b"], codes: [0]))
    }
  }

  @Test func withoutHeaderColumnsAreNumbered() throws {
    let table = try read("1,a\n2,b", hasHeader: false)
    #expect(table.columnNames == ["1", "2"])
    #expect(try table.numbers("1") == [1, 2])
    #expect(try table.column("2") == .categories(levels: ["a", "b"], codes: [0, 1]))
  }

  @Test func typesFollowMostCells() throws {
    let table = try read("x,g,h,n\n1,b,1,\n2,2,A2,NA\nabc,a,B,\n4,b,1,NA\n")
    #expect(message { try table.numbers("x") }.contains("row 3, column \"x\": \"abc\" is not a finite number"))
    #expect(message { try table.column("x") } == message { try table.numbers("x") })
    #expect(try table.column("g") == .categories(levels: ["2", "a", "b"], codes: [2, 0, 1, 2]))
    #expect(message { try table.numbers("g") }.contains("data.csv, row 1, column \"g\": \"b\" is not a finite number"))
    #expect(message { try table.column("h") }.contains("row 2, column \"h\": \"A2\""))
    #expect(
      try read("h\n1\nA2\n01\n", categories: ["h"]).column("h")
        == .categories(levels: ["01", "1", "A2"], codes: [1, 2, 0]))
    #expect(message { try read("h\n1\n", categories: ["g"]) }.contains("no column \"g\"; there are h"))
    #expect(try table.missingCellCount("n") == 4)
    #expect(message { try table.column("n") }.contains("row 1, column \"n\": \"\" is a missing cell"))
    let lines = table.summary.split(separator: "\n")
    #expect(lines[0].hasSuffix("data.csv: 4 rows, 4 columns"))
    #expect(lines[1] == "x  numbers from 1 to 4; 1 not a finite number, the first \"abc\"")
    #expect(lines[2] == "g  categories with 3 levels: 2, a, b")
    #expect(lines[4] == "n  numbers; 4 missing")
  }

  @Test func theTypeIsKeptAfterTheFirstThousandCells() throws {
    let numbers = (0..<1500).map { "\($0),level \($0 % 3)" }
    let table = try read("x,g\n" + numbers.joined(separator: "\n") + "\nabc,4\n,\n")
    #expect(message { try table.numbers("x") }.contains("row 1501, column \"x\": \"abc\""))
    let kept = try table.droppingRows()
    #expect(kept.rowCount == 1501 && kept.droppedRowCount == 1)
    #expect(
      try kept.column("g")
        == .categories(levels: ["4", "level 0", "level 1", "level 2"], codes: (0..<1500).map { 1 + $0 % 3 } + [0]))
  }

  @Test func gapsInLongColumns() throws {
    let cells = (0..<20_000).map { $0 % 7 == 3 || $0 % 1000 > 990 ? ($0 % 2 == 0 ? "" : "NA") : "\($0)" }
    let table = try read("x,y\n" + cells.map { "\($0),1\n" }.joined())
    #expect(try table.missingCellCount("x") == cells.count { $0 == "" || $0 == "NA" })
    #expect(try table.droppingRows(withMissingIn: ["y"]).rowCount == 20_000)
    #expect(try table.droppingRows().numbers("x") == cells.compactMap(Double.init))
    #expect(message { try table.numbers("x") }.contains("row 4, column \"x\": \"NA\" is a missing cell"))
  }

  @Test(arguments: ["NAN", "inf", "-Inf", "infinity", "1e999"])
  func numbersThatAreNotFiniteAreNamed(text: String) throws {
    let table = try read("x,y\n1,2\n\(text),3\n")
    for body in [{ _ = try table.numbers("x") }, { _ = try table.column("x") }] as [() throws -> Void] {
      #expect(message(body).contains("row 2, column \"x\": \"\(text)\" is not a finite number"))
    }
    #expect(try table.numbers("y") == [2, 3])
  }

  @Test func rowsWithMissingCellsAreDropped() throws {
    let table = try read("x,g,z\n1,a,\nNA,b,1\n3,,2\n4,a,oops\n5,c,3\n")
    #expect(message { try table.numbers("x") }.contains("data.csv, row 2, column \"x\": \"NA\" is a missing cell"))
    #expect(message { try table.column("g") }.contains("row 3, column \"g\": \"\" is a missing cell"))
    let used = try table.droppingRows(withMissingIn: ["x", "g"])
    #expect(used.rowCount == 3 && used.droppedRowCount == 2 && table.droppedRowCount == 0)
    #expect(try used.numbers("x") == [1, 4, 5])
    #expect(try used.column("g") == .categories(levels: ["a", "c"], codes: [0, 0, 1]))
    #expect(message { try used.column("z") }.contains("row 1, column \"z\": \"\" is a missing cell"))
    let all = try used.droppingRows()
    #expect(all.rowCount == 2 && all.droppedRowCount == 3)
    #expect(message { try all.numbers("z") }.contains("row 4, column \"z\": \"oops\""))
    #expect(all.summary.contains("2 rows, 3 dropped, 3 columns"))
    #expect(message { try table.droppingRows(withMissingIn: ["w"]) }.contains("no column \"w\""))
    #expect(message { try read("x,y\n,1\nNA,2\n").droppingRows() }.contains("none is left"))
    #expect(try read("x\n1\n2\n").droppingRows().droppedRowCount == 0)
  }

  @Test(arguments: [
    ("", "the file is empty"), ("\n\n", "the file is empty"), ("\u{FEFF}", "the file is empty"),
    ("x,y\n", "no rows of data"), ("x,y\n1,2\n3\n", "row 2: 1 cell (3), but 2 columns"),
    ("x,y\n1,2\n3,4,5\n", "row 2: 3 cells (3, 4, 5), but 2 columns"), ("x,y,x\n1,2,3\n", "two columns are called \"x\""),
    ("x,y\n1,2\n3,\"4\n5,6\n", "row 2: the quote before \"4"), ("x,y\n1,2\"3\n", "row 1: the cell 2\"3 has a quote within"),
    ("x,y\n1,a\u{0}b\n", "row 1, column \"y\": holds a zero byte"), ("x\u{0},y\n1,2\n", "header: holds a zero byte"),
  ])
  func badFilesAreNamed(text: String, expected: String) {
    let message = message { try read(text) }
    #expect(message.contains(expected) && message.contains("data.csv"), "\(message)")
  }

  @Test func filesThatCannotBeRead() throws {
    #expect(message { try Table(csv: URL(fileURLWithPath: "/")) }.contains("cannot be read"))
    #expect(message { try Table(path: "no-such-file.csv") }.contains("no-such-file.csv: cannot be read"))
    #expect(message { try Table(path: "no-such-file.npy") }.contains("no-such-file.npy: cannot be read"))
    let latin = try folder.write(Data("x,y\n1,caf".utf8) + [0xE9, 0x0A])
    #expect(message { try Table(csv: latin) }.contains("row 1, column \"y\": not UTF-8 text"))
  }

  @Test func openFilesAreReadToTheirEnd() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("x;y\n1;2\n".utf8))
    try pipe.fileHandleForWriting.close()
    let table = try Table(csv: pipe.fileHandleForReading, name: "pipe")
    #expect(try table.numbers("y") == [2])
    #expect(message { try table.numbers("z") } == "pipe: no column \"z\"; there are x, y")
  }

  @Test func rubbishIsRefusedOrRead() throws {
    var source = RandomSource(seed: 4)
    let alphabets: [[UInt8]] = [
      Array(0...255), Array("\",\n".utf8), Array("\";\t\r\n 1aNA.".utf8), Array("1,\n".utf8), [0, 0xFF, 0x2C, 0x0A],
    ]
    for index in 0..<1000 {
      let alphabet = alphabets[index % alphabets.count]
      let bytes = (0..<source.integer(below: 400)).map { _ in alphabet[source.integer(below: alphabet.count)] }
      for hasHeader in [true, false] {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
        try pipe.fileHandleForWriting.close()
        do {
          let table = try Table(
            csv: pipe.fileHandleForReading, format: Table.Format(hasHeader: hasHeader))
          #expect(table.rowCount > 0 && !table.summary.isEmpty)
          for name in table.columnNames { _ = try? table.column(name); _ = try? table.numbers(name) }
          _ = try? table.droppingRows()
        } catch { #expect(error is DataError) }
      }
      guard index % 20 == 0 else { continue }
      let file = try folder.write(Data(bytes))
      #expect(throws: DataError.self) { try Table(npy: file) }
    }
  }
}

/// Random tables, written in random ways, come back to the bit.
@Suite struct RoundTripTests {
  @Test(arguments: 0..<60)
  func tablesComeBack(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed))
    // Now and then more than the reader takes at a time.
    let rowCount = 1 + source.integer(below: seed % 20 == 0 ? 20_000 : 40)
    let columnCount = 1 + source.integer(below: 5)
    let delimiter = Table.Delimiter.allCases[source.integer(below: 5)]
    let newline = ["\n", "\r\n", "\r"][source.integer(below: 3)]
    let separator = [Table.Delimiter.comma: ",", .semicolon: ";", .tab: "\t", .bar: "|", .space: "  "][delimiter]!
    var cells = [(0..<columnCount).map { text(&source) + "\($0)" }]
    let names = cells[0]
    var columns: [Table.Column] = []
    var rows = (0..<rowCount).map { _ in [String]() }
    for _ in 0..<columnCount {
      if source.uniform() < 0.6 {
        let numbers = (0..<rowCount).map { _ in number(&source) }
        columns.append(.numbers(numbers))
        for row in 0..<rowCount { rows[row].append("\(numbers[row])") }
      } else {
        let levels = (0..<6).map { text(&source) + "\($0)" }
        let picked = (0..<rowCount).map { _ in levels[source.integer(below: levels.count)] }
        let used = Set(picked).sorted()
        columns.append(.categories(levels: used, codes: picked.map { used.firstIndex(of: $0)! }))
        for row in 0..<rowCount { rows[row].append(picked[row]) }
      }
    }
    cells += rows
    var csv = source.uniform() < 0.3 ? "\u{FEFF}" : ""
    for (index, row) in cells.enumerated() {
      csv += row.map { quoted($0, &source) }.joined(separator: separator)
      if index + 1 < cells.count || source.uniform() < 0.5 { csv += newline }
    }
    let folder = try Folder()
    let file = try folder.write(Data(csv.utf8))
    let table = try Table(
      csv: file,
      format: Table.Format(hasHeader: true, delimiter: columnCount > 1 && source.uniform() < 0.5 ? nil : delimiter))
    #expect(table.columnNames == names && table.rowCount == rowCount)
    for (name, expected) in zip(names, columns) {
      let column = try table.column(name)
      #expect(column == expected)
      if case .numbers(let a) = column, case .numbers(let b) = expected {
        #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
      }
    }
  }

  /// Text that is no number and not missing, once something is put behind it.
  private func text(_ source: inout RandomSource) -> String {
    let parts = ["a", "é", "\"", ",", ";", "\t", "\n", "\r\n", " ", "1", "日本", "🙂", "'", "NA"]
    return "t" + (0..<source.integer(below: 6)).map { _ in parts[source.integer(below: parts.count)] }.joined()
  }

  private func number(_ source: inout RandomSource) -> Double {
    switch source.integer(below: 4) {
    case 0: Double(source.integer(below: 2000) - 1000)
    case 1: source.gaussian()
    case 2: (source.gaussian() * 1000).rounded() / 1000
    default: source.gaussian() * pow(10, Double(source.integer(below: 600) - 300))
    }
  }

  /// The cell in quotes, where it needs them or by chance.
  private func quoted(_ cell: String, _ source: inout RandomSource) -> String {
    let needsQuotes = cell.unicodeScalars.contains { "\",;|\t\r\n ".unicodeScalars.contains($0) }
    guard needsQuotes || source.uniform() < 0.2 else { return cell }
    return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}

/// Tables from NumPy files that NumPy wrote.
@Suite struct NumPyReaderTests {
  struct File: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var content: Data
    /// Nil for an array that is no table.
    var columns: [[Double]]?
    var testDescription: String { name }
  }

  private static let files = Result { try Reference.load("numpy-files", as: [File].self) }

  @Test func arraysOfAllTypesAndOrders() throws {
    let folder = try Folder()
    for file in try Self.files.get() {
      let url = try folder.write(file.content, to: "data.npy")
      guard let expected = file.columns else {
        #expect(throws: DataError.self, "\(file.name)") { try Table(npy: url) }
        continue
      }
      let table = try Table(path: url.path)
      #expect(table.columnNames == expected.indices.map { String($0 + 1) }, "\(file.name)")
      for (name, column) in zip(table.columnNames, expected) {
        #expect(try table.numbers(name) == column, "\(file.name)")
      }
    }
  }

  @Test(arguments: ["C", "F"])
  func arraysLargerThanWhatIsReadAtATime(order: String) throws {
    let folder = try Folder()
    var content = try #require(try Self.files.get().first { $0.name == "header (20000, 2) \(order)" }).content
    for number in 0..<40_000 { withUnsafeBytes(of: Double(number).bitPattern.littleEndian) { content += $0 } }
    let table = try Table(npy: folder.write(content))
    for column in 0..<2 {
      let expected = (0..<20_000).map { Double(order == "C" ? 2 * $0 + column : 20_000 * column + $0) }
      #expect(try table.numbers("\(column + 1)") == expected)
    }
  }

  @Test func damagedFilesAreRefused() throws {
    let folder = try Folder()
    var source = RandomSource(seed: 5)
    let content = try #require(try Self.files.get().first { $0.name == "<f8 C" }).content
    for count in 0..<content.count {
      let url = try folder.write(content.prefix(count))
      #expect(throws: DataError.self) { try Table(npy: url) }
    }
    for _ in 0..<300 {
      var damaged = content
      damaged[source.integer(below: 128)] = UInt8(source.integer(below: 256))
      let url = try folder.write(damaged)
      do { #expect(try Table(npy: url).rowCount > 0) } catch { #expect(error is DataError) }
    }
  }

  @Test func messagesSayWhatIsWrong() throws {
    let folder = try Folder()
    func message(_ name: String) throws -> String {
      let content = try #require(try Self.files.get().first { $0.name == name }).content
      do { _ = try Table(npy: folder.write(content)).numbers("1"); return "" } catch { return "\(error)" }
    }
    #expect(try message("complex").contains("numbers of type <c16; only whole numbers, float32 and float64 can be read"))
    #expect(try message("truth values").contains("numbers of type |b1"))
    #expect(
      try message("integers that no double keeps").contains(
        "row 2, column \"1\": a whole number of more digits than a number keeps"))
    #expect(try message("three dimensions").contains("3 dimensions"))
    #expect(try message("no rows").contains("0 × 3 is empty"))
    let file = try folder.write(try #require(try Self.files.get().first { $0.name == "<f8 C" }).content.dropLast())
    #expect { try Table(npy: file) } throws: { "\($0)".contains("truncated") }
  }
}

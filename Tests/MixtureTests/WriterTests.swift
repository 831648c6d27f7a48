import Foundation
import Mixtures
import References
import Testing

/// What is written as CSV or as a NumPy array reads back as it was.
@Suite struct RowWriterTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func table(_ writer: any RowWriter, _ rows: [[Double]], _ name: String) throws -> Table {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent(name)
    let half = rows.count / 2
    let pieces = [
      writer.header(rowCount: rows.count), writer.bytes(ofRows: Array(rows[..<half].joined())),
      writer.bytes(ofRows: Array(rows[half...].joined())),
    ]
    try Data(pieces.joined()).write(to: url)
    return try Table(path: url.path, format: Table.Format(hasHeader: true))
  }

  /// Of every size that there is, and the numbers at the ends of the range.
  private static let numbers: [Double] = {
    var source = RandomSource(seed: 1)
    return (0..<2000).map { _ in Double(bitPattern: source.next()) }.filter(\.isFinite) + [
      0, -0.0, 1, -1, 0.1, 1e15, 1e16, 123_456_789, .greatestFiniteMagnitude, -.leastNonzeroMagnitude,
      .leastNormalMagnitude,
      0x1p53, 1 / 3,
    ]
  }()

  @Test(arguments: ["data.csv", "data.npy"])
  func numbersComeBackToTheBit(name: String) throws {
    let numbers = Self.numbers
    let rows = zip(numbers, numbers.reversed()).map { [$0, $1] }
    let writer: any RowWriter =
      name.hasSuffix("csv") ? CSVWriter(["1", "2"]) : NumPyWriter(columnCount: 2)
    let table = try table(writer, rows, name)
    #expect(try table.numbers("1").map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(try table.numbers("2").map(\.bitPattern) == numbers.reversed().map(\.bitPattern))
  }

  @Test func namesAndLevelsComeBack() throws {
    let names = ["plain", "a,b", "say \"x\"", "two\nlines", "ü; \t", " blank "]
    let rows = (0..<12).map { row in names.indices.map { Double((row + $0) % names.count) } }
    let table = try table(CSVWriter(names.map { ColumnSchema($0, .category(levels: names)) }), rows, "data.csv")
    #expect(table.columnNames == names)
    for (j, name) in names.enumerated() {
      guard case .categories(let levels, let codes) = try table.column(name) else { throw DataError("no categories") }
      #expect(codes.map { levels[$0] } == rows.map { names[Int($0[j])] })
    }
  }

  @Test func wholeNumbersHaveNoPoint() {
    let text = CSVWriter(["x"]).bytes(ofRows: [3, -20, 0, 0.5, 1e300, 100.0])
    #expect(String(decoding: text, as: UTF8.self) == "3\n-20\n0\n0.5\n1e+300\n100\n")
  }

  /// numpy.save writes the same bytes.
  @Test func arraysAreThoseOfNumPy() throws {
    struct File: Decodable {
      var name: String
      var content: Data
      var columns: [[Double]]?
    }
    let file = try #require(try Reference.load("numpy-files", as: [File].self).first { $0.name == "<f8 C" })
    let columns = try #require(file.columns)
    let rows = columns[0].indices.flatMap { row in columns.map { $0[row] } }
    let writer = NumPyWriter(columnCount: columns.count)
    #expect(writer.header(rowCount: columns[0].count) + writer.bytes(ofRows: rows) == file.content)
    for count in [1, 12_345, 100_000_000] { #expect(writer.header(rowCount: count).count % 64 == 0) }
  }
}

/// A file is there when it is complete, and not before.
@Suite struct AtomicFileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test func whatIsNotCompletedIsGone() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("old".utf8).write(to: url("a"))
    do {
      let file = try AtomicFile(at: url("a"))
      try file.write(Data("new".utf8))
      #expect(try names().count == 2)
    }
    #expect(try names() == ["a"])
    #expect(try String(contentsOf: url("a"), encoding: .utf8) == "old")
  }

  @Test func aNewVersionTakesThePlaceOfTheOld() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("old".utf8).write(to: url("a"))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: url("a").path)
    try FileManager.default.createSymbolicLink(atPath: url("link").path, withDestinationPath: "a")
    let file = try AtomicFile(at: url("link"))
    try file.write(Data("new".utf8))
    try file.complete()
    #expect(try names() == ["a", "link"])
    #expect(try String(contentsOf: url("a"), encoding: .utf8) == "new")
    let permissions = try FileManager.default.attributesOfItem(atPath: url("a").path)[.posixPermissions] as? Int
    #expect(permissions == 0o640)
  }

  /// A link may lead to a file that is not there yet, by other links, from any folder.
  @Test func aDanglingLinkGetsItsTarget() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: url("inner"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url("first").path, withDestinationPath: "inner/second")
    try FileManager.default.createSymbolicLink(atPath: url("inner/second").path, withDestinationPath: "../target")
    try FileManager.default.createSymbolicLink(atPath: url("nowhere").path, withDestinationPath: "none/target")
    try FileManager.default.createSymbolicLink(atPath: url("circle").path, withDestinationPath: "circle")
    let file = try AtomicFile(at: url("first"))
    try file.write(Data("new".utf8))
    try file.complete()
    #expect(try names() == ["circle", "first", "inner", "nowhere", "target"])
    #expect(try String(contentsOf: url("target"), encoding: .utf8) == "new")
    #expect(AtomicFile.place(of: url("first")).path == AtomicFile.place(of: url("target")).path)
    for name in ["nowhere", "circle"] { #expect(throws: FileError.self) { try AtomicFile(at: url(name)) } }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: url("circle").path) == "circle")
  }

  /// What nobody holds was left by a process that was killed. Files of others, and those under way, stay.
  @Test func leftoversGo() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    func name() -> String { ".mixtures-\(UUID().uuidString).partial" }
    let (left, link) = (name(), name())
    let others = [
      ".\(UUID().uuidString).partial", ".mixtures-notes.partial", "mixtures-\(UUID().uuidString).partial", name(),
    ]
    for name in [left] + others.prefix(3) { try Data("text".utf8).write(to: url(name)) }
    try FileManager.default.createDirectory(at: url(others[3]), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url(link).path, withDestinationPath: others[0])
    let file = try AtomicFile(at: url("a"))
    #expect(try names().count == others.count + 2 && !names().contains(left))
    let second = try AtomicFile(at: url("b"))
    #expect(try names().count == others.count + 3, "the first is under way")
    for file in [file, second] { try file.write(Data("new".utf8)) }
    try AtomicFile.complete([file, second])
    #expect(try Set(names()) == Set(others + [link, "a", "b"]))
  }

  /// While several files take their places, old ones have second names, which nobody may take for leftovers.
  @Test func manyWritersDoNotDisturbOneAnother() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for _ in 0..<50 {
            let files = [try AtomicFile(at: url("a")), try AtomicFile(at: url("b\(writer)"))]
            for file in files { try file.write(Data("\(writer)".utf8)) }
            try AtomicFile.complete(files)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try names() == ["a", "b0", "b1", "b2", "b3"])
  }

  /// The second cannot take its place, so the first gives up its own.
  @Test(arguments: [true, false])
  func severalFilesAppearTogetherOrNotAtAll(isThereAnOldOne: Bool) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    if isThereAnOldOne { try Data("old".utf8).write(to: url("a")) }
    do {
      let files = [try AtomicFile(at: url("a")), try AtomicFile(at: url("b"))]
      for file in files { try file.write(Data("new".utf8)) }
      try FileManager.default.createDirectory(at: url("b/inside"), withIntermediateDirectories: true)
      #expect(throws: FileError.unwritable(path: url("b").relativePath, reason: String(cString: strerror(EISDIR)))) {
        try AtomicFile.complete(files)
      }
    }
    #expect(try names() == (isThereAnOldOne ? ["a", "b"] : ["b"]))
    if isThereAnOldOne { #expect(try String(contentsOf: url("a"), encoding: .utf8) == "old") }
  }

  @Test func devicesAreWrittenToAndStay() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let null = try AtomicFile(at: URL(fileURLWithPath: "/dev/null"))
    try null.write(Data("text".utf8))
    try null.complete()
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
    #if os(Linux)
      let full = try AtomicFile(at: URL(fileURLWithPath: "/dev/full"))
      #expect(throws: FileError.unwritable(path: "/dev/full", reason: String(cString: strerror(ENOSPC)))) {
        try full.write(Data("text".utf8))
      }
    #endif
  }
}

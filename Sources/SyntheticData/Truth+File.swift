import Foundation
import MixtureCore
import MixtureData

/// A file is JSON in which every number comes back to the bit. It says what it is and the version of its format. A generator of your own
/// must be registered with `PartRegistry` before reading.
extension Truth {
  static let file = CodedFile<Truth>(
    kind: "truth", origin: "`mixtures generate … --truth`", application: "swift-mixtures truth", version: 2,
    renewal: "draw the data again")

  /// Reads a file.
  ///
  /// - Throws: `FileError` for a file that cannot be read, is no truth, is damaged, is older or newer than this program, holds a generator
  ///   that is not registered, or says what cannot be true: it tells which parameter, where in the file, and what it must be.
  public init(contentsOf url: URL) throws {
    PartRegistry.registerSyntheticParts()
    self = try Self.file.read(url)
  }

  /// Writes the file. One that exists is replaced only by a complete new one.
  ///
  /// - Throws: `FileError.unwritable`.
  public func write(to url: URL) throws {
    let file = try AtomicFile(at: url)
    var writer = TruthWriter(file)
    if let assignments { try writer.append(TruthWriter.text(of: assignments)) }
    try writer.finish(self)
    try file.complete()
  }
}

/// Writes a truth of which assignments are known before the rest, and may be too many for the memory: they stand behind the first key, where
/// the order of the keys has them.
struct TruthWriter {
  private let file: AtomicFile
  private var hasAssignments = false

  init(_ file: AtomicFile) { self.file = file }

  /// The assignments of some rows, at least one, as they stand in a file.
  static func text(of assignments: [Int]) -> Data { Data(assignments.map(String.init).joined(separator: ",").utf8) }

  /// Writes the text of the assignments of further rows.
  mutating func append(_ assignments: Data) throws {
    try file.write(Data((hasAssignments ? ",\n" : Truth.file.head + "  \"assignments\" : [\n").utf8) + assignments)
    hasAssignments = true
  }

  /// Writes all else.
  func finish(_ truth: Truth) throws {
    var rest = truth
    rest.assignments = nil
    let text = try Truth.file.text(rest)
    try file.write(hasAssignments ? Data("\n  ],\n".utf8) + text.dropFirst(Truth.file.head.utf8.count) : text)
  }
}

import Foundation
import MixtureData

/// The runs that are done, one line of JSON each, in a file to which every run is added as it ends. Whoever is stopped, by whatever
/// means, goes on from there.
final class BenchmarkJournal {
  /// The runs that the file had when it was opened.
  let runs: [BenchmarkRun]
  private let file: FileHandle
  private let path: String

  /// Opens a journal, or begins one. A last line that somebody was stopped in writing is taken away.
  ///
  /// - Throws: ``BenchmarkError`` for a file that cannot be written, that another process is writing, or that is no journal.
  init(_ url: URL) throws {
    path = url.relativePath
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError.unwritable(path: path, reason: String(cString: strerror(errno))) }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw BenchmarkError.inUse(path: path) }
    do {
      let text = try file.readToEnd() ?? Data()
      let end = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let decoder = JSONDecoder.ofAllNumbers
      runs = try text[..<end].split(separator: UInt8(ascii: "\n")).map { try decoder.decode(BenchmarkRun.self, from: $0) }
      try file.truncate(atOffset: UInt64(end))
      try file.seekToEnd()
    } catch is DecodingError {
      throw BenchmarkError.notAJournal(path: path)
    } catch { throw FileError.unwritable(path: path, reason: systemReason(error)) }
  }

  /// Adds a run.
  ///
  /// - Throws: `FileError.unwritable`.
  func append(_ run: BenchmarkRun) throws {
    // A fit may give an unseen row no density at all.
    let encoder = JSONEncoder.ofAllNumbers([.sortedKeys, .withoutEscapingSlashes])
    do { try file.write(contentsOf: encoder.encode(run) + [UInt8(ascii: "\n")]) } catch {
      throw FileError.unwritable(path: path, reason: systemReason(error))
    }
  }
}

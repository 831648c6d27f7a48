import Foundation
import GSL

/// That too few files may be open: how many are needed.
struct OpenFilesError: DescribedError {
  let description =
    "too few files may be open at once: \(OpenFiles.needed) more are needed than can be had; raise the limit (ulimit -n)"
}

/// The files that this program may open.
enum OpenFiles {
  /// For threads, signals, the data and what is written.
  static let needed = 16

  /// Makes sure that they can be opened, for the system's libraries end a process that cannot have theirs.
  ///
  /// - Throws: `OpenFilesError`.
  static func require() throws {
    let files = (0..<needed).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    defer { for file in files where file >= 0 { close(file) } }
    guard files.allSatisfy({ $0 >= 0 }) else { throw OpenFilesError() }
  }
}

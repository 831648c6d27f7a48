import Foundation
import Synchronization

/// Another program, which is given all that it reads, and of which all is taken that it writes.
struct Program {
  let path: String
  let arguments: [String]

  /// How a program ended.
  enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  struct Outcome {
    let end: End
    /// What it wrote on standard output.
    let output: Data
    /// The last that it wrote on standard error.
    let errors: Data

    /// The last line of the errors, not too long; nil if there is none.
    var lastWords: String? {
      let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
      let words = lines.map { $0.trimmingCharacters(in: .whitespaces) }.last { !$0.isEmpty }
      return words.map { $0.count > 300 ? $0.prefix(300) + "…" : $0 }
    }
  }

  /// Runs the program to its end.
  ///
  /// - Throws: what the system says where it cannot be started.
  func run(_ input: Data) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let (script, output, errors) = (Pipe(), Pipe(), Pipe())
    // Our own end for reading stays open, so that a program which reads too little breaks no pipe.
    process.standardInput = script.fileHandleForReading
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // All three at once, or one of us waits for the other for ever.
    let last = Tail()
    let work = DispatchGroup()
    DispatchQueue.global().async(group: work) {
      try? script.fileHandleForWriting.write(contentsOf: input)
      try? script.fileHandleForWriting.close()
    }
    DispatchQueue.global().async(group: work) {
      while let piece = try? errors.fileHandleForReading.read(upToCount: 1 << 16), !piece.isEmpty {
        last.bytes.withLock { $0 = Data(($0 + piece).suffix(1 << 12)) }
      }
    }
    let picture = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    // What it did not read.
    while let rest = try? script.fileHandleForReading.read(upToCount: 1 << 16), !rest.isEmpty {}
    work.wait()
    let status = process.terminationStatus
    return Outcome(
      end: process.terminationReason == .exit ? .exit(status) : .signal(status), output: picture,
      errors: last.bytes.withLock { $0 })
  }
}

/// The last bytes of a stream.
private final class Tail: Sendable {
  let bytes = Mutex(Data())
}

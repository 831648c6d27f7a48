import CommandSupport
import Foundation
import Synchronization

/// Runs cases, each in a folder of its own and within limits, and says what was wrong with how they ended.
package struct FuzzRunner: Sendable {
  /// What a run left behind.
  package struct Outcome: Sendable {
    /// The exit code; nil if it did not exit by itself.
    package var status: Int32?
    /// What was wrong; nil if all was well.
    package var fault: String?
    /// What it wrote on standard error.
    package var errors: String
    /// The files in its folder.
    package var files: [String: [UInt8]]
  }

  /// The program.
  package var program: String
  /// How many seconds of processor time it may take; waiting, it may take eight times as long on a busy machine.
  package var seconds = 10
  /// How much memory it may reserve, in kilobytes.
  package var kilobytes = 2_000_000

  /// Foundation lists the handles that are open while it starts a process, and others may not open more meanwhile.
  private static let starts = Mutex(())

  /// A runner of a program.
  package init(program: String) { self.program = program }

  /// Runs a case.
  package func run(_ fuzzCase: FuzzCase) throws -> Outcome {
    let folder = try TemporaryFolder()
    let work = folder.url.appendingPathComponent("work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    for (path, content) in fuzzCase.files {
      let file = work.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.bytes).write(to: file)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let limits = "ulimit -c 0; ulimit -t \(seconds); ulimit -v \(kilobytes) 2>/dev/null; exec \"$0\" \"$@\""
    process.arguments = ["-c", limits, program] + fuzzCase.arguments
    process.currentDirectoryURL = work
    // Without a backtrace, which takes seconds; that it trapped is seen by the signal.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    let (output, message) = (
      try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("", to: "output"))),
      try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("", to: "errors")))
    )
    (process.standardOutput, process.standardError) = (output, message)
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try Self.starts.withLock { _ in try process.run() }
    // A process keeps its handles longer than it runs, and there will be thousands.
    try output.close()
    try message.close()
    let isLate = ended.wait(timeout: .now() + .seconds(8 * seconds)) == .timedOut
    if isLate {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    let errors = try [UInt8](Data(contentsOf: folder.url.appendingPathComponent("errors")))
    let hasOutput = try !Data(contentsOf: folder.url.appendingPathComponent("output")).isEmpty
    let (status, bySignal) = (process.terminationStatus, process.terminationReason == .uncaughtSignal)
    let files = try Self.files(in: work)
    var outcome = Outcome(
      status: bySignal ? nil : status, fault: nil, errors: String(decoding: errors, as: UTF8.self), files: files)
    outcome.fault =
      if isLate { "it hangs" } else if bySignal { Self.name(ofSignal: status) } else {
        Self.fault(status: status, errors: errors, hasOutput: hasOutput, of: fuzzCase)
          ?? Self.fault(status: status, before: fuzzCase.files, after: files)
      }
    return outcome
  }

  private static func name(ofSignal signal: Int32) -> String {
    switch signal {
    case SIGXCPU, SIGKILL: "it takes too long"
    default: "it is ended by signal \(signal)"
    }
  }

  /// What is wrong with the exit code and the message.
  private static func fault(status: Int32, errors: [UInt8], hasOutput: Bool, of fuzzCase: FuzzCase) -> String? {
    // Usage, data, no gnuplot, a file that cannot be written.
    guard [0, 64, 65, 69, 73].contains(status) else { return "exit code \(status)" }
    if errors.count > 4000 { return "a message of more than 4000 bytes" }
    if let byte = errors.first(where: { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F }) {
      return "a message with the byte \(byte)"
    }
    if String(validating: errors, as: UTF8.self) == nil { return "a message that is not UTF-8" }
    let text = String(decoding: errors, as: UTF8.self)
    for trace in ["Fatal error", "Swift runtime", "Swift/", "DecodingError", "NSError", "Optional("]
    where text.contains(trace) && !fuzzCase.mentions(trace) {
      return "a message with “\(trace)”"
    }
    if status != 0 && errors.isEmpty { return "a failure without a message" }
    return status != 0 && hasOutput ? "output of a failure" : nil
  }

  /// What is wrong with the files: a failure changes none, and nobody changes what he was only to read.
  private static func fault(
    status: Int32, before: [String: FuzzCase.Content], after: [String: [UInt8]]
  ) -> String? {
    if let left = after.keys.sorted().first(where: { $0.contains("partial") && before[$0] == nil }) {
      return "left: \(left)"
    }
    for (path, content) in before.sorted(by: { $0.key < $1.key }) where status != 0 || !path.hasPrefix("out") {
      // A benchmark adds its runs to its folder as they end.
      guard after[path] != content.bytes, !path.hasPrefix("out/") else { continue }
      return after[path] == nil ? "lost: \(path)" : "changed: \(path)"
    }
    return nil
  }

  private static func files(in folder: URL) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      var isFolder: ObjCBool = false
      let url = folder.appendingPathComponent(path)
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      files[path] = try [UInt8](Data(contentsOf: url))
    }
    return files
  }
}

extension FuzzCase {
  /// Whether a text may stand in a message because it stands in the case.
  fileprivate func mentions(_ text: String) -> Bool {
    arguments.contains { $0.contains(text) }
      || files.values.contains { String(decoding: $0.bytes, as: UTF8.self).contains(text) }
  }
}

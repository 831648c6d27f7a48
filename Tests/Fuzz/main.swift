import CommandSupport
import Foundation
import FuzzSupport
import Synchronization

// Changes files, formulas and flags, and runs `mixtures` on them: `make fuzz MINUTES=n`, and `make fuzz SEED=s CASE=n` for one case.
//
// Fuzz FOLDER SECONDS SEED [CASE]: failures, made small, are written into the folder. Exit code 1 if there are any.

let words = CommandLine.arguments
guard words.count >= 4, let seconds = Double(words[2]), let seed = UInt64(words[3]) else {
  FileHandle.standardError.write(Data("usage: Fuzz FOLDER SECONDS SEED [CASE]\n".utf8))
  exit(64)
}
let folder = URL(fileURLWithPath: words[1])
let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
let runner = FuzzRunner(program: program)

struct Progress {
  var next = 0
  var counts: [String: Int] = [:]
  var codes: [Int32: Int] = [:]
  var failures = 0
}

do {
  let maker = try CaseMaker(program: program, seed: seed)
  let only = words.count > 4 ? Int(words[4]) : nil
  let progress = Mutex(Progress(next: only ?? 0))
  let end = Date(timeIntervalSinceNow: seconds)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

  /// Runs a case and tells of its failure.
  @Sendable func check(_ number: Int) throws {
    let fuzzCase = maker.makeCase(number)
    let outcome = try runner.run(fuzzCase)
    progress.withLock {
      $0.counts[fuzzCase.kind, default: 0] += 1
      if let status = outcome.status { $0.codes[status, default: 0] += 1 }
    }
    if only != nil {
      try fuzzCase.write(to: folder.appendingPathComponent("case-\(seed)-\(number).json"))
      print(
        "mixtures \(fuzzCase.arguments.joined(separator: " "))\n\(outcome.errors)exit code \(outcome.status.map { "\($0)" } ?? "none")"
      )
    }
    guard let fault = outcome.fault else { return }
    let file = folder.appendingPathComponent("\(fuzzCase.kind)-\(seed)-\(number).json")
    // What takes long is made small by fewer trials.
    let small = try fuzzCase.reduced(trials: fault.contains("long") || fault.contains("hangs") ? 20 : 300) {
      try runner.run($0).fault == fault
    }
    try small.write(to: file)
    progress.withLock { $0.failures += 1 }
    print(
      "\(fuzzCase.kind): \(fault)\n  make fuzz SEED=\(seed) CASE=\(number)\n  made small: \(file.path)\n  mixtures \(small.arguments.joined(separator: " ").prefix(300))"
    )
  }

  DispatchQueue.concurrentPerform(iterations: only == nil ? ProcessInfo.processInfo.activeProcessorCount : 1) { _ in
    repeat {
      let number = progress.withLock { progress in
        defer { progress.next += 1 }
        return progress.next
      }
      do { try check(number) } catch {
        print("case \(number) cannot be run: \(error)")
        progress.withLock { $0.failures += 1 }
      }
    } while only == nil && Date() < end
  }
  let sums = progress.withLock { $0 }
  let kinds = sums.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  let codes = sums.codes.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }.joined(separator: ", ")
  print("fuzz: seed \(seed): \(kinds); exit codes: \(codes); \(sums.failures) failures")
  exit(sums.failures == 0 ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("fuzz: \(error)\n".utf8))
  exit(1)
}

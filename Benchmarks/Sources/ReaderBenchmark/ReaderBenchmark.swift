import Foundation
import Mixtures

/// Times reading tables from files.
///
/// Run with `make benchmark-reader`; with arguments, times reading the file of the first, called by the second.
@main
struct ReaderBenchmark {
  private static let (rowCount, columnCount, repetitions) = (1_000_000, 10, 5)

  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 3 { return try measure(URL(fileURLWithPath: arguments[1]), as: arguments[2]) }
    print(
      "Reading CSV with \(rowCount) rows and \(columnCount) columns on one thread: the best processor time of \(repetitions),"
    )
    print("and what the peak of memory grows by.\n")
    print("| cells | MB | s | MB/s | memory, MB |\n|---|---|---|---|---|")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reader-benchmark-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let formats: [(name: String, format: @Sendable (Double) -> String)] = [
      ("6 decimals", { String(format: "%.6f", $0) }),
      ("17 significant digits", { String(format: "%.17g", $0) }),
      ("19 significant digits", { String(format: "%.18e", $0) }),
      ("quoted, 6 decimals", { String(format: "\"%.6f\"", $0) }),
      ("categories", { "level \(Int($0.magnitude))" }),
    ]
    for (name, format) in formats {
      let file = folder.appendingPathComponent("data.csv")
      try write(to: file, format)
      // What is printed must come before what the process below prints. It is one of its own, because the peak of a process
      // never falls.
      fflush(nil)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: arguments[0])
      process.arguments = [file.path, name]
      try process.run()
      process.waitUntilExit()
    }
  }

  private static func measure(_ file: URL, as name: String) throws {
    let bytes = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
    let baseline = residentMegabytes
    var best = Double.infinity
    var peak = 0.0
    for _ in 0..<repetitions {
      let began = clock()
      let table = try Table(path: file.path)
      best = min(best, Double(clock() - began) / Double(CLOCKS_PER_SEC))
      peak = max(peak, residentMegabytes - baseline)
      precondition(table.rowCount > 0)
    }
    let megabytes = Double(bytes) / 1e6
    print("| \(name) |", String(format: "%.1f | %.3f | %.0f | %.0f |", megabytes, best, megabytes / best, peak))
  }

  /// Rows of normal numbers with standard deviation 10.
  private static func write(to file: URL, _ format: (Double) -> String) throws {
    var source = RandomSource(seed: 1)
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    let handle = try FileHandle(forWritingTo: file)
    try handle.write(contentsOf: Data(((1...columnCount).map { "x\($0)" }.joined(separator: ",") + "\n").utf8))
    for _ in 0..<1000 {
      let rows = (0..<rowCount / 1000).map { _ in
        (0..<columnCount).map { _ in format(source.gaussian(standardDeviation: 10)) }.joined(separator: ",") + "\n"
      }
      try handle.write(contentsOf: Data(rows.joined().utf8))
    }
    try handle.close()
  }

  /// The peak resident memory of the process so far.
  private static var residentMegabytes: Double {
    var usage = rusage()
    #if os(Linux)
      getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) / 1e3
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6
    #endif
  }
}

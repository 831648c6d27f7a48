import Foundation
import Mixtures

/// Times reading tables from files.
///
/// Run with `make benchmark-reader`; with arguments, times reading those files.
@main
struct ReaderBenchmark {
  private static let (rowCount, columnCount, repetitions) = (1_000_000, 10, 5)

  static func main() throws {
    let files = CommandLine.arguments.dropFirst()
    print("processor seconds, one thread, best of \(repetitions)")
    if !files.isEmpty { return try files.forEach { try measure(URL(fileURLWithPath: $0), as: $0) } }
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
      try measure(file, as: name)
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
    print(
      String(format: "%.1f MB in %.3f s: %4.0f MB/s; peak memory + %.0f MB; ", megabytes, best, megabytes / best, peak)
        + name)
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

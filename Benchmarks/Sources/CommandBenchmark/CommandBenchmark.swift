import Foundation

/// Times `mixtures fit` on a small table, from the start of the process to its end.
///
/// Run with `make benchmark-command`; the argument is the path of the command.
@main
struct CommandBenchmark {
  private static let (rowCount, repetitions) = (200, 21)

  static func main() throws {
    let command = URL(fileURLWithPath: CommandLine.arguments[1])
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("command-benchmark-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("data.csv")
    let rows = (0..<rowCount).map { i in
      let x = Double(i) / Double(rowCount)
      return "\(x),\((i % 2 == 0 ? 2 * x : 1 - x) + 0.1 * sin(Double(i * i)))"
    }
    try Data((["x,y"] + rows).joined(separator: "\n").utf8).write(to: file)
    print(
      "`mixtures fit` on \(rowCount) rows with two experts, from start to end: the median of \(repetitions), and the least.\n"
    )
    print("| options | median, ms | least, ms |\n|---|---|---|")
    for options in [[], ["--noise", "per-expert", "--output", folder.appendingPathComponent("model.json").path]] {
      let times = try (0..<repetitions).map { _ in
        try milliseconds(command, ["fit", file.path, "--target", "y", "--quiet"] + options)
      }.sorted()
      let shown = options.isEmpty ? "none" : "--noise per-expert --output model.json"
      print("| \(shown) |", String(format: "%.0f | %.0f |", times[repetitions / 2], times[0]))
    }
  }

  private static func milliseconds(_ command: URL, _ arguments: [String]) throws -> Double {
    let process = Process()
    process.executableURL = command
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    let began = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    precondition(process.terminationStatus == 0, "the command failed")
    return (.now - began) / .milliseconds(1)
  }
}

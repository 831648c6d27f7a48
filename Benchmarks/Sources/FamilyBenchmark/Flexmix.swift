import Foundation
import Mixtures

extension FamilyBenchmark {
  /// Iterations of flexmix (Leisch 2004) on the same rows, which is an R program.
  static func printFlexmix() throws {
    print("| family | ms/iteration | flexmix's | times faster | at least |")
    print("|---|---:|---:|---:|---:|")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../References/flexmix.R").standardized
    for family in FamilyCase.all where ["Poisson", "binomial"].contains(family.name) {
      let rows = try family.rows(rowCount, features: features, experts: experts, seed: 1)
      var time = PassTimes()
      let mixture = try family.mixture(experts: experts, .maximumLikelihood)
      try time.measure(mixture, rows)
      let seconds = try secondsOfFlexmix(script, family.name.lowercased(), rows)
      try time.measure(mixture, rows)
      print(
        "| \(family.name) | \(String(format: "%.1f", time.least)) | \(String(format: "%.0f", 1000 * seconds)) | "
          + "\(String(format: "%.0f", 1000 * seconds / time.least)) | 20 |")
      fflush(nil)
    }
  }

  private static func secondsOfFlexmix(_ script: URL, _ family: String, _ rows: Observations) throws -> Double {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try text(of: rows).write(to: file, atomically: true, encoding: .utf8)
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["Rscript", script.path, file.path, family, String(experts)]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"].map { ($0, "1") }
    ) { $1 }
    process.standardOutput = output
    try process.run()
    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let seconds = Double(answer.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw DataError("flexmix gave no time; it needs R with its package flexmix (apt install r-cran-flexmix)")
    }
    return seconds
  }

  /// The rows as CSV.
  private static func text(of rows: Observations) throws -> String {
    let tile = rows.makeTile()
    let names = (1...features).map { "x\($0)" } + ["y"] + (tile.trials == nil ? [] : ["trials"])
    var lines = [names.joined(separator: ",")]
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      for i in tile.rows {
        let cells = (0..<features).map { tile.features[$0 * tile.capacity + i] } + [tile.response[i]]
        lines.append((cells + (tile.trials.map { [$0[i]] } ?? [])).map { "\($0)" }.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

import Foundation
import Synchronization

/// The replicates of all settings, each in a line of a file, so that a run that was stopped goes on where it was.
struct Study {
  /// The folder of the files.
  let folder: URL
  let replicates: Int

  /// Adds what is missing, on all threads, and writes the table.
  func run() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    print(
      """
      ## Mixtures

      Of \(replicates) data sets a line. Behind the share that intervals by the fit's standard errors hold stands that of each factor of the posterior \
      by itself (`--errors mean-field`), where it has any. Fits begin from their usual starts, but for the tree, whose branches have a truth only from \
      the true assignments. An interval that could not be found counts as one that misses.

      | data | K | N | coefficients | weights | gate | noise |
      |---|---:|---:|---:|---:|---:|---:|
      """)
    for setting in Setting.all {
      print(row(setting, try replicates(of: setting)))
      fflush(nil)
    }
  }

  private func replicates(of setting: Setting) throws -> [Replicate] {
    let file = folder.appending(path: setting.key + ".jsonl")
    if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    // A last line that was cut off is drawn again.
    let known = lines.compactMap { try? JSONDecoder().decode(Replicate.self, from: Data($0.utf8)) }
    let whole = try known.map { try JSONEncoder().encode($0) + Data("\n".utf8) }.reduce(Data(), +)
    try whole.write(to: file, options: .atomic)
    let done = Set(known.map(\.number))
    let missing = (0..<replicates).filter { !done.contains($0) }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.seekToEnd()
    let state = Mutex<(added: [Replicate], failure: (any Error)?)>(([], nil))
    DispatchQueue.concurrentPerform(iterations: missing.count) { index in
      guard state.withLock({ $0.failure == nil }) else { return }
      do {
        let replicate = try Replicate(missing[index], of: setting)
        let line = try JSONEncoder().encode(replicate) + Data("\n".utf8)
        try state.withLock { state in
          try handle.write(contentsOf: line)
          state.added.append(replicate)
        }
      } catch {
        state.withLock { $0.failure = error }
      }
    }
    let (added, failure) = state.withLock { $0 }
    if let failure { throw failure }
    return (known + added).filter { $0.number < replicates }
  }

  private func row(_ setting: Setting, _ replicates: [Replicate]) -> String {
    func share(_ counts: [[Int]]) -> String? {
      let (held, all) = counts.reduce((0, 0)) { ($0.0 + $1[0], $0.1 + $1[1]) }
      return all == 0 ? nil : String(format: "%.1f", 100 * Double(held) / Double(all))
    }
    let cells = Replicate.Kind.allCases.map { kind in
      let corrected = share(replicates.compactMap { $0.corrected[kind] })
      let meanField = share(replicates.compactMap { $0.meanField[kind] })
      return (corrected ?? "") + (meanField.map { " (\($0))" } ?? "")
    }
    return "| \(setting.name) | \(setting.experts) | \(setting.rows) | \(cells.joined(separator: " | ")) |"
  }
}

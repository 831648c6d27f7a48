import Foundation
import Mixtures

extension BenchmarkResults {
  /// The summaries and the runs as JSON.
  public var json: Data {
    get throws {
      struct Content: Encodable {
        let summaries: [BenchmarkSummary]
        let runs: [BenchmarkRun]
      }
      let encoder = JSONEncoder.ofAllNumbers()
      return try encoder.encode(Content(summaries: summaries, runs: runs))
    }
  }
}

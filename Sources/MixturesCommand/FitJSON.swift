import Foundation
import MixtureDiagnostics
import Mixtures

/// What `mixtures fit --json` prints.
struct FitJSON: Encodable {
  let rows: Int
  let elbo: [Double]
  let elboTerms: [String: Double]
  let converged: Bool
  let stopReason: StopReason
  let iterations: Int
  let experts: [FitReport.Expert]
  let logLikelihood: Double
  let restarts: [Fit.Restart]
  let seed: UInt64
  let threads: Int
  let seconds: Double

  init(_ fit: Fit, logLikelihood: Double) {
    rows = fit.data.rowCount
    elbo = fit.bounds.map(\.total)
    elboTerms = Dictionary(uniqueKeysWithValues: fit.bound.terms.map { ($0.part, $0.value) })
    converged = fit.stopReason == .converged
    stopReason = fit.stopReason
    iterations = fit.bounds.count
    experts = FitReport(fit).experts
    self.logLikelihood = logLikelihood
    restarts = fit.restarts
    seed = fit.options.seed
    threads = fit.options.threads
    seconds = fit.seconds
  }

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

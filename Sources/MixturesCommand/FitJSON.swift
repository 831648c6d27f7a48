import Foundation
import Mixtures

/// What `mixtures fit --json` prints.
struct FitJSON: Encodable {
  /// An expert in numbers.
  struct Expert: Encodable {
    let name: String
    let weight: Double
    let effectiveRows: Double
    /// The posterior means of the coefficients by name.
    let coefficients: [String: Double]
    /// Their posterior standard deviations by name.
    let standardErrors: [String: Double]
    let noiseVariance: Double
  }

  /// The prior of an expert's coefficients by name, in the units of the data; without numbers if it is flat.
  struct Prior: Encodable {
    let mean: [String: Double]?
    let standardDeviations: [String: Double]?

    init(_ law: Gaussian?, names: [String]) {
      mean = law.map { Dictionary(uniqueKeysWithValues: zip(names, $0.mean)) }
      standardDeviations = law.map { Dictionary(uniqueKeysWithValues: zip(names, $0.standardDeviations)) }
    }
  }

  /// The gate of rows without a label: its type, and its parameters by name, an object for each expert and one for what all have in
  /// common.
  struct Gate: Encodable {
    let type: String
    let parameters: [[String: Double]]
    let standardErrors: [[String: Double]]
    let common: [String: Double]
    let commonStandardErrors: [String: Double]

    init(_ gate: any Mixtures.Gate, _ data: DataSummary) {
      type = Swift.type(of: (gate as? KnownGate)?.base ?? gate).partName
      let (ofExperts, ofAll) = (gate.parameters(data), gate.commonParameters(data))
      (parameters, standardErrors) = (ofExperts.map(Self.values), ofExperts.map(Self.errors))
      (common, commonStandardErrors) = (Self.values(ofAll), Self.errors(ofAll))
    }

    private static func values(_ estimates: [ParameterEstimate]) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: estimates.map { ($0.name, $0.value) })
    }

    private static func errors(_ estimates: [ParameterEstimate]) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: estimates.compactMap { one in one.standardError.map { (one.name, $0) } })
    }
  }

  let rows: Int
  let elbo: [Double]
  let elboTerms: [String: Double]
  let converged: Bool
  let stopReason: StopReason
  let iterations: Int
  let experts: [Expert]
  let priors: [Prior]
  let gate: Gate
  /// The column of labels, by which experts are called.
  let labels: String?
  let warnings: [String]
  /// That of the data, where they are at hand.
  let logLikelihood: Double?
  let restarts: [Fit.Restart]
  let seed: UInt64
  let threads: Int
  let seconds: Double

  init(_ fit: FittedMixture, logLikelihood: Double?) throws {
    rows = fit.data.rowCount
    elbo = fit.bounds.map(\.total)
    elboTerms = Dictionary(uniqueKeysWithValues: fit.bound.terms.map { ($0.part, $0.value) })
    converged = fit.stopReason == .converged
    stopReason = fit.stopReason
    iterations = fit.bounds.count
    let features = fit.data.features.map(\.name)
    let linear = fit.mixture.experts(of: LinearExpert.self)
    experts = zip(FitReport(fit).experts, linear).map { report, expert in
      let (law, names) = (expert.coefficients, expert.coefficientNames(features: features))
      return Expert(
        name: report.name, weight: report.weight, effectiveRows: report.effectiveRows,
        coefficients: Dictionary(uniqueKeysWithValues: zip(names, law.mean)),
        standardErrors: Dictionary(uniqueKeysWithValues: zip(names, law.standardDeviations)),
        noiseVariance: expert.noiseVariance)
    }
    let block = fit.mixture.blocks.first as? Experts<LinearExpert>
    priors = try linear.enumerated().map { k, expert in
      Prior(try block?.coefficientPrior(ofExpert: k), names: expert.coefficientNames(features: features))
    }
    gate = Gate(fit.mixture.gate, fit.data)
    labels = fit.design.labels?.column
    warnings = fit.warnings
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

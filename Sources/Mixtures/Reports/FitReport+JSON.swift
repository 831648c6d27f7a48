import Foundation

extension FitReport {
  /// All that there is to tell, as one JSON object: what `mixtures fit --json` prints. Parameters are lists, in which nothing is lost that
  /// has the name of another.
  ///
  /// - Parameter logLikelihood: that of the data, where they are at hand.
  /// - Throws: what an expert's type throws that is asked for its priors.
  public func json(logLikelihood: Double? = nil) throws -> String {
    let object = try FitObject(self, logLikelihood: logLikelihood)
    return String(decoding: try JSONEncoder.ofAllNumbers().encode(object), as: UTF8.self)
  }
}

private struct FitObject: Encodable {
  /// An expert in numbers.
  struct Expert: Encodable {
    let name: String
    let type: String
    let weight: Double
    let effectiveRows: Double
    let parameters: [ParameterEstimate]
    let priors: [ParameterPrior]
  }

  /// A block of experts: their type, their names, and on which terms they were fitted.
  struct Block: Encodable {
    let type: String
    let experts: [String]
    let isFixed: Bool
    let terms: [PartTerm]
  }

  /// The gate of rows without a label: its type, its terms, and its parameters, a list for each expert and one for what all have in
  /// common.
  struct Gate: Encodable {
    let type: String
    let isFixed: Bool
    let terms: [PartTerm]
    let parameters: [[ParameterEstimate]]
    let common: [ParameterEstimate]
  }

  let rows: Int
  let elbo: Double
  let elboTrace: [Double]
  let elboTerms: [ELBO.Term]
  let converged: Bool
  let stopReason: StopReason
  let iterations: Int
  let experts: [Expert]
  let blocks: [Block]
  let gate: Gate
  /// The column of numbers of trials, of which the response is the number of successes.
  let trials: String?
  /// The level of a response of two levels that is 1.
  let successLevel: String?
  /// The column of labels, by which experts are called.
  let labels: String?
  let warnings: [String]
  let logLikelihood: Double?
  /// Of a fit by maximum likelihood.
  let parameterCount: Int?
  let aic: Double?
  let bic: Double?
  let restarts: [Fit.StartRecord]
  let seed: UInt64
  let threads: Int
  let seconds: Double

  init(_ report: FitReport, logLikelihood: Double?) throws {
    let fit = report.fit
    rows = fit.data.rowCount
    elbo = fit.elbo.total
    elboTrace = fit.elboTrace.map(\.total)
    elboTerms = fit.elbo.terms
    converged = fit.stopReason == .converged
    stopReason = fit.stopReason
    iterations = fit.elboTrace.count
    let priors = try fit.mixture.blocks.flatMap { try $0.priors(for: fit.data) }
    experts = zip(report.experts, priors).map { expert, priors in
      Expert(
        name: expert.name, type: expert.type, weight: expert.weight, effectiveRows: expert.effectiveRows,
        parameters: expert.parameters, priors: priors)
    }
    let names = fit.mixture.expertNames
    blocks = zip(fit.mixture.blocks, fit.mixture.expertRanges).map { block, range in
      Block(type: block.modelName, experts: Array(names[range]), isFixed: block.isFixed, terms: block.terms)
    }
    // A gate of labels finds its features among those of the data; the one for rows without a label is told of its own.
    let gate = fit.mixture.gate
    self.gate = Gate(
      type: type(of: gate.ofUnknown).partName, isFixed: fit.mixture.gateIsFixed, terms: gate.terms,
      parameters: fit.gateParameters, common: fit.commonGateParameters)
    (trials, successLevel) = (fit.design.trials, fit.design.successLevel)
    labels = fit.design.labels?.column
    warnings = fit.warnings
    self.logLikelihood = logLikelihood
    (parameterCount, aic, bic) = (fit.parameterCount, fit.aic, fit.bic)
    restarts = fit.starts
    seed = fit.options.seed
    threads = fit.options.threads
    seconds = fit.seconds
  }
}

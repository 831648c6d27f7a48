import Foundation
import GSL
import MixtureCore

// Laws that compare a block with draws of its parameters.
extension ModelSubject {
  private func draws() throws -> PartExamination<Block<Model>>.Draws {
    guard let drawParameters else { throw NoDraws() }
    return wrapped(drawParameters)
  }

  private func wrapped(_ draws: @escaping ParameterDraws) -> PartExamination<Block<Model>>.Draws {
    { block, source in
      let draw = try draws(block, &source)
      return PartDraw(divergence: draw.divergence) { try draw.logLikelihoods($0, expertCount: block.experts.count) }
    }
  }

  /// Scores against means of log-likelihoods.
  func expectedLogLikelihood(_ examination: PartExamination<Block<Model>>, isBound: Bool) throws -> [String] {
    try examination.scoresAreMeans(isBound: isBound, draws())
  }

  func prior(_ examination: PartExamination<Block<Model>>) throws -> [String] { try examination.prior(draws()) }

  func evidence(_ examination: PartExamination<Block<Model>>) throws -> [String] { try examination.evidence(draws()) }

  /// Rows with an offset: scores are those of draws that know it, and not those of rows without.
  func offset(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let offsets = (0..<examination.rows.rowCount).map { [0.4, -0.2, 0.1, -0.5, 0.3][$0 % 5] }
    let shifted = PartExamination(
      part: block, rows: examination.rows.offset(by: offsets), labels: examination.labels)
    let fitted = try shifted.updated(1)
    let (with, without) = (
      try fitted.scores(shifted.rows), try fitted.scores(shifted.rows.offset(by: offsets.map { _ in 0 }))
    )
    let matters = with != without
    let violations =
      matters == offsetMatters
      ? [] : ["scores \(matters ? "change" : "do not change") with the offset, and offsetMatters is \(offsetMatters)"]
    if case .absent = exceptions[.expectedLogLikelihood] { return violations }
    let isBound = exceptions[.expectedLogLikelihood] != nil
    return try violations + expectedLogLikelihood(shifted, isBound: isBound) + offsetElsewhere(shifted)
  }

  /// What updates and predictions make of the offset.
  private func offsetElsewhere(_ shifted: PartExamination<Block<Model>>) throws -> [String] {
    try shifted.updateNeverLowers()
      + (exceptions[.stationary] == nil ? shifted.stationary(variations) : [])
      + (exceptions[.predictiveDensity] == nil ? predictiveDensity(shifted) : [])
      + (exceptions[.likelihoodAtMean] == nil ? likelihoodAtMean(shifted) : [])
  }

  /// As if each row had been observed a million times: q is next to a point, where a bound of the mean log-likelihood has nothing left to lose.
  func manyRows(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let draw = try draws()
    let many = examination.rows.weighing { _ in 1e6 }
    var trial = try examination.updated(0)
    for _ in 0..<10 { try trial.update(many, examination.nearTruth) }
    let tile = examination.rows.makeTile()
    try examination.rows.load(0, into: tile)
    let scores = try trial.scores(examination.rows)
    var source = RandomSource(seed: 14)
    let draws = try (0..<200).map { _ in try draw(trial, &source).scores(tile) }
    let errors = GoodnessOfFit.standardErrors(tests: scores.count * trial.experts.count)
    let wrong = scores.indices.flatMap { i in
      scores[i].indices.compactMap { k -> String? in
        let sample = Sample(draws.map { $0[i][k] })
        let allowed = 1e-4 * max(1, abs(scores[i][k])) + errors * sample.standardError
        return abs(sample.mean - scores[i][k]) <= allowed
          ? nil : "row \(i), expert \(k), from rows that weigh a million: \(scores[i][k]), but the draws are \(sample)"
      }
    }
    return wrong.isEmpty ? [] : ["\(wrong.count) of \(scores.count * trial.experts.count): " + wrong[0]]
  }

  /// Rows of other experts lie so far in the tails that few draws would decide the mean.
  func predictiveDensity(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let uncertain = try examination.uncertain()
    guard let experts = uncertain.part.predictive else { return [] }
    let draw = try drawPredictions.map(wrapped) ?? draws()
    let draws = try uncertain.draws { try draw($0, &$2).scores($1) }
    let densities = try experts.map { try $0.logDensities(uncertain.rows) }
    let errors = GoodnessOfFit.standardErrors(tests: uncertain.tile.rowCount)
    return uncertain.tile.rows.compactMap { i in
      let k = uncertain.labels[i]
      let sample = Sample(draws.map { exp($0[i][k]) })
      let density = exp(densities[k][i])
      // In a tail few draws decide.
      guard sample.effectiveCount > 20 else { return nil }
      return sample.hasMean(density, within: errors)
        ? nil : "row \(i), expert \(k): the density is \(density), but the draws are \(sample)"
    }
  }
}

import Foundation
import GSL
import MixtureCore

// Laws that compare a block with draws of its parameters.
extension ModelSubject {
  private func draws() throws -> ParameterDraws {
    guard let drawParameters else { throw NoDraws() }
    return drawParameters
  }

  /// Scores against means of log-likelihoods.
  func expectedLogLikelihood(_ examination: PartExamination<Experts<Model>>, isBound: Bool) throws -> [String] {
    let draw = try draws()
    return try examination.scoresAreMeans(isBound: isBound) { block, tile, source in
      try draw(block, &source).logLikelihoods(tile, expertCount: block.experts.count)
    }
  }

  /// Means of ln q − ln p over 4,000 draws, with five rows behind each expert and with many.
  func prior(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let draw = try draws()
    let blocks = [("five rows", try examination.uncertain().part), ("all rows", try examination.updated(2))]
    return try blocks.compactMap { name, block in
      var source = RandomSource(seed: 15)
      let sample = Sample(try (0..<4000).map { _ in try draw(block, &source).divergence })
      let divergence = try block.divergence()
      return sample.hasMean(divergence, within: GoodnessOfFit.standardErrors(tests: 2))
        || abs(sample.mean - divergence) <= 1e-9 * (1 + abs(divergence))
        ? nil : "with \(name) of each expert the divergence is \(divergence), but ln q − ln p is \(sample)"
    }
  }

  /// With 0, 1, 2, 3 and 5 rows an expert, each wholly its own, the bound against the evidence p(y) = E_q [p(y | θ) p(θ) / q(θ)] over 4,000 draws.
  ///
  /// Where q has lighter tails than the posterior, few draws miss what there is in the tails, and find less than the evidence. They do not find
  /// less than the bound, but for chance: E ln of a mean of any number of weights is at least E ln of one, which is the bound.
  func evidence(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let draw = try draws()
    let counts = [0, 1, 2, 3, 5]
    return try counts.compactMap { count -> String? in
      guard let few = try examination.fewRows(count) else { return nil }
      let (block, rows, labels) = (few.part, few.rows, few.labels)
      var own = Responsibilities(labels: labels, expertCount: block.experts.count)
      own.rows = labels.map { label in block.experts.indices.map { $0 == label ? 1 : 0 } }
      let bound = try block.bound(rows, own)
      let tile = rows.makeTile()
      if count > 0 { try rows.load(0, into: tile) }
      var source = RandomSource(seed: 16)
      let weights = try (0..<4000).map { _ in
        let draw = try draw(block, &source)
        let scores = count > 0 ? try draw.logLikelihoods(tile, expertCount: block.experts.count) : []
        return zip(scores, labels).reduce(-draw.divergence) { $0 + $1.0[$1.1] }
      }
      let largest = weights.max() ?? 0
      let sample = Sample(weights.map { exp($0 - largest) })
      let errors = GoodnessOfFit.standardErrors(tests: counts.count)
      let most = largest + log(sample.mean + errors * sample.standardError)
      return bound.total <= most + bound.rounding + 1e-9
        ? nil
        : "with \(count) rows an expert the bound is \(bound.total), above the evidence, \(largest + log(sample.mean)) by draws"
    }
  }

  /// Rows with an offset: scores are those of draws that know it, and not those of rows without.
  func offset(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
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
  private func offsetElsewhere(_ shifted: PartExamination<Experts<Model>>) throws -> [String] {
    try shifted.updateNeverLowers()
      + (exceptions[.stationary] == nil ? shifted.stationary(variations) : [])
      + (exceptions[.predictiveDensity] == nil ? predictiveDensity(shifted) : [])
      + (exceptions[.likelihoodAtMean] == nil ? likelihoodAtMean(shifted) : [])
  }

  /// As if each row had been observed a million times: q is next to a point, where a bound of the mean log-likelihood has nothing left to lose.
  func manyRows(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let draw = try draws()
    let many = examination.rows.weighing { _ in 1e6 }
    var trial = try examination.updated(0)
    for _ in 0..<10 { try trial.update(many, examination.nearTruth) }
    let tile = examination.rows.makeTile()
    try examination.rows.load(0, into: tile)
    let scores = try trial.scores(examination.rows)
    var source = RandomSource(seed: 14)
    let draws = try (0..<200).map { _ in
      try draw(trial, &source).logLikelihoods(tile, expertCount: trial.experts.count)
    }
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
  func predictiveDensity(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    try predictiveDensity(examination.uncertain())
  }

  private func predictiveDensity(_ uncertain: PartExamination<Experts<Model>>.Uncertain) throws -> [String] {
    guard let experts = uncertain.part.predictive else { return [] }
    let draw = try drawPredictions ?? draws()
    let draws = try uncertain.draws { block, tile, source in
      try draw(block, &source).logLikelihoods(tile, expertCount: block.experts.count)
    }
    let laws = try experts.map { try $0.anyLaws(uncertain.tile) }
    let errors = GoodnessOfFit.standardErrors(tests: uncertain.tile.rowCount)
    return uncertain.tile.rows.compactMap { i in
      let k = uncertain.labels[i]
      let sample = Sample(draws.map { exp($0[i][k]) })
      let density = exp(laws[k][i].logDensity(at: uncertain.tile.response[i]))
      // In a tail few draws decide.
      guard sample.effectiveCount > 20 else { return nil }
      return sample.hasMean(density, within: errors)
        ? nil : "row \(i), expert \(k): the density is \(density), but the draws are \(sample)"
    }
  }
}

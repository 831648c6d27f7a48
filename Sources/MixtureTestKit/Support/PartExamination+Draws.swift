import Foundation
import GSL
import MixtureCore

/// What a draw of a part's parameters from q says: ln q − ln p, and the scores of each row under it.
struct PartDraw {
  var divergence: Double
  var scores: (Tile) throws -> [[Double]]
}

// Laws that compare a part with draws of its parameters.
extension PartExamination {
  typealias Draws = (Part, inout RandomSource) throws -> PartDraw

  /// The scores against means over draws.
  ///
  /// - Parameter isBound: whether scores need only not exceed the means.
  func scoresAreMeans(isBound: Bool, _ draw: Draws) throws -> [String] {
    let uncertain = try uncertain()
    let scores = try uncertain.part.scores(uncertain.rows)
    let draws = try uncertain.draws { try draw($0, &$2).scores($1) }
    let errors = GoodnessOfFit.standardErrors(tests: scores.count * part.expertCount)
    var violations: [String] = []
    for (i, row) in scores.enumerated() {
      for (k, score) in row.enumerated() {
        guard score.isFinite else {
          violations.append("row \(i), expert \(k): \(score), of a row that such experts made")
          continue
        }
        let sample = Sample(draws.map { $0[i][k] })
        let agrees = isBound ? sample.hasMean(atLeast: score, within: errors) : sample.hasMean(score, within: errors)
        if !agrees { violations.append("row \(i), expert \(k): \(score), but the draws are \(sample)") }
      }
    }
    return violations.isEmpty ? [] : ["\(violations.count) of \(scores.count * part.expertCount): " + violations[0]]
  }

  /// Means of ln q − ln p over 4,000 draws, with five rows behind each expert and with many.
  func prior(_ draw: Draws) throws -> [String] {
    let parts = [("five rows", try uncertain().part), ("all rows", try updated(2))]
    return try parts.compactMap { name, part in
      var source = RandomSource(seed: 15)
      let sample = Sample(try (0..<4000).map { _ in try draw(part, &source).divergence })
      let divergence = try part.divergence()
      return sample.hasMean(divergence, within: GoodnessOfFit.standardErrors(tests: 2))
        || abs(sample.mean - divergence) <= 1e-9 * (1 + abs(divergence))
        ? nil : "with \(name) of each expert the divergence is \(divergence), but ln q − ln p is \(sample)"
    }
  }

  /// With 0, 1, 2, 3 and 5 rows an expert, each wholly its own, the ELBO against the evidence p(y) = E_q [p(y | θ) p(θ) / q(θ)] over 4,000 draws.
  ///
  /// Where q has lighter tails than the posterior, few draws miss what there is in the tails, and find less than the evidence. They do not find
  /// less than the ELBO, but for chance: E ln of a mean of any number of weights is at least E ln of one, which is the ELBO.
  func evidence(_ draw: Draws) throws -> [String] {
    let counts = [0, 1, 2, 3, 5]
    return try counts.compactMap { count -> String? in
      guard let few = try fewRows(count) else { return nil }
      let (rows, labels) = (few.rows, few.labels)
      let own = Responsibilities(certain: labels, expertCount: part.expertCount)
      let elbo = try few.part.elbo(rows, own)
      let tile = rows.makeTile()
      if count > 0 { try rows.load(0, into: tile) }
      var source = RandomSource(seed: 16)
      let weights = try (0..<4000).map { _ in
        let draw = try draw(few.part, &source)
        let scores = count > 0 ? try draw.scores(tile) : []
        return zip(scores, labels).reduce(-draw.divergence) { $0 + $1.0[$1.1] }
      }
      let largest = weights.max() ?? 0
      let sample = Sample(weights.map { exp($0 - largest) })
      let errors = GoodnessOfFit.standardErrors(tests: counts.count)
      let most = largest + log(sample.mean + errors * sample.standardError)
      return elbo.total <= most + elbo.rounding + 1e-9
        ? nil
        : "with \(count) rows an expert the ELBO is \(elbo.total), above the evidence, \(largest + log(sample.mean)) by draws"
    }
  }
}

import MixtureCore

/// A prior that is held to the laws, with posteriors of some experts.
public struct PriorSubject<P: Prior>: LawSubject {
  /// What the prior is called in messages.
  public var name: String
  /// The prior as a user makes it, before a fit.
  public var prior: P
  /// What it is told of the fit: as many experts as there are posteriors.
  public var setting: PriorSetting
  /// A posterior for each of at least two experts, all different.
  public var posteriors: [P.Factor]
  /// A variation for each learned parameter, or for each kind of them, for ``PriorLaw/stationary``.
  public var variations: [Variation<P>]
  /// What the prior takes from the ELBO beside the divergences; zero by default.
  public var penalty: @Sendable (P) throws -> Double = { _ in 0 }
  /// The laws that the prior does not keep, or only as an inequality, with the reasons.
  public var exceptions: [PriorLaw: LawException]
  /// A prior with posteriors. Without variations, ``PriorLaw/stationary`` must be declared absent.
  public init(
    _ prior: P, named name: String = P.partName, setting: PriorSetting, posteriors: [P.Factor],
    variations: [Variation<P>] = [], exceptions: [PriorLaw: LawException] = [:]
  ) {
    self.name = name
    self.prior = prior
    self.setting = setting
    self.posteriors = posteriors
    self.variations = variations
    self.exceptions = exceptions
  }

  /// How the prior violates `law`; empty if it does not.
  public func violations(of law: PriorLaw, isInequality: Bool) throws -> [String] {
    guard posteriors.count > 1, posteriors.count == setting.expertCount else {
      return ["the subject needs posteriors of at least two experts, as many as its setting says"]
    }
    switch law {
    case .divergence: return try divergence()
    case .divergenceIsSum: return try divergenceIsSum()
    case .stationary where isInequality: return try updateNeverRaises()
    case .updateNeverRaises: return try updateNeverRaises()
    case .stationary: return try stationary()
    case .inactiveExperts: return try inactiveExperts()
    case .copy: return try copyIsIndependent()
    case .telling: return try telling()
    case .configuration: return try configuration()
    case .jsonRoundTrip: return try jsonRoundTrip()
    case .relabelling: return try relabelling()
    }
  }
}

extension PriorSubject {
  private var everyone: [Bool] { posteriors.map { _ in true } }
  /// Posteriors that make a prior another one: all like the first.
  private var others: [P.Factor] { posteriors.map { _ in posteriors[0] } }

  private func updated(_ count: Int) throws -> P {
    var prior = prior
    try prior.configure(for: setting)
    for _ in 0..<count { try prior.update(from: posteriors, active: everyone) }
    return prior
  }

  /// The divergence of each posterior from its prior distribution.
  private func divergences(_ posteriors: [P.Factor], from prior: P) throws -> [Double] {
    try posteriors.enumerated().map { k, posterior in
      try prior.distribution(ofExpert: k).map { posterior.divergence(from: $0) } ?? -posterior.entropy
    }
  }

  /// Minus the divergence. The terms of a divergence cancel, so its rounding is not its own: 10⁻¹² for each dimension and
  /// each nat of an expert's.
  private func elbo(_ prior: P) throws -> ELBOValue {
    let sizes = try divergences(posteriors, from: prior).reduce(0) { $0 + abs($1) + Double(setting.dimension) }
    return ELBOValue(total: -(try prior.divergence(of: posteriors)), absolute: 70 * sizes)
  }

  private func divergence() throws -> [String] {
    var violations: [String] = []
    for count in [0, 1, 3] {
      let prior = try updated(count)
      let divergence = try prior.divergence(of: posteriors)
      if !(divergence >= 0) { violations.append("the divergence is \(divergence) after \(count) updates") }
      let distributions = try posteriors.indices.map { try prior.distribution(ofExpert: $0) ?? posteriors[$0] }
      let penalty = try penalty(prior)
      let own = try prior.divergence(of: distributions)
      if !(abs(own - penalty) <= 1e-9 * (1 + abs(penalty))) {
        violations.append(
          "after \(count) updates, its own distributions have the divergence \(own), and the penalty is \(penalty)")
      }
    }
    return violations
  }

  private func divergenceIsSum() throws -> [String] {
    try [0, 1, 3].flatMap { count in
      let prior = try updated(count)
      let sum = try divergences(posteriors, from: prior).reduce(penalty(prior), +)
      return differences(
        "divergence and sum after \(count) updates", [try prior.divergence(of: posteriors)], [sum], tolerance: 1e-10)
    }
  }

  private func updateNeverRaises() throws -> [String] {
    var prior = try updated(0)
    try prior.update(from: others, active: everyone)
    var before = try elbo(prior)
    for count in 1...6 {
      try prior.update(from: posteriors, active: everyone)
      let after = try elbo(prior)
      if after.isBelow(before) {
        return ["update \(count) raises the divergence from \(-before.total) to \(-after.total)"]
      }
      before = after
    }
    return []
  }

  private func stationary() throws -> [String] {
    guard !variations.isEmpty else { return ["the subject names no variations: how to move each learned parameter"] }
    var prior = try updated(0)
    try prior.update(from: others, active: everyone)
    try prior.update(from: posteriors, active: everyone)
    let early = try variations.filter(\.isUpdatedLast).flatMap { try $0.violations(at: prior, elbo: elbo) }
    var before = try elbo(prior)
    for _ in 0..<2000 {
      try prior.update(from: posteriors, active: everyone)
      let after = try elbo(prior)
      if after.total <= before.total { break }
      before = after
    }
    return try early.map { "after one update, " + $0 }
      + variations.flatMap { try $0.violations(at: prior, elbo: elbo) }.map { "at rest, " + $0 }
  }

  private func inactiveExperts() throws -> [String] {
    var active = everyone
    active[active.count - 1] = false
    func distributions(_ last: P.Factor) throws -> [Double] {
      var prior = try updated(1)
      for _ in 0..<3 { try prior.update(from: posteriors.dropLast() + [last], active: active) }
      return try divergences(posteriors, from: prior)
    }
    var empty = try updated(1)
    try empty.update(from: posteriors, active: posteriors.map { _ in false })
    let nobody = try divergences(posteriors, from: empty)
    return
      (nobody.allSatisfy(\.isFinite)
      ? [] : ["without any expert with rows, divergences from its distributions are \(nobody)"])
      + differences(
        "divergences from distributions, with one posterior or another for an expert without rows",
        try distributions(posteriors[posteriors.count - 1]), try distributions(posteriors[0]), tolerance: 1e-12)
  }

  private func copyIsIndependent() throws -> [String] {
    let original = try updated(1)
    let (data, numbers) = (try json(original), try divergences(posteriors, from: original))
    var copy = original
    try copy.update(from: others, active: everyone)
    _ = try copy.boldUpdate(from: others, active: everyone)
    _ = try divergences(posteriors, from: copy)
    return (try json(original) == data ? [] : ["updating a copy changes the JSON of the original"])
      + differencesInBits(
        "updating a copy changes the original's distributions", numbers, try divergences(posteriors, from: original))
  }

  private func telling() throws -> [String] {
    let prior = try updated(3)
    let pruned = posteriors.enumerated().map { prior.prunedEntries(ofExpert: $0, under: $1) }
    return tooManyWarnings(prior.warnings, of: posteriors.count) + (prior.words.isEmpty ? ["it has no words"] : [])
      + pruned.filter { Set($0).count != $0.count || !$0.allSatisfy((0..<setting.dimension).contains) }
      .map { "the pruned entries \($0) are not of \(setting.dimension), each once" }
  }

  private func configuration() throws -> [String] {
    var twice = try updated(0)
    try twice.configure(for: setting)
    return try json(twice) == json(updated(0)) ? [] : ["configuring twice is not configuring once"]
  }

  private func jsonRoundTrip() throws -> [String] {
    try roundTripViolations(try updated(1)) { prior in
      var next = prior
      try next.update(from: others, active: everyone)
      return try [prior.divergence(of: posteriors), next.divergence(of: posteriors)]
        + divergences(posteriors, from: prior) + divergences(posteriors, from: next)
    }
  }

  private func relabelling() throws -> [String] {
    let order = rotation(posteriors.count)
    func fitted(_ prior: P, _ posteriors: [P.Factor]) throws -> (prior: P, careful: [Double], bold: [Double]?) {
      var prior = prior
      try prior.configure(for: setting)
      for _ in 0..<3 { try prior.update(from: posteriors, active: everyone) }
      let bold = try prior.boldUpdate(from: posteriors, active: everyone)
      return (prior, try divergences(posteriors, from: prior), try bold.map { try divergences(posteriors, from: $0) })
    }
    var relabelled = prior
    relabelled.select(order)
    let (a, b) = (try fitted(prior, posteriors), try fitted(relabelled, order.map { posteriors[$0] }))
    // A fitted prior, too, and where an expert is left out.
    var fewer = a.prior
    let kept = Array(order.dropLast())
    fewer.select(kept)
    return differences(
      "divergences without one expert", kept.map { a.careful[$0] },
      try divergences(kept.map { posteriors[$0] }, from: fewer), tolerance: 1e-12)
      + differences("divergences from distributions, relabelled", order.map { a.careful[$0] }, b.careful, tolerance: 1e-9)
      + differences(
        "divergences from distributions after a bold update, relabelled", order.compactMap { a.bold?[$0] }, b.bold ?? [],
        tolerance: 1e-9)
  }
}

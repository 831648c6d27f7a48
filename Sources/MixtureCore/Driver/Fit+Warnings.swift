// What a user should know about the result of a fit.

extension Fit {
  /// What the parts say of themselves and of the data; a fit that did not end, or ended in more experts than there are; a search that found
  /// little; row weights that leave little.
  public var warnings: [String] {
    let names = mixture.expertNames
    // What one block says of the data, others say in the same words.
    let ofBlocks = zip(mixture.blocks, mixture.expertRanges).flatMap { $0.warnings(names: Array(names[$1])) }
    let ofParts = (ofBlocks + mixture.gate.warnings).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return weightWarnings + roundingWarnings + ofParts + emptyWarnings
      + equalExperts.map { equality(of: $0.map { names[$0] }) } + (errors?.warnings ?? []) + endWarnings
      + searchWarnings
  }

  /// Weights count rows, and few rows tell little.
  private var weightWarnings: [String] {
    let (weight, rows) = (dataOfFit.totalWeight, dataOfFit.rowCount)
    let coefficients = mixture.blocks.flatMap { $0.parameters(for: dataOfFit) }.joined().count(where: \.isCoefficient)
    guard weight < Double(rows) && (weight < Double(coefficients) || weight < 0.1 * Double(rows)) else { return [] }
    return [
      "the row weights of the \(rows) rows sum to \(Float(weight)): row weights count rows, so the fit knows no more than from so many rows; "
        + "if only their ratios mean something, rescale them to a mean of one (--rescale-row-weights)"
    ]
  }

  /// Terms that cancel leave an ELBO of few digits, of which differences between fits are no more.
  private var roundingWarnings: [String] {
    guard let last = elboTrace.last, last.rounding > 0.01 else { return [] }
    return [
      "the ELBO is certain to \(Float(last.rounding)) nats only, since much larger terms cancel in it, and so are criteria such as BIC: compare no fits "
        + "that differ by less"
    ]
  }

  /// Experts that nobody should take for found.
  private var emptyWarnings: [String] {
    let empty = effectiveRows.indices.filter { effectiveRows[$0] < 0.05 }.map { mixture.expertNames[$0] }
    guard !empty.isEmpty else { return [] }
    return [
      (empty.count == 1 ? "expert \(empty[0]) has" : "experts \(empty.inSentence) have")
        + " no rows: \(empty.count == 1 ? "its" : "their") estimates come from the prior alone. This fit uses "
        + "\(mixture.expertCount - empty.count) of the \(mixture.expertCount) experts, and predictions still give the others their weight; fit "
        + "fewer"
    ]
  }

  private func equality(of names: [String]) -> String {
    "experts \(names.inSentence) are the same: one is enough"
  }

  private var endWarnings: [String] {
    guard stopReason == .iterationLimit else { return [] }
    // Iterations that were not kept have counted, too.
    let changes = elboTrace.suffix(2).map(\.inUnitsOfFit)
    let last = changes.count == 2 ? ", the last of which changed the ELBO by \(Float(changes[1] - changes[0])) nats" : ""
    return [
      "not converged within \(options.maximumIterations) iteration\(options.maximumIterations == 1 ? "" : "s")\(last): allow more, or a larger tolerance"
    ]
  }

  private var searchWarnings: [String] {
    var warnings: [String] = []
    let failures = starts.compactMap(\.failure)
    if let (reason, count) = failures.mostFrequentKind {
      let share = count == failures.count ? "" : ", \(count) of them"
      warnings.append("\(failures.count) of \(starts.count) starts failed\(share) like this: \(reason)")
    }
    if starts.count > 1 && complete.allSatisfy({ !$0.collapsedExperts.isEmpty || $0.failure != nil }) {
      warnings.append("every start ended with a collapsed expert, so the best start has one too")
    }
    if searchSize.isShort && starts.count > 1 {
      warnings.append(
        "\(dataOfFit.rowCount) rows for \(mixture.expertCount) experts of \(dataOfFit.features.count) features: each kind of start was "
          + "tried once, not \(SearchSize.usualStarts) times; ask for more starts to search longer")
    }
    if starts.count > 1 && reachedBest == 1 {
      warnings.append("the best ELBO was reached by one start only: another seed or more starts may find a better one")
    }
    return warnings
  }
}

extension [String] {
  /// The first of those of the kind that is there most often, and how many there are. What differs in numbers alone is of one kind.
  var mostFrequentKind: (first: String, count: Int)? {
    func kind(_ text: String) -> String { text.filter { !$0.isNumber } }
    let counts = Dictionary(map { (kind($0), 1) }, uniquingKeysWith: +)
    let most = counts.values.max() ?? 0
    return first { counts[kind($0)] == most }.map { ($0, most) }
  }

  /// The names in a sentence, the middle ones left out if they are many.
  package var inSentence: String {
    guard count > 1 else { return joined() }
    let shown = count > 8 ? Array(prefix(6)) + ["\(count - 7) others"] : Array(dropLast())
    return shown.joined(separator: ", ") + " and " + self[count - 1]
  }
}

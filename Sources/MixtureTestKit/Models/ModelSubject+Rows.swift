import MixtureCore

// Laws of what an expert reads of a row, and of a value of its type.
extension ModelSubject {
  /// Rows of groups of one to three, with weights by group and features that the gate alone sees, against the same rows by themselves. To an expert
  /// that reads rows they are the same; to one that goes through assignments, reads their weights or the gate's features they are not.
  func grouped(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let grouping = try Grouping(examination.rows)
    let block = try examination.updated(1)
    let single = examination.rows.weighing { grouping.weights[$0] }
    let shares = Responsibilities(
      seed: 12, rowCount: grouping.assignmentOfRow.last.map { $0 + 1 } ?? 0, expertCount: block.experts.count)
    let ofRows = shares.selecting(grouping.assignmentOfRow)
    let statistics = try block.statistics(single, ofRows)
    let scale = try examination.absoluteContributions(block, single, ofRows)
    let predictions = try (block.predictive ?? []).flatMap { expert in
      differences(
        "likelihoods at the mean and moments of predictions of rows in groups, and by themselves",
        try expert.logLikelihoodsAtMean(grouping.rows) + expert.moments(grouping.rows),
        try expert.logLikelihoodsAtMean(single) + expert.moments(single), tolerance: examination.tolerance)
    }
    return predictions
      + differences(
        "scores of rows in groups, and by themselves", try block.scores(grouping.rows).flatMap(\.self),
        try block.scores(single).flatMap(\.self), tolerance: examination.tolerance)
      + differences(
        "statistics of rows in groups, and by themselves", try block.statistics(grouping.rows, shares), statistics,
        tolerance: examination.tolerance, scale: scale)
  }

  /// What is told of a fitted block, and which experts are called collapsed.
  func telling(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let block = try examination.updated(3)
    let collapsed = Model.collapsedExperts(of: block.experts, sharing: block.shared)
    var violations = try examination.telling()
    if !collapsed.allSatisfy(block.experts.indices.contains) || Set(collapsed).count != collapsed.count {
      violations.append("the collapsed experts \(collapsed) are not of \(block.experts.count), each once")
    } else if !collapsed.isEmpty {
      violations.append("experts \(collapsed) of many rows each are called collapsed")
    }
    return violations
  }

  /// The checks of all parts; and each expert alone is what it was among the others.
  func configuration(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    try examination.configuration()
      + block.experts.indices.flatMap { k in
        var alone = try examination.updated(1)
        let scores = try alone.scores(examination.rows)
        alone.select([k])
        return differences(
          "scores of expert \(k) alone", scores.map { $0[k] }, try alone.scores(examination.rows).map { $0[0] },
          tolerance: 1e-12)
      }
  }

  /// Predictive distributions of rows whose responses are zero.
  func predictionsAlone(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let (rows, silent) = (examination.rows, examination.rows.responding(0))
    return try (examination.updated(2).predictive ?? []).enumerated().flatMap { k, expert in
      differencesInBits(
        "expert \(k): moments of predictions beside responses, and beside zeros", try expert.moments(rows),
        try expert.moments(silent))
    }
  }

  /// Why a law has nothing to say of the type; nil if it has.
  public func reasonNotToApply(_ law: ModelLaw) -> String? {
    switch law {
    case .offset where !Model.acceptsOffset: "rows with an offset are refused"
    case .predictiveDensity, .likelihoodAtMean, .predictionsAlone:
      block.predictive == nil ? "the type is not Predictive" : nil
    case .derivatives, .errors:
      !(Model.self is any DifferentiableModel.Type)
        ? "the type tells no derivatives"
        : law == .errors && pointBlock == nil ? "the subject names no block of points" : nil
    case .units where (try? tellsNothing) == true: "the type tells no parameters"
    default: nil
    }
  }
}

extension ModelSubject {
  /// Whether there is nothing to put into units.
  fileprivate var tellsNothing: Bool {
    get throws {
      var block = block
      let data = try DataSummary(rows)
      try block.configure(for: data)
      return block.parameters(for: data).allSatisfy(\.isEmpty)
    }
  }
}

/// The rows of a subject in groups, with what follows of each row.
private struct Grouping {
  let rows: Observations
  let assignmentOfRow: [Int]
  let weights: [Double]

  init(_ rows: LawRows) throws {
    var numbers: [Int] = []
    while numbers.count < rows.rowCount {
      let next = (numbers.last ?? -1) + 1
      numbers += Array(repeating: next, count: min(1 + next % 3, rows.rowCount - numbers.count))
    }
    assignmentOfRow = numbers
    weights = zip(rows.weights, numbers).map { $0 * [0.5, 3, 1, 2][$1 % 4] }
    self.rows = try rows.grouped(by: numbers, weights: weights)
  }
}

extension Predictive {
  fileprivate func moments(_ rows: some TileSource) throws -> [Double] {
    var result: [Double] = []
    try rows.forEachTile { tile, _ in
      for distribution in try marginals(tile) {
        // Where there is none, NaN stands for it, which equals nothing.
        result += [distribution.mean, distribution.variance].map { $0.isNaN ? 0 : $0 }
      }
    }
    return result
  }
}

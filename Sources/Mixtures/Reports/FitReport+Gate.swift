import Foundation

extension FitReport {
  /// The gate in words: which feature turns which expert on. Nil for a gate whose weights are the same in each row without a label, or
  /// that weighs one expert: the table of experts has them.
  ///
  /// Every gate is described alike, by its weights where one of its features is low and where it is high, a standard deviation below
  /// and above its mean, the others being at their means; of a category by those of its levels, or of the levels that speak most for each
  /// expert if they are many.
  ///
  /// - Throws: what the gate throws for such rows.
  public var gate: String? {
    get throws {
      let gate = fit.mixture.gate.ofUnknown
      guard gate.readsFeatures, fit.mixture.expertCount > 1 else { return nil }
      let known = fit.mixture.gate.knownFeatures
      var table = TextTable(header: ["feature", "at"] + fit.mixture.expertNames.map { "expert \($0)" }, nameCount: 2)
      func add(_ feature: String, _ ends: [String], _ weights: [[Double]]) {
        for (row, end) in ends.enumerated() {
          table.append([row == 0 ? feature : "", end] + weights[row].map(format.decimal))
        }
      }
      var sentences: [String] = []
      var hasNumbers = false
      func addLevels(_ levels: [String], of name: String, _ weights: [[Double]]) {
        let told = Self.tellingLevels(weights)
        add(name, told.map { levels[$0].printable }, told.map { weights[$0] })
        if told.count < levels.count {
          sentences.append("\(name) has \(levels.count) levels; shown are those that speak most for each expert")
        }
      }
      let categories = fit.design.gateCategories
      for (index, feature) in fit.data.gateFeatures.enumerated() where !known.contains(feature.name) {
        if let levels = feature.levels {
          addLevels(levels, of: feature.name, try weights(ofFeatures: [index], at: levels.indices.map { [Double($0)] }))
        } else if let category = categories.first(where: { $0.features.contains(index) }) {
          // Told once, with its first feature.
          guard category.features.lowerBound == index else { continue }
          let values = category.levels.indices.map(category.values)
          addLevels(category.levels, of: category.name, try weights(ofFeatures: Array(category.features), at: values))
        } else if !feature.isConstant {
          let deviation = feature.variance.squareRoot()
          let ends = [feature.mean - deviation, feature.mean + deviation]
          let weights = try self.weights(ofFeatures: [index], at: ends.map { [$0] })
          hasNumbers = true
          add(feature.name, ends.map(format.significant), weights)
          sentences.append(sentence(feature.name, weights[0], weights[1]))
        }
      }
      let hasLevels = !categories.isEmpty || fit.data.gateFeatures.contains { $0.levels != nil }
      let places =
        (hasLevels ? ["at each level of a category"] : []) + (hasNumbers ? ["where a feature is low and high"] : [])
      let title =
        "\(type(of: gate).partName.inWords): weights \(places.joined(separator: ", and "))"
        + (hasNumbers || categories.count > 1 ? ", the others at their means" : "")
      return
        ([title + "\n"] + table.lines(width: format.width) + (sentences.isEmpty ? [] : [""] + sentences.map(\.printable)))
        .joined(
          separator: "\n")
    }
  }

  /// How many levels are told one by one, and beyond that how many for each expert.
  private static let (mostLevels, levelsOfExpert) = (12, 3)

  /// The numbers of the levels that are worth telling: all, or those of the greatest weights of each expert.
  private static func tellingLevels(_ weights: [[Double]]) -> [Int] {
    guard weights.count > mostLevels else { return Array(weights.indices) }
    let experts = weights[0].indices.prefix(mostLevels)
    let greatest = experts.flatMap { k in
      weights.indices.sorted { (weights[$1][k], $0) < (weights[$0][k], $1) }.prefix(levelsOfExpert)
    }
    return Set(greatest).sorted()
  }

  /// The weights where some features have each of the given values, and the others have their means, or no level; of rows without a label.
  private func weights(ofFeatures indices: [Int], at values: [[Double]]) throws -> [[Double]] {
    let known = fit.mixture.gate.knownFeatures
    let columns = fit.data.gateFeatures.enumerated().map { j, feature in
      let other = feature.levels != nil ? -1 : known.contains(feature.name) ? 0 : feature.mean
      let place = indices.firstIndex(of: j)
      return (column: feature.column, values: values.map { row in place.map { row[$0] } ?? other })
    }
    func atMeans(_ columns: [DataSummary.Column]) -> [(column: ColumnSchema, values: [Double])] {
      // What the gate does not see it does not matter; of a category no mean is a level.
      columns.map { column in (column.column, values.map { _ in column.levels == nil ? column.mean : 0 }) }
    }
    let rows = try Observations(
      features: atMeans(fit.data.features), gateFeatures: columns,
      responses: atMeans(fit.data.responses.map(\.moments)), hasIntercept: fit.data.hasIntercept,
      gateHasIntercept: fit.data.gateHasIntercept)
    return try fit.mixture.weights(rows)
  }

  /// Who gains and who loses as the feature rises.
  private func sentence(_ feature: String, _ low: [Double], _ high: [Double]) -> String {
    let names = fit.mixture.expertNames
    let changes = zip(high, low).map(-)
    guard let gain = changes.indices.max(by: { changes[$0] < changes[$1] }),
      let loss = changes.indices.min(by: { changes[$0] < changes[$1] }), changes[gain] >= 0.05
    else { return "\(feature) hardly matters" }
    return "the more \(feature), the more expert \(names[gain]), at the cost of expert \(names[loss])"
  }
}

import Foundation

extension FitReport {
  /// The gate in words: which feature turns which expert on. Nil for a gate whose weights are the same in each row without a label: the
  /// table of experts has them.
  ///
  /// Every gate is described alike, by its weights where one of its features is low and where it is high, a standard deviation below
  /// and above its mean, the others being at their means.
  ///
  /// - Throws: what the gate throws for such rows.
  public var gate: String? {
    get throws {
      let gate = fit.mixture.forgettingLabels().gate
      guard gate.readsFeatures else { return nil }
      let known = fit.mixture.gate.knownFeatures
      var table = TextTable(header: ["feature", "at"] + fit.mixture.expertNames.map { "expert \($0)" })
      var sentences: [String] = []
      for (index, feature) in fit.data.gateFeatures.enumerated() where !feature.isConstant && !known.contains(feature.name)
      {
        let deviation = feature.variance.squareRoot()
        let ends = [feature.mean - deviation, feature.mean + deviation]
        let weights = try ends.map { try self.weights(ofFeature: index, at: $0) }
        for (row, end) in ends.enumerated() {
          table.append([row == 0 ? feature.name : "", significant(end)] + weights[row].map { String(format: "%.4f", $0) })
        }
        sentences.append(sentence(feature.name, weights[0], weights[1]))
      }
      let title =
        "\(type(of: gate).partName.inWords): weights where a feature is low and high, the others at their means"
      return ([title + "\n"] + table.lines + [""] + sentences.map(\.printable)).joined(separator: "\n")
    }
  }

  /// The weights where one feature has the given value, and the others have their means; of a row without a label.
  private func weights(ofFeature index: Int, at value: Double) throws -> [Double] {
    let known = fit.mixture.gate.knownFeatures
    let row = fit.data.gateFeatures.enumerated().map { j, feature in
      (name: feature.name, values: [j == index ? value : known.contains(feature.name) ? 0 : feature.mean])
    }
    let rows = try Observations(
      features: fit.data.features.map { ($0.name, [$0.mean]) }, gateFeatures: row,
      responses: fit.data.responses.map { ($0.name, [$0.mean]) }, hasIntercept: fit.data.hasIntercept,
      gateHasIntercept: fit.data.gateHasIntercept)
    return try fit.mixture.weights(rows)[0]
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

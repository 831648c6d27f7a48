import Mixtures

extension Table {
  /// Rows with the given values in some columns, and the mean, of numbers of trials the whole number next to it, or the most frequent level
  /// in the others.
  func typical(for model: FittedMixture, with values: [String: Column]) throws -> Table {
    let count = values.values.first?.count ?? 0
    let counts = model.design.trialColumns
    return try Table(
      columnNames.compactMap { name in
        if let own = values[name] { return (name, own) }
        // What has gaps is not needed: the model could not be fitted to it.
        return (try? column(name)).map { (name, $0.typical(count: count, isWhole: counts.contains(name))) }
      })
  }
}

extension Table.Column {
  /// As many rows of the mean, or of the most frequent level.
  fileprivate func typical(count: Int, isWhole: Bool) -> Table.Column {
    switch self {
    case .numbers(let values):
      let mean = values.reduce(0, +) / Double(values.count)
      return .numbers(Array(repeating: isWhole ? mean.rounded() : mean, count: count))
    case .categories(let levels, let codes):
      let frequencies = levels.indices.map { level in codes.count { $0 == level } }
      let code = frequencies.indices.max { frequencies[$0] < frequencies[$1] } ?? 0
      return .categories(levels: levels, codes: Array(repeating: code, count: count))
    }
  }
}

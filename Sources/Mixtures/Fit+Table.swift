extension Fit {
  /// The rows of a table that has the columns of the fit's features and response, by name.
  ///
  /// - Throws: `DataError` for a column that is missing or holds no numbers.
  public func observations(_ table: Table) throws -> Observations {
    try Observations(features: features(of: table), responses: data.responses.map { ($0.name, try table.numbers($0.name)) })
  }

  /// The predictive law of each row of a table that has the columns of the fit's features, by name. The response is not needed.
  ///
  /// - Throws: `DataError` for a column that is missing or holds no numbers; `MixtureError` if the experts cannot predict.
  public func predict(_ table: Table) throws -> [MixtureDistribution] {
    let unread = Array(repeating: 0.0, count: table.rowCount)
    return try mixture.predict(
      Observations(features: features(of: table), responses: data.responses.map { ($0.name, unread) }))
  }

  private func features(of table: Table) throws -> [(name: String, values: [Double])] {
    try data.features.map { ($0.name, try table.numbers($0.name)) }
  }
}

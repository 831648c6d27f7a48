extension Fit {
  /// The predictive law of each row of a table that has the columns of the fit's features, by name. The response is not needed.
  ///
  /// - Throws: `DataError` for a column that is missing or holds no numbers; `MixtureError` if the experts cannot predict.
  public func predict(_ table: Table) throws -> [MixtureDistribution] {
    let features = try data.features.map { (name: $0.name, values: try table.numbers($0.name)) }
    let unread = Array(repeating: 0.0, count: table.rowCount)
    return try mixture.predict(Observations(features: features, responses: data.responses.map { ($0.name, unread) }))
  }
}

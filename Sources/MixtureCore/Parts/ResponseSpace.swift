/// What kind of response a local model has a density for. Experts of one mixture must agree: densities of different spaces
/// have no common measure.
public enum ResponseSpace: String, Sendable, Codable, CaseIterable {
  /// A real number, with a density per unit of the response.
  case continuous
  /// A count 0, 1, 2, …
  case count
  /// The response is 0 or 1.
  case binary
  /// One of a finite number of categories.
  case category
  /// Several real columns together.
  case columns
}

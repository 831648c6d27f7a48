/// The laws of a generator of simulated data.
///
/// Those that compare draws with densities do so expert by expert, at a few rows' features; each comparison has the rate of false alarms
/// 10⁻⁶, so a sound generator of K experts fails for a seed with a probability of some 4 K · 10⁻⁶.
public enum GeneratorLaw: String, Law {
  /// A row depends on generator, seed and number alone: it is the same in any block, and on any number of threads.
  case sameRows = "rows are the same in any block and on any thread"
  /// Weights sum to one in each row, and assignments are drawn by them: Σ f (1[z = k] − π_k) is zero within its standard deviation, for
  /// f = 1 and for each feature.
  case weights = "weights sum to one and assignments follow them"
  /// The responses of each expert follow its density, which integrates or sums to one.
  case responses = "responses follow the experts' densities"
  /// The means are those of the densities.
  case means = "means are those of the densities"
  /// What comes first does not depend on what comes later: drawing a response leaves features and assignments alone, and depends on
  /// the row's own assignment; weights know the features alone; densities know no assignment.
  case independence = "what is drawn first knows nothing of what comes later"
  /// Of a matrix with further columns only the experts' own are written, with the same numbers.
  case ownColumns = "only the experts' own columns are written"
  /// A generator that went through JSON, by the name of its type, has the same bytes, rows, weights and densities.
  case jsonRoundTrip = "JSON round trip to the bit"

  /// Whether the law has a one-sided version: none has.
  public var hasInequality: Bool { false }
}

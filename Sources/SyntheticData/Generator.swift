import GSL
import MixtureCore

/// A distribution from which rows of data are drawn, and which knows what it drew: the truth that fits are compared with.
///
/// A row is drawn in three steps: features x; the number z of an expert, with probability π_z(x); the response y from that expert's
/// distribution p_z(y | x). The generator says how to draw features and responses, and the logarithms of weights and densities;
/// ``SyntheticDataSet`` draws rows with them, and knows how well anybody could do who knew the truth.
///
/// Methods work on blocks of rows, so that calling them costs nothing beside their work. A generator draws from
/// ``RowBlock/sources``, one for each row, and from nothing else: then rows are the same whatever block they are drawn in.
///
/// Matrices that a generator writes into may have further columns, which belong to what wraps it.
///
/// To read the truth of a generator of your own from a file, register its type with `PartRegistry`.
public protocol Generator: SyntheticPart {
  /// The columns that are drawn first, and that explain the response.
  var features: [ColumnSchema] { get }

  /// The columns of the response.
  var response: [ColumnSchema] { get }

  /// The number of experts, K.
  var expertCount: Int { get }

  /// How many rows that follow one another share an assignment: one, unless the generator says otherwise.
  var rowsPerAssignment: Int { get }

  /// Whether ``means(_:into:)`` tells the means of the response, which must then be one column of numbers: false by default.
  var hasMeans: Bool { get }

  /// The number of the feature that says of how many trials a row's response is the number of successes: none by default. A fit reads it as
  /// trials, and not as a feature.
  var trialsFeature: Int? { get }

  /// The number of the feature whose logarithm is an offset of the linear predictors: none by default. A fit reads it as an offset, and not
  /// as a feature.
  var exposureFeature: Int? { get }

  /// About how many elementary operations a row's densities under all experts take, by which to tell how long drawing may take:
  /// the experts times the features and one by default.
  var operationsPerRow: Int { get }

  /// Draws the features of the rows of a block.
  func drawFeatures(_ block: inout RowBlock)

  /// Writes ln π_k(x_i) into row i, column k of `terms`, for all rows of a block; −∞ for an expert that cannot be there.
  func logWeights(_ block: RowBlock, into terms: inout Matrix)

  /// Draws the response of each row of a block from the expert that the row is assigned to.
  func drawResponse(_ block: inout RowBlock)

  /// Writes ln p_k(y_i | x_i) into row i, column k of `terms`, for all rows of a block, whatever experts they are assigned to.
  func logDensities(_ block: RowBlock, into terms: inout Matrix)

  /// Writes the mean of p_k(y | x_i) into row i, column k of `means`. Called only where ``hasMeans`` is true.
  func means(_ block: RowBlock, into means: inout Matrix)

  /// The parameters of an expert, called as a fit calls them: coefficients by their features, `(intercept)`, `noise sd`; by default none.
  /// What a fit reports beside them, such as the coefficient of a feature that is not named here, is truly zero.
  func parameters(ofExpert expert: Int) -> [ParameterEstimate]
}

extension Generator {
  /// One: each row is drawn from an expert of its own.
  public var rowsPerAssignment: Int { 1 }
  /// The experts times the features and one.
  public var operationsPerRow: Int { expertCount * (features.count + 1) }
  /// The responses have no means, unless the generator says otherwise.
  public var hasMeans: Bool { false }
  /// There are no trials, unless the generator says otherwise.
  public var trialsFeature: Int? { nil }
  /// There is no exposure, unless the generator says otherwise.
  public var exposureFeature: Int? { nil }
  /// Does nothing: it is not called.
  public func means(_ block: RowBlock, into means: inout Matrix) {}
  /// A generator has no parameters to tell, unless it says otherwise.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate] { [] }
}

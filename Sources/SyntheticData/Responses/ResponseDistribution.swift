import GSL
import MixtureCore

/// The distribution of the response under one expert of a ``SyntheticMixture``.
public protocol ResponseDistribution: SyntheticPart {
  /// The columns of the response.
  var columns: [ColumnSchema] { get }
  /// Whether ``means(_:into:column:)`` tells the mean of the response; false by default.
  var hasMean: Bool { get }
  /// The number of the feature that says of how many trials a row's response is the number of successes; nil by default.
  var trialsFeature: Int? { get }
  /// The number of the feature whose logarithm is an offset of the linear predictor; nil by default.
  var exposureFeature: Int? { get }
  /// About how many elementary operations a row's density takes, given the number of features; these and one by default.
  func operationsPerRow(featureCount: Int) -> Int
  /// Checks that the distribution, whose parameters are right, can be told from features of the given columns; by default it can.
  ///
  /// - Throws: ``SyntheticDataError`` that says what is missing.
  func validate(_ features: [ColumnSchema]) throws
  /// Draws the response in the given rows of a block.
  func draw(_ rows: [Int], into block: inout RowBlock)
  /// Writes ln p(y_i | x_i) into row i of a column of `terms`, for all rows of a block.
  func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int)
  /// Writes E[y | x_i] into row i of a column of `means`, for all rows of a block. Called only where ``hasMean`` is true.
  func means(_ block: RowBlock, into means: inout Matrix, column: Int)
  /// The parameters, called as a fit calls them, given the names of the features; by default none.
  func parameters(features: [String]) -> [ParameterEstimate]
}

extension ResponseDistribution {
  /// The response has no mean, unless the distribution says otherwise.
  public var hasMean: Bool { false }
  /// There are no trials, unless the distribution says otherwise.
  public var trialsFeature: Int? { nil }
  /// There is no exposure, unless the distribution says otherwise.
  public var exposureFeature: Int? { nil }
  /// The features and one.
  public func operationsPerRow(featureCount: Int) -> Int { featureCount + 1 }
  /// Does nothing.
  public func validate(_ features: [ColumnSchema]) throws {}
  /// Does nothing: it is not called.
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {}
  /// A distribution has no parameters to tell, unless it says otherwise.
  public func parameters(features: [String]) -> [ParameterEstimate] { [] }
}

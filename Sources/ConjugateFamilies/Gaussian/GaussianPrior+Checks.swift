import GSL
import MixtureCore

extension GaussianPrior {
  /// Checks what was given, and that what was learned or converted has one shape.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    if case .fixed(let variance) = covariance {
      try UnfitValue.at("covariance", "fixed") { try UnfitValue.checkPositive("variance", number: variance) }
    }
    try UnfitValue.check(
      "intercept", that: learnsCovariance || intercept == nil, need: "goes with a learned covariance only: leave it out")
    if case .fixed(let variance) = intercept {
      try UnfitValue.at("intercept", "fixed") { try UnfitValue.checkPositive("variance", number: variance) }
    }
    switch mean {
    case .zero, .learned, .common: break
    case .given(let rows): for row in rows { try UnfitValue.checkFinite("mean", numbers: row) }
    case .coupled(_, let rows): for row in rows { try UnfitValue.checkFinite("mean", numbers: row) }
    }
    try UnfitValue.checkCount("precisions", is: precisions.count, mustBe: means.count, what: "one for each mean")
    let dimension = means.first?.count ?? 0
    for (k, mean) in means.enumerated() {
      try UnfitValue.at("means", "[\(k)]") {
        try UnfitValue.checkCount(nil, is: mean.count, mustBe: dimension, what: "as in the first")
        try UnfitValue.checkFinite(nil, numbers: mean)
      }
    }
    for (k, precision) in precisions.enumerated() {
      try UnfitValue.at("precisions", "[\(k)]") {
        try UnfitValue.check(
          nil, that: precision.rows == dimension && precision.columns == dimension,
          need: "\(precision.rows) × \(precision.columns) where there must be \(dimension) × \(dimension), as many as means"
        )
        try UnfitValue.checkFinite("elements", numbers: precision.elements)
        // Of the distributions that there are, the densities are asked.
        let isDistribution = !hasDistribution(ofExpert: k) || (try? Cholesky(precision)) != nil
        try UnfitValue.check("elements", that: isDistribution, need: "must be those of a positive definite matrix")
      }
    }
    try UnfitValue.checkNotNegative("floor", number: floor)
    if covariance == .cauchy && !means.isEmpty {
      try UnfitValue.checkPositive("squaredScale", number: squaredScale)
      for (k, precision) in precisions.enumerated() {
        try UnfitValue.check(
          "precisions", that: precision == .identity(dimension, scale: precision.elements.first ?? 0),
          need: "[\(k)] must be a multiple of the identity")
      }
    }
    if let ownIntercept {
      try UnfitValue.check(
        "ownIntercept", that: learnsCovariance && (0..<dimension).contains(ownIntercept),
        need: "must be one of the \(dimension) coefficients, counted from 0, beside a learned covariance")
    }
    try UnfitValue.at("coordinates") { try coordinates.validate(dimension: dimension) }
    if case .coupled(let coupling, _) = mean, !means.isEmpty {
      try UnfitValue.at("mean", "coupled") { try coupling.validate(dimension: dimension) }
    }
  }
}

extension AffineMap {
  /// - Throws: `UnfitValue` unless it maps vectors of the given length.
  fileprivate func validate(dimension: Int) throws {
    for (key, matrix) in [("matrix", matrix), ("inverse", inverse)] {
      try UnfitValue.check(
        key, that: matrix.rows == dimension && matrix.columns == dimension,
        need: "\(matrix.rows) × \(matrix.columns) where there must be \(dimension) × \(dimension)")
      try UnfitValue.checkFinite(key, numbers: matrix.elements)
    }
    try UnfitValue.checkCount("offset", is: offset.count, mustBe: dimension, what: "one for each coordinate")
    try UnfitValue.checkFinite("offset", numbers: offset)
  }
}

extension MeanCoupling {
  private enum CodingKeys: String, CodingKey { case matrix, coefficients }

  /// Decodes Ξ and the numbers of the coefficients; the inverse follows.
  ///
  /// - Throws: `DecodingError` where the initialiser throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let matrix = try container.decode(Matrix.self, forKey: .matrix)
    let coefficients = try container.decodeIfPresent([Int].self, forKey: .coefficients)
    self = try decoder.checking { try MeanCoupling(matrix: matrix, coefficients: coefficients) }
  }

  /// Encodes what decoding needs.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(matrix, forKey: .matrix)
    try container.encodeIfPresent(coefficients, forKey: .coefficients)
  }

  /// - Throws: `UnfitValue` unless it is of some of so many coefficients.
  fileprivate func validate(dimension: Int) throws {
    let coupled = coefficients ?? Array(0..<matrix.rows)
    try UnfitValue.check(
      "coefficients",
      that: coupled.allSatisfy((0..<dimension).contains) && (coefficients != nil || coupled.count == dimension),
      need: "must be numbers of the \(dimension) coefficients, counted from 0")
  }
}

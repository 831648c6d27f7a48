import GSL

/// What a pass after a fit finds out about how uncertain its parameters are.
public struct ParameterErrors: Sendable, Codable, Equatable {
  /// How they were found.
  public let method: ErrorMethod
  /// The standard errors of what the experts tell, in the order of `parameters`; nil for what is known or has none.
  var ofExperts: [[Double?]] = []
  /// Those of what the gate tells of each expert, and of all together.
  var ofGate: [[Double?]] = []
  var ofGateInCommon: [Double?] = []
  /// The covariance of the parameters θ, the pairs a ≤ b in the order (0,0), (0,1), …; nil where there is none, or it is too large.
  var covarianceOfParameters: [Double]?
  /// The number of parameters θ.
  var parameterCount = 0
  /// The parts whose parameters were left out, since they would be too many.
  var leftOut: Set<Int> = []
  /// What a user should know about them, in sentences.
  public private(set) var warnings: [String] = []

  /// The covariance of more parameters than these is not kept.
  static let mostWithCovariance = 500

  /// Those of a fitted mixture.
  ///
  /// - Throws: what a part throws, or `CancellationError`.
  init(_ method: ErrorMethod, of mixture: MixtureModel, _ engine: PassEngine, data: DataSummary) throws {
    self.method = method
    guard method != .meanField else {
      try Self.requireDistributions(mixture, data)
      return
    }
    var layout = ParameterLayout(mixture)
    note(layout)
    var covariance: Matrix?
    while layout.count > 0 {
      do {
        covariance = try Self.covariance(mixture, layout, engine, isRobust: method == .robust)
        break
      } catch let failure as IndefiniteInformation {
        warnings.append(failure.sentence(mixture, layout))
        // A gate that nothing determines should not take the experts' errors with it.
        guard failure.isOfGate(layout), leftOut.isEmpty else { break }
        leftOut = [mixture.blocks.count]
        layout = ParameterLayout(mixture, leavingOut: leftOut)
      }
    }
    tell(covariance, layout, mixture, data)
  }

  /// - Throws: ``ArgumentError`` where all parameters are points, which have no errors of their own.
  private static func requireDistributions(_ mixture: MixtureModel, _ data: DataSummary) throws {
    let told = mixture.blocks.flatMap { $0.parameters(for: data) } + mixture.gate.parameters(for: data)
    guard told.joined().contains(where: { $0.standardError != nil }) || told.allSatisfy(\.isEmpty) else {
      throw ArgumentError(
        FitOptions.self, argument: "errors", value: ErrorMethod.meanField.rawValue,
        need: "corrected or robust, for point estimates have no distribution whose width could be told")
    }
  }

  /// The parts that the errors know nothing of.
  private mutating func note(_ layout: ParameterLayout) {
    if !layout.partsWithoutDerivatives.isEmpty {
      let names = layout.partsWithoutDerivatives.map { "the \($0)" }.inSentence
      warnings.append(
        "standard errors take the parameters of \(names) for known, since it tells no derivatives: they may be too small")
    }
    if !layout.partsLeftOut.isEmpty {
      warnings.append(
        "there are more than \(ParameterLayout.mostParameters) parameters: those of the \(layout.partsLeftOut.inSentence) have no "
          + "standard errors, and the others' take them for known")
    }
  }

  /// (I + P)⁻¹, or the sandwich.
  ///
  /// - Throws: `IndefiniteInformation` where I + P is not positive definite.
  private static func covariance(
    _ mixture: MixtureModel, _ layout: ParameterLayout, _ engine: PassEngine, isRobust: Bool
  ) throws -> Matrix {
    let sums = try engine.information(of: mixture, layout, withScoreSquares: isRobust)
    let inverse = try IndefiniteInformation.inverse(sums.observed + layout.priorCurvature())
    return sums.scoreSquares.map { inverse * $0 * inverse } ?? inverse
  }

  private mutating func tell(
    _ covariance: Matrix?, _ layout: ParameterLayout, _ mixture: MixtureModel, _ data: DataSummary
  ) {
    parameterCount = layout.count
    if let covariance, layout.count <= Self.mostWithCovariance {
      covarianceOfParameters = covariance.pairs
    }
    let told = ToldSlopes(layout, mixture, data)
    func errors(_ parameters: [ParameterEstimate], _ slopes: [ParameterSlopes]) -> [Double?] {
      zip(parameters, slopes).map { parameter, slopes in
        // What is no parameter, such as a learned concentration, has an error of its own.
        guard !slopes.terms.isEmpty else { return parameter.standardError }
        let error = covariance?.quadraticForm(slopes.terms).squareRoot()
        return error.flatMap { $0.isFinite ? $0 : nil }
      }
    }
    ofExperts = zip(mixture.blocks.flatMap { $0.parameters(for: data) }, told.ofExperts).map(errors)
    ofGate = zip(mixture.gate.parameters(for: data), told.ofGate).map(errors)
    ofGateInCommon = errors(mixture.gate.commonParameters(for: data), told.ofGateInCommon)
  }
}

extension ParameterErrors {
  /// Checks that there is a number for each parameter that is told, and that all are finite.
  ///
  /// - Throws: ``UnfitValue``.
  func validate(for mixture: MixtureModel, _ data: DataSummary) throws {
    guard method != .meanField else { return }
    func check(_ key: String, _ errors: [[Double?]], _ told: [[ParameterEstimate]]) throws {
      try UnfitValue.check(
        key,
        that: errors.isEmpty
          || errors.count == told.count && zip(errors, told).allSatisfy { $0.isEmpty || $0.count == $1.count },
        need: "must have a number or null for each parameter, or none of a part that tells no derivatives")
      for error in errors.joined().compactMap(\.self) { try UnfitValue.checkNotNegative(key, number: error) }
    }
    try check("ofExperts", ofExperts, mixture.blocks.flatMap { $0.parameters(for: data) })
    try check("ofGate", ofGate, mixture.gate.parameters(for: data))
    try check("ofGateInCommon", [ofGateInCommon], [mixture.gate.commonParameters(for: data)])
    if let pairs = covarianceOfParameters {
      let count = ParameterLayout(mixture, leavingOut: leftOut).count
      try UnfitValue.checkCount("parameterCount", is: parameterCount, mustBe: count, what: "the parameters of the mixture")
      try UnfitValue.checkCount(
        "covarianceOfParameters", is: pairs.count, mustBe: Matrix.pairCount(count), what: "the pairs of the parameters")
      try UnfitValue.checkFinite("covarianceOfParameters", numbers: pairs)
      let covariance = Matrix(pairs: pairs.span, from: 0, order: parameterCount)
      try UnfitValue.check(
        "covarianceOfParameters", that: covariance.isOfCorrelations, need: "correlations must be from -1 to 1")
    }
  }
}

/// How all that the parts of a mixture tell changes with the parameters of a layout.
struct ToldSlopes {
  /// Of what each expert tells; empty lists where its block is not in the layout.
  var ofExperts: [[ParameterSlopes]]
  var ofGate: [[ParameterSlopes]] = []
  var ofGateInCommon: [ParameterSlopes] = []

  init(_ layout: ParameterLayout, _ mixture: MixtureModel, _ data: DataSummary) {
    func placed(_ slopes: [ParameterSlopes], from first: Int) -> [ParameterSlopes] {
      slopes.map { slopes in ParameterSlopes(slopes.terms.map { (first + $0.place, $0.slope) }) }
    }
    ofExperts = zip(mixture.blocks, layout.blocks).flatMap { block, parameters in
      parameters.map { parameters in
        parameters.block.slopes(for: data).map { placed($0, from: parameters.first) }
      } ?? Array(repeating: [], count: block.count)
    }
    guard let gate = layout.gate else { return }
    let slopes = gate.slopes(for: data)
    ofGate = slopes.ofExperts.map { placed($0, from: layout.gatePlaces.lowerBound) }
    ofGateInCommon = placed(slopes.common, from: layout.gatePlaces.lowerBound)
  }
}

extension Matrix {
  /// Whether |a_ij| ≤ √(a_ii a_jj), but for rounding, as of every covariance.
  fileprivate var isOfCorrelations: Bool {
    let deviations = diagonal.map { $0.squareRoot() }
    return (0..<rows).allSatisfy { i in
      (i..<rows).allSatisfy { abs(self[i, $0]) <= (1 + 1e-6) * deviations[i] * deviations[$0] }
    }
  }

  /// vᵀ A v of a vector that is zero but at some places. O(n²) for n of them.
  func quadraticForm(_ vector: [(place: Int, slope: Double)]) -> Double { bilinearForm(vector, vector) }

  /// vᵀ A w of such vectors.
  func bilinearForm(_ v: [(place: Int, slope: Double)], _ w: [(place: Int, slope: Double)]) -> Double {
    var sum = 0.0
    for (a, left) in v { for (b, right) in w { sum += left * right * self[a, b] } }
    return sum
  }
}

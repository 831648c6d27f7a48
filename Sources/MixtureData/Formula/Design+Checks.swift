import GSL
import MixtureCore

extension Design {
  /// Checks that the design makes such columns as the data of a fit had.
  ///
  /// - Throws: `UnfitValue`.
  package func validate(for data: DataSummary) throws {
    func check(_ what: String, _ own: [ColumnSchema], _ columns: [DataSummary.Column]) throws {
      let (made, names) = (own.map(\.name), columns.map(\.name))
      try UnfitValue.check(
        nil, that: made == names,
        need: "it makes the \(what) \(made.joined(separator: ", ")), but the fit had \(names.joined(separator: ", "))")
      try UnfitValue.check(
        nil, that: own == columns.map(\.column), need: "the categories among the \(what) must have the levels of the fit")
    }
    try check("features", experts.columns, data.features)
    try check("responses", responseColumns, data.responses.map(\.moments))
    let hasTrials = data.responses.contains { $0.trials != nil }
    try UnfitValue.check(
      nil, that: responseSchemas == data.responses.map(\.schema),
      need: "the fit had \(hasTrials ? "numbers" : "no numbers") of trials beside the response")
    let known = labels?.featureNames.map { ColumnSchema($0) } ?? []
    try check(
      "features of the gate", gate.map { $0.columns + known } ?? (known.isEmpty ? experts.columns : known),
      data.gateFeatures)
    try UnfitValue.check(
      "formula", that: hasIntercept == data.hasIntercept, need: "the fit had \(data.hasIntercept ? "an" : "no") intercept")
    try UnfitValue.check(
      "formula", that: (formula.gate?.hasIntercept ?? true) == data.gateHasIntercept,
      need: "the fit's gate had \(data.gateHasIntercept ? "an" : "no") intercept")
    try UnfitValue.check(
      "formula", that: formula.offsets.isEmpty == (data.responseLessOffset == nil),
      need: "the fit had \(data.responseLessOffset == nil ? "no" : "an") offset")
  }
}

extension DesignVariable: Validatable {
  /// Checks what was learned by itself.
  ///
  /// - Throws: `UnfitValue`.
  func validate() throws {
    switch self {
    case .numbers: return
    case .categories(let levels):
      try UnfitValue.at("categories") {
        try UnfitValue.check(
          "levels", that: levels.firstRepeated == nil, need: "two of them are \(levels.firstRepeated ?? "")")
      }
    case .polynomials(let polynomials): try UnfitValue.at("polynomials", "_0") { try polynomials.validate() }
    case .naturalSplines(let breakpoints):
      try UnfitValue.at("naturalSplines") { _ = try NaturalSplineBasis(breakpoints: breakpoints) }
    case .splines(let breakpoints, let degree):
      try UnfitValue.at("splines") { _ = try BSplineBasis(breakpoints: breakpoints, degree: degree) }
    }
  }
}

extension OrthogonalPolynomials: Validatable {
  /// Checks that the recurrence has a number for each degree.
  ///
  /// - Throws: `UnfitValue`.
  func validate() throws {
    try UnfitValue.checkFinite("centre", numbers: [centre])
    try UnfitValue.checkPositive("scale", number: scale)
    try UnfitValue.checkFinite("shifts", numbers: shifts)
    try UnfitValue.checkCount(
      "squaredNorms", is: squaredNorms.count, mustBe: shifts.count + 1, what: "one more than shifts")
    for norm in squaredNorms { try UnfitValue.checkPositive("squaredNorms", number: norm) }
  }
}

extension RowLabels: Validatable {
  /// Checks the labels.
  ///
  /// - Throws: `UnfitValue` unless there are labels, all of them different.
  public func validate() throws {
    try UnfitValue.check("levels", that: !levels.isEmpty, need: "there must be one at least")
    try UnfitValue.check("levels", that: levels.firstRepeated == nil, need: "two of them are \(levels.firstRepeated ?? "")")
  }
}

import Mixtures
import SyntheticData

/// The parameters of fitted experts beside those of the true experts they are matched with.
struct ParameterComparison {
  private(set) var parameters: [TruthScore.Parameter] = []
  private(set) var coefficientError: Double?
  private(set) var omissions: [TruthScore.Omission] = []

  /// Compares what has one meaning in both.
  ///
  /// A coefficient that the truth does not name is truly zero. But a truth that is linear in x says nothing of the coefficients of
  /// poly(x, 2), nor of the intercept beside them: where the truth has a term that the fit has not, coefficients of what reads the same
  /// columns are left out, and the intercept.
  init(_ fit: FittedMixture, _ generator: any Generator, _ matching: LabelMatching) {
    let names = fit.mixture.expertNames
    let estimates = fit.parameters
    if let difference = Self.difference(ofOffsets: fit.design.formula.offsets, generator) {
      omissions = [.init(.parameters, difference)]
      return
    }
    let features = Set(fit.design.featureNames)
    let models = fit.mixture.blocks.flatMap { block in Array(repeating: block, count: block.count) }
    var coefficientErrors: [Double] = []
    var reasons: [String] = []
    for (k, partner) in matching.columns.enumerated() {
      guard let partner else { continue }
      if let own = PredictorScale(models[k].modelType), let other = PredictorScale(generator), own != other {
        reasons.append(
          "coefficients of a \(models[k].modelName) are of \(own.rawValue), those of the truth of \(other.rawValue)")
        continue
      }
      let truth = TrueParameters(generator, ofExpert: partner, features: features)
      for estimate in estimates[k] {
        switch truth.value(of: estimate.name) {
        case .success(let value):
          parameters.append(.init(expert: names[k], truth: value, estimate))
          if truth.isCoefficient(estimate.name) { coefficientErrors.append(estimate.value - value) }
        case .failure(let omission): reasons.append(omission.reason)
        }
      }
      let known = Set(estimates[k].map(\.name))
      reasons += truth.names.filter { !known.contains($0) && !Self.follows($0, from: known) }
        .map { "\($0): the fit has no such parameter" }
    }
    if !coefficientErrors.isEmpty { coefficientError = rootMeanSquare(coefficientErrors) }
    if parameters.isEmpty && reasons.isEmpty { reasons = ["no matched experts have parameters"] }
    omissions = Set(reasons).sorted().map { .init(.parameters, $0) }
  }

  /// Whether a parameter is a function of others: of noise of Student's distribution the standard deviation is.
  private static func follows(_ name: String, from others: Set<String>) -> Bool {
    name == "noise sd" && others.isSuperset(of: ["noise scale", "degrees of freedom"])
  }

  /// Why coefficients beside an offset mean something else in the truth; nil if they mean the same.
  private static func difference(ofOffsets own: [Formula.Expression], _ generator: any Generator) -> String? {
    guard let exposure = generator.exposureFeature else {
      return own.isEmpty ? nil : "the fit has an offset, which the truth does not know"
    }
    let term = "offset(log(\(generator.features[exposure].name)))"
    let truth = (try? Formula("y ~ 1 + \(term)"))?.offsets
    return own == truth ? nil : "the truth has \(term), which the fit does not have"
  }
}

/// What a linear predictor is, of which coefficients in another scale say nothing.
private enum PredictorScale: String {
  case mean = "a mean", logarithm = "the logarithm of a mean", logit = "log odds"

  /// That of experts; nil for experts of somebody's own, of which nobody knows.
  init?(_ model: any LocalModel.Type) {
    switch model {
    case is LinearExpert.Type, is StudentExpert.Type: self = .mean
    case is PoissonExpert.Type: self = .logarithm
    case is BinomialExpert.Type, is BernoulliExpert.Type: self = .logit
    default: return nil
    }
  }

  /// That of a generator; likewise.
  init?(_ generator: any Generator) {
    switch (generator.innermost as? SyntheticMixture)?.experts.first {
    case is any AdditiveResponse: self = .mean
    case is PoissonResponse: self = .logarithm
    case is BinomialResponse, is BernoulliResponse: self = .logit
    default: return nil
    }
  }
}

/// The parameters of a true expert, as far as those of a fit with the given features can be held against them.
private struct TrueParameters {
  let names: [String]
  private let values: [String: Double]
  private let number: Int
  /// The features of the fit.
  private let features: Set<String>
  private let generator: any Generator
  /// Whether any parameter is a coefficient.
  private let hasCoefficients: Bool
  /// The terms on which the truth depends, but for which the fit has no coefficient, and the columns that they read.
  private let hidden: (terms: [String], columns: Set<String>)

  struct Omission: Error {
    let reason: String
  }

  init(_ generator: any Generator, ofExpert expert: Int, features: Set<String>) {
    let parameters = generator.parameters(ofExpert: expert)
    number = expert + 1
    names = parameters.map(\.name)
    values = Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }
    self.features = features
    self.generator = generator
    hasCoefficients = names.contains { $0 == LinearExpert.interceptName || !generator.columns(ofTerm: $0).isEmpty }
    let terms = parameters.filter { $0.value != 0 && !features.contains($0.name) }.map(\.name)
      .filter { !generator.columns(ofTerm: $0).isEmpty }
    hidden = (terms, Set(terms.flatMap { generator.columns(ofTerm: $0) }))
  }

  func isCoefficient(_ name: String) -> Bool { name == LinearExpert.interceptName || features.contains(name) }

  /// The true value of what a fit calls by a name, or why there is none.
  func value(of name: String) -> Result<Double, Omission> {
    func omitted(_ reason: String) -> Result<Double, Omission> { .failure(Omission(reason: "\(name): \(reason)")) }
    guard isCoefficient(name) else {
      return values[name].map { .success($0) } ?? omitted("true expert \(number) has no such parameter")
    }
    guard hasCoefficients else { return omitted("true expert \(number) has no coefficients") }
    let columns = generator.columns(ofTerm: name)
    guard hidden.terms.isEmpty || (!columns.isEmpty && hidden.columns.isDisjoint(with: columns)) else {
      let terms = hidden.terms.joined(separator: " and ")
      return omitted(
        "its meaning depends on \(terms), which the fit does not have as \(hidden.terms.count == 1 ? "a term" : "terms")")
    }
    return .success(values[name] ?? 0)
  }
}

extension Generator {
  /// The features that a term of a formula reads; none where the name is that of something else.
  fileprivate func columns(ofTerm name: String) -> [String] {
    guard let response = response.first, let formula = try? Formula("\(response.name) ~ \(name)") else { return [] }
    return formula.columns(among: features.map(\.name))
  }
}

import ArgumentParser
import Foundation
import Mixtures

/// `--noise shared|per-expert|fixed:VARIANCE|gamma[:SHAPE,RATE]|per-expert-gamma[:SHAPE,RATE]`.
struct NoiseArgument {
  let noise: LinearNoise

  static let completion = CompletionKind.list(["shared", "per-expert", "fixed:", "gamma", "per-expert-gamma"])

  /// - Throws: `ValidationError` that says what there is.
  init(_ argument: String) throws {
    let (name, numbers) = split(argument)
    switch (name, numbers?.count) {
    case ("shared", nil): noise = .shared
    case ("per-expert", nil): noise = .perExpert
    case ("fixed", 1): noise = .fixed(variance: numbers![0])
    case ("gamma", nil): noise = .gamma()
    case ("gamma", 2): noise = .gamma(shape: numbers![0], rate: numbers![1])
    case ("per-expert-gamma", nil): noise = .perExpertGamma()
    case ("per-expert-gamma", 2): noise = .perExpertGamma(shape: numbers![0], rate: numbers![1])
    case ("shared", _), ("per-expert", _): throw refusal(ofNumbersAfter: name)
    case ("fixed", _): throw refusal(ofVarianceAfter: name)
    case ("gamma", _), ("per-expert-gamma", _):
      throw ValidationError("\(name) takes a shape and a rate above 0, as in \(name):2,0.5, or neither")
    default: throw ValidationError("there are shared, per-expert, fixed:VARIANCE, gamma and per-expert-gamma")
    }
  }
}

/// `--prior cauchy|flat|fixed:VARIANCE|isotropic|ard|full`.
struct PriorArgument {
  let covariance: GaussianPrior.Covariance

  static let completion = CompletionKind.list(["cauchy", "flat", "fixed:", "isotropic", "ard", "full"])

  /// - Throws: `ValidationError` that says what there is.
  init(_ argument: String) throws {
    let (name, numbers) = split(argument)
    switch (name, numbers?.count) {
    case ("cauchy", nil): covariance = .cauchy
    case ("flat", nil): covariance = .flat
    case ("isotropic", nil): covariance = .isotropic
    case ("ard", nil): covariance = .diagonal
    case ("full", nil): covariance = .full
    case ("fixed", 1): covariance = .fixed(variance: numbers![0])
    case ("fixed", _): throw refusal(ofVarianceAfter: name)
    case ("cauchy", _), ("flat", _), ("isotropic", _), ("ard", _), ("full", _): throw refusal(ofNumbersAfter: name)
    default: throw ValidationError("there are cauchy, flat, fixed:VARIANCE, isotropic, ard and full")
    }
  }
}

/// `--intercept-prior fixed:VARIANCE|flat|same`.
struct InterceptPriorArgument {
  let intercept: GaussianPrior.Intercept

  static let completion = CompletionKind.list(["fixed:", "flat", "same"])

  /// - Throws: `ValidationError` that says what there is.
  init(_ argument: String) throws {
    let (name, numbers) = split(argument)
    switch (name, numbers?.count) {
    case ("flat", nil): intercept = .flat
    case ("same", nil): intercept = .same
    case ("fixed", 1): intercept = .fixed(variance: numbers![0])
    case ("fixed", _): throw refusal(ofVarianceAfter: name)
    case ("flat", _), ("same", _): throw refusal(ofNumbersAfter: name)
    default: throw ValidationError("there are fixed:VARIANCE, flat and same")
    }
  }
}

/// `--couple XI[,XI...][:features]`.
struct CouplingArgument {
  /// One variance for all coupled coefficients, or one each.
  let variances: [Double]
  let features: [String]?

  /// - Throws: `ValidationError` unless there are variances.
  init(_ argument: String) throws {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let variances = positiveNumbers(parts[0]) else {
      throw ValidationError("each XI must be a number above 0, as in 0.5 or 0.5,1:x,z")
    }
    self.variances = variances
    features = parts.count == 1 ? nil : parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

extension Estimate: ExpressibleByArgument {}

extension ErrorMethod: ExpressibleByArgument {}

/// `--concentration MU[,MU...]`.
struct ConcentrationArgument {
  let values: [Double]

  /// - Throws: `ValidationError` unless there are positive numbers.
  init(_ argument: String) throws {
    guard let values = positiveNumbers(argument) else {
      throw ValidationError("each MU must be a number above 0, as in 1 or 2,1")
    }
    self.values = values
  }
}

/// `--features a,b`.
struct FeaturesArgument {
  let names: [String]

  /// Names without the blanks around them, which a header has not either.
  ///
  /// - Throws: `ValidationError` for a name that is empty.
  init(_ argument: String) throws {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    guard names.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("one of the names is empty; write them as in a,b")
    }
  }
}

/// Makes sure that the value of an option is one of some names, or that of a file: what looks like neither is a misspelt name.
///
/// - Throws: `ValidationError`.
func require(_ value: String, of option: String, toBeAFileUnless names: [String]) throws {
  let isFile = value == "-" || value.contains(".") || FileManager.default.fileExists(atPath: value)
  guard names.contains(value) || isFile else {
    throw ValidationError("\(option) \(value): this is neither a file nor one of \(names.joined(separator: ", "))")
  }
}

extension CompletionKind {
  /// The names of tables, and folders on the way to them.
  static var dataFile: CompletionKind { .file(extensions: ["csv", "tsv", "txt", "npy"]) }

  /// The names of models, and folders on the way to them.
  static var modelFile: CompletionKind { .file(extensions: ["json"]) }
}

/// A name and the positive numbers after its colon, if there is one; an empty list where they are no such numbers.
private func split(_ argument: String) -> (name: String, numbers: [Double]?) {
  let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  return (parts[0], parts.count == 1 ? nil : positiveNumbers(parts[1]) ?? [])
}

private func positiveNumbers(_ list: String) -> [Double]? {
  let values = list.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
  return values.allSatisfy { $0 > 0 && $0.isFinite } ? values : nil
}

private func refusal(ofVarianceAfter name: String) -> ValidationError {
  ValidationError("\(name) needs a variance above 0, as in \(name):2")
}

private func refusal(ofNumbersAfter name: String) -> ValidationError {
  ValidationError("\(name) takes nothing behind a colon")
}

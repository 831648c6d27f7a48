import ArgumentParser
import Mixtures

/// `--noise shared|per-expert|fixed:VARIANCE|gamma[:SHAPE,RATE]|per-expert-gamma[:SHAPE,RATE]`.
struct NoiseArgument: ExpressibleByArgument {
  let noise: LinearNoise
  let defaultValueDescription: String

  static var defaultCompletionKind: CompletionKind {
    .list(["shared", "per-expert", "fixed:", "gamma", "per-expert-gamma"])
  }

  init?(argument: String) {
    let (name, numbers) = split(argument)
    switch (name, numbers?.count) {
    case ("shared", nil): noise = .shared
    case ("per-expert", nil): noise = .perExpert
    case ("fixed", 1): noise = .fixed(variance: numbers![0])
    case ("gamma", nil): noise = .gamma()
    case ("gamma", 2): noise = .gamma(shape: numbers![0], rate: numbers![1])
    case ("per-expert-gamma", nil): noise = .perExpertGamma()
    case ("per-expert-gamma", 2): noise = .perExpertGamma(shape: numbers![0], rate: numbers![1])
    default: return nil
    }
    guard numbers?.allSatisfy({ $0 > 0 && $0.isFinite }) ?? true else { return nil }
    defaultValueDescription = argument
  }
}

/// `--prior cauchy|flat|fixed:VARIANCE|isotropic|ard|full`.
struct PriorArgument: ExpressibleByArgument {
  let covariance: GaussianPrior.Covariance
  let defaultValueDescription: String

  static var defaultCompletionKind: CompletionKind { .list(["cauchy", "flat", "fixed:", "isotropic", "ard", "full"]) }

  init?(argument: String) {
    let (name, numbers) = split(argument)
    switch (name, numbers?.count) {
    case ("cauchy", nil): covariance = .cauchy
    case ("flat", nil): covariance = .flat
    case ("isotropic", nil): covariance = .isotropic
    case ("ard", nil): covariance = .diagonal
    case ("full", nil): covariance = .full
    case ("fixed", 1):
      guard numbers![0] > 0 && numbers![0].isFinite else { return nil }
      covariance = .fixed(variance: numbers![0])
    default: return nil
    }
    defaultValueDescription = argument
  }
}

/// `--intercept-prior fixed:VARIANCE|flat|same`.
struct InterceptPriorArgument: ExpressibleByArgument {
  let intercept: GaussianPrior.Intercept
  let defaultValueDescription: String

  static var defaultCompletionKind: CompletionKind { .list(["fixed:", "flat", "same"]) }

  init?(argument: String) {
    let (name, numbers) = split(argument)
    switch (name, numbers?.count) {
    case ("flat", nil): intercept = .flat
    case ("same", nil): intercept = .same
    case ("fixed", 1):
      guard numbers![0] > 0 && numbers![0].isFinite else { return nil }
      intercept = .fixed(variance: numbers![0])
    default: return nil
    }
    defaultValueDescription = argument
  }
}

/// `--couple XI[,XI...][:features]`.
struct CouplingArgument: ExpressibleByArgument {
  /// One variance for all coupled coefficients, or one each.
  let variances: [Double]
  let features: [String]?

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let variances = numbers(parts[0]), variances.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    self.variances = variances
    features = parts.count == 1 ? nil : parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

extension Estimate: ExpressibleByArgument {}

/// `--concentration MU[,MU...]`.
struct ConcentrationArgument: ExpressibleByArgument {
  let values: [Double]

  init?(argument: String) {
    guard let values = numbers(argument), values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    self.values = values
  }
}

/// `--features a,b`.
struct FeaturesArgument: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
  }
}

extension CompletionKind {
  /// The names of tables, and folders on the way to them.
  static var dataFile: CompletionKind { .file(extensions: ["csv", "tsv", "txt", "npy"]) }

  /// The names of models, and folders on the way to them.
  static var modelFile: CompletionKind { .file(extensions: ["json"]) }
}

/// A name and the numbers after its colon, if there is one; an empty list where they are no numbers.
private func split(_ argument: String) -> (name: String, numbers: [Double]?) {
  let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  return (parts[0], parts.count == 1 ? nil : numbers(parts[1]) ?? [])
}

private func numbers(_ list: String) -> [Double]? {
  let values = list.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
  return values.contains(nil) ? nil : values.compactMap { $0 }
}

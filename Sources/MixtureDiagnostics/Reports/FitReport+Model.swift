import Mixtures

extension FitReport {
  /// What was fitted to what, in words.
  public var model: String {
    let features = fit.data.features.map(\.name).joined(separator: ", ")
    let response = fit.data.responses.map(\.name).joined(separator: ", ")
    var lines = [
      "\(experts.count) linear expert\(experts.count == 1 ? "" : "s"): \(response) on "
        + "\(features.isEmpty ? "an intercept alone" : features), \(fit.data.rowCount) rows"
    ]
    if let shared = (fit.mixture.blocks.first as? Experts<LinearExpert>)?.shared {
      lines.append(
        "estimate \(shared.estimate.rawValue), noise \(shared.noise.words), prior \(shared.prior.words), "
          + "intercept \(shared.hasIntercept ? "yes" : "no")")
    }
    return lines.joined(separator: "\n")
  }

  /// The central intervals of the coefficients under their posterior laws. A point estimate has none.
  ///
  /// - Throws: `GSLError` unless 0 < probability < 1.
  public func intervals(_ probability: Double) throws -> String {
    let reach = try standardNormalQuantile((1 + probability) / 2)
    var table = TextTable(header: ["expert", "coefficient", "mean", "lower", "upper"], nameCount: 2)
    for (k, expert) in experts.enumerated() {
      for name in coefficientNames {
        guard let mean = expert.coefficients[name], let error = expert.standardErrors[name] else { continue }
        let bounds = error > 0 ? [mean - reach * error, mean + reach * error].map(significant) : ["", ""]
        table.append([String(k + 1), name, significant(mean)] + bounds)
      }
    }
    return table.lines.joined(separator: "\n")
  }
}

extension LinearNoise {
  fileprivate var words: String {
    switch self {
    case .shared: "shared"
    case .perExpert: "per expert"
    case .fixed(let variance): "fixed at variance \(variance)"
    case .gamma: "shared, with a Gamma law"
    case .perExpertGamma: "per expert, with Gamma laws"
    }
  }
}

extension Prior {
  fileprivate var words: String {
    guard let prior = self as? GaussianPrior else { return Self.partName }
    let covariance =
      switch prior.covariance {
      case .flat: "flat"
      case .fixed(let variance): "of variance \(variance)"
      case .given: "of given covariance"
      case .isotropic: "isotropic"
      case .diagonal: "diagonal (relevance determination)"
      case .full: "of full covariance"
      }
    switch prior.mean {
    case .zero: return covariance
    case .given: return covariance + " about given means"
    case .learned: return covariance + " about learned means"
    case .common: return covariance + " about a common mean"
    case .coupled: return covariance + " about coupled means"
    }
  }
}

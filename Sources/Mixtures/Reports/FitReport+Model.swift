extension FitReport {
  /// What was fitted to what, in words.
  public var model: String {
    let blocks = fit.mixture.blocks.map { block in
      "\(block.count) \(block.modelName.inWords)\(block.count == 1 ? "" : "s")\(block.isFixed ? " (fixed)" : "")"
    }
    var lines = [
      "\(blocks.joined(separator: " and ")): \(fit.design), \(fit.data.rowCount) rows"
    ]
    for case let block as Experts<LinearExpert> in fit.mixture.blocks {
      let hasIntercept = block.experts.first?.coefficientNames(features: []).isEmpty == false
      lines.append(
        "estimate \(block.shared.estimate.rawValue), noise \(block.shared.noise.words), "
          + "prior \(block.shared.prior.words), intercept \(hasIntercept ? "yes" : "no")")
    }
    if let gate = fit.mixture.forgettingLabels().gate as? StickBreakingGate {
      lines.append(
        "stick-breaking gate, concentration \(significant(gate.meanConcentration)), effective number of experts "
          + "\(significant(gate.effectiveExpertCount))")
    }
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// The central intervals of the parameters that have normal posterior laws. A point estimate has none.
  ///
  /// - Throws: `GSLError` unless 0 < probability < 1.
  public func intervals(_ probability: Double) throws -> String {
    let reach = try -standardNormalQuantile((1 - probability) / 2)
    var table = TextTable(header: ["expert", "parameter", "mean", "lower", "upper"], nameCount: 2)
    for expert in experts {
      for parameter in expert.parameters {
        let bounds = parameter.standardError.map { error in
          [-reach, reach].map { significant(parameter.value + $0 * error) }
        }
        table.append([expert.name, parameter.name, significant(parameter.value)] + (bounds ?? ["", ""]))
      }
    }
    return table.lines.joined(separator: "\n")
  }
}

extension String {
  /// The words of a type's name: `linear expert` for `LinearExpert`.
  var inWords: String {
    reduce(into: "") { words, character in
      words += (character.isUppercase && !words.isEmpty ? " " : "") + character.lowercased()
    }
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

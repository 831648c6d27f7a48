import GSL

extension Fit {
  /// The mixture for predictions: the distribution of each expert's parameters is as wide as the fit's errors say. Points stay points, and it is
  /// ``mixture`` itself where there is no covariance.
  ///
  /// The covariance between experts makes no difference to the distribution of a response, which is an average over one expert's at a time.
  public var predictiveMixture: MixtureModel {
    guard let (layout, covariance) = covarianceOfParameters else { return mixture }
    var result = mixture
    for (index, parameters) in layout.blocks.enumerated() {
      guard let parameters else { continue }
      var block = parameters.block
      block.spread(
        over: covariance.restricted(to: Array(parameters.first..<(parameters.first + parameters.places.count))))
      result.blocks[index] = block
    }
    return result
  }

  /// The covariance of θ that the fit has kept, and where each part's parameters are.
  var covarianceOfParameters: (layout: ParameterLayout, covariance: Matrix)? {
    guard let errors, let pairs = errors.covarianceOfParameters else { return nil }
    let layout = ParameterLayout(mixture, leavingOut: errors.leftOut)
    guard layout.count == errors.parameterCount else { return nil }
    return (layout, Matrix(pairs: pairs.span, from: 0, order: layout.count))
  }

  /// What the experts tell in the units of the data, with standard errors as the fit found them (``FitOptions/errors``).
  public var parameters: [[ParameterEstimate]] {
    Self.having(errors?.ofExperts, mixture.blocks.flatMap { $0.parameters(for: data) }, errors)
  }

  /// What the gate tells of each expert.
  public var gateParameters: [[ParameterEstimate]] {
    Self.having(errors?.ofGate, mixture.gate.parameters(for: data), errors)
  }

  /// What the gate tells of all experts together.
  public var commonGateParameters: [ParameterEstimate] {
    let told = mixture.gate.commonParameters(for: data)
    return Self.having(errors.map { [$0.ofGateInCommon] }, [told], errors)[0]
  }

  /// The covariance of all that ``parameters`` and ``gateParameters`` tell; nil where the errors are those of single factors, could not be
  /// found, or are those of more than 500 parameters. O(p⁴) at most, for the p parameters of an expert.
  public var covariance: ParameterCovariance? { ParameterCovariance(self) }

  /// The parameters with these errors; with their own where the errors are theirs, or are of another mixture.
  private static func having(
    _ errors: [[Double?]]?, _ parameters: [[ParameterEstimate]], _ record: ParameterErrors?
  ) -> [[ParameterEstimate]] {
    guard let record, record.method != .meanField else { return parameters }
    return parameters.enumerated().map { k, parameters in
      let known = errors.flatMap { $0.indices.contains(k) && $0[k].count == parameters.count ? $0[k] : nil }
      return parameters.enumerated().map { index, parameter in
        var parameter = parameter
        parameter.standardError = known?[index]
        if parameter.standardError == nil { parameter.degreesOfFreedom = nil }
        return parameter
      }
    }
  }
}

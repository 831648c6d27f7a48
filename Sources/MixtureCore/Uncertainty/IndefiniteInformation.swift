import GSL

/// The information of the rows and the priors leaves parameters undetermined.
struct IndefiniteInformation: Error {
  /// How much each parameter changes along the direction that is least determined: squares of sum one, of parameters in units of their own
  /// information.
  let shares: [Double]

  /// The inverse of the information.
  ///
  /// - Throws: `IndefiniteInformation` unless it is positive definite, beyond rounding.
  static func inverse(_ information: Matrix) throws -> Matrix {
    // In units in which each parameter by itself has an information of one.
    let units = information.diagonal.map { $0 != 0 && $0.isFinite ? 1 / abs($0).squareRoot() : 0 }
    if let worst = units.firstIndex(of: 0) {
      throw IndefiniteInformation(shares: units.indices.map { $0 == worst ? 1 : 0 })
    }
    let scaled = information.scaled(by: units)
    if let factor = try? Cholesky(factorizing: scaled), factor.lower.diagonal.allSatisfy({ $0 * $0 > leastPivot }) {
      return factor.inverse.scaled(by: units)
    }
    guard let eigen = try? SymmetricEigen(scaled) else {
      throw IndefiniteInformation(shares: units.map { _ in 1 / Double(units.count) })
    }
    throw IndefiniteInformation(shares: units.indices.map { eigen.vectors[$0, 0] * eigen.vectors[$0, 0] })
  }

  /// What rounding may leave of nothing.
  private static let leastPivot = 1e-12

  /// Whether the direction is one of the gate's parameters alone, nearly.
  func isOfGate(_ layout: ParameterLayout) -> Bool {
    layout.gatePlaces.reduce(0) { $0 + shares[$1] } > 0.9
  }

  /// Which experts the rows do not determine, in words.
  func sentence(_ mixture: MixtureModel, _ layout: ParameterLayout) -> String {
    let opening = "standard errors cannot be told: the information of the rows is not positive definite"
    if isOfGate(layout) {
      return
        "the rows do not determine the parameters of the \(mixture.partNames[mixture.blocks.count]): they have no standard errors, and those of "
        + "the experts take them for known; a larger penalty, or fewer experts, would determine them"
    }
    let names = mixture.expertNames
    var ofExperts = names.map { _ in 0.0 }
    for (index, experts) in mixture.expertRanges.enumerated() {
      for (number, k) in experts.enumerated() {
        for parameter in layout.parameters(ofExpert: number, inBlock: index) { ofExperts[k] += shares[parameter.place] }
      }
    }
    let involved = names.indices.filter { ofExperts[$0] > 0.05 }.sorted { ofExperts[$0] > ofExperts[$1] }.map { names[$0] }
    switch involved.count {
    case 0: return opening + "; fit fewer experts, or give priors"
    case 1:
      return opening
        + ". What is open is within expert \(involved[0]): its rows do not determine its parameters; leave out features, or give a prior"
    default:
      return opening
        + ". What is open is how experts \(involved.inSentence) share their rows: one of them is redundant; fit fewer experts, or give priors"
    }
  }
}

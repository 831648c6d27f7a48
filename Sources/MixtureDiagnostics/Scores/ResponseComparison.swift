import Mixtures
import SyntheticData

/// Whether a fit explains what the truth draws.
struct ResponseComparison {
  /// Why the distributions of the response are of different kinds, so that neither parameters nor densities can be compared; nil if they are not.
  let distributions: String?
  /// Why densities cannot be compared; nil if they can.
  let densities: String?
  init(_ fit: FittedMixture, _ generator: any Generator) throws {
    let blocks = fit.mixture.blocks
    let isContinuous = try fit.mixture.measures(of: fit.data).allSatisfy { $0 == .lebesgue }
    distributions = Self.difference(fit.design.formula.response, isContinuous: isContinuous, generator.response)
    densities =
      distributions
      ?? blocks.first { $0.predictive == nil }.map { "\($0.modelName) does not know how to predict" }
  }

  private static func difference(
    _ own: [Formula.Expression], isContinuous: Bool, _ truth: [ColumnSchema]
  ) -> String? {
    guard truth.count == 1, own == [.column(truth[0].name)] else {
      let (fitted, drawn) = (own.map(\.description), truth.map(\.name))
      return "the fit explains \(fitted.joined(separator: " and ")), the truth \(drawn.joined(separator: " and "))"
    }
    guard (truth[0].kind == .number) != isContinuous else { return nil }
    return isContinuous
      ? "the fit takes \(truth[0].name) for a real number with a density, the truth for one of few values with probabilities"
      : "the fit takes \(truth[0].name) for one of few values with probabilities, the truth for a real number with a density"
  }
}

import Mixtures
import SyntheticData

/// Whether the response that a fit explains is the truth's.
struct ResponseComparison {
  /// Why the two responses differ, so that parameters cannot be compared; nil if they do not.
  let response: String?
  /// Why their densities cannot be compared; nil if they can.
  let densities: String?
  /// Whether the fit's response is a real number.
  let isContinuous: Bool

  init(_ fit: FittedMixture, _ rows: TableRows) {
    let own = fit.design.formula.response
    let truth = rows.generator.response.map(\.name)
    let isSame = truth.count == 1 && own == [.column(truth[0])]
    response =
      isSame
      ? nil
      : "the fit explains \(own.map(\.description).joined(separator: " and ")), the truth \(truth.joined(separator: " and "))"
    let blocks = fit.fit.mixture.blocks
    isContinuous = blocks.allSatisfy { $0.responseSpace == .continuous }
    densities = response ?? Self.differentMeasures(blocks, isContinuous: isContinuous, rows)
  }

  /// Why there is no density to compare, though the response is the same.
  private static func differentMeasures(
    _ blocks: [any AnyExperts], isContinuous: Bool, _ rows: TableRows
  ) -> String? {
    if let block = blocks.first(where: { $0.predictive == nil }) {
      return "\(block.modelName) does not know how to predict"
    }
    // Of a law with a density per unit every number is whole with probability zero.
    let isWhole = try? rows.table.numbers(rows.generator.response[0].name).allSatisfy { $0 == $0.rounded() }
    return isContinuous && isWhole == true
      ? "the fit has a density per unit of the response, but the response holds whole numbers only, so that the truth has "
        + "probabilities" : nil
  }
}

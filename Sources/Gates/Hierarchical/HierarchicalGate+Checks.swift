import MixtureCore

extension HierarchicalGate {
  /// Checks that each branch of the tree has coefficients of all features for its children.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.checkNotNegative("penalty", number: penalty)
    try UnfitValue.checkNotNegative("nodePenalty", number: nodePenalty)
    let branches = tree?.branches ?? []
    try UnfitValue.checkCount("nodes", is: nodes.count, mustBe: branches.count, what: "one for each branch of the tree")
    for (index, (node, children)) in zip(nodes, branches).enumerated() {
      try UnfitValue.at("nodes", "[\(index)]") {
        try UnfitValue.checkCount(
          "childCount", is: node.childCount, mustBe: children.count, what: "the children of the branch")
        try UnfitValue.checkCount(
          "dimension", is: node.dimension, mustBe: standardization.dimension, what: "the features and the intercept")
      }
    }
  }

  /// Checks that coefficients are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws { try standardization.validate(gateFeaturesOf: data) }
}

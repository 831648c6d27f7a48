import MixtureCore

extension HierarchicalGate {
  /// Checks that each branch of the tree has coefficients of all features for its children.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.checkNotNegative("penalty", penalty)
    try UnfitValue.checkNotNegative("nodePenalty", nodePenalty)
    let branches = tree?.branches ?? []
    try UnfitValue.checkCount("nodes", nodes.count, branches.count, "one for each branch of the tree")
    for (index, (node, children)) in zip(nodes, branches).enumerated() {
      try UnfitValue.at("nodes", "[\(index)]") {
        try UnfitValue.checkCount("childCount", node.childCount, children.count, "the children of the branch")
        try UnfitValue.checkCount("dimension", node.dimension, standardization.dimension, "the features and the intercept")
      }
    }
  }

  /// Checks that coefficients are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws { try standardization.validate(gateFeaturesOf: data) }
}

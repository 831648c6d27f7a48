extension ModifierStep {
  /// All of them.
  static let all = [
    softmax, perceptron, hierarchical, gaussian, membership, heavyTails, contaminated, irrelevant, collinear, grouped,
  ]
}

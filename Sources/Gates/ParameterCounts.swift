import MixtureCore

// How many numbers maximum likelihood estimates, of gates that it has estimated.

extension DirichletGate {
  /// K − 1 weights.
  public var parameterCount: Int? { estimate == .maximumLikelihood ? expertCount - 1 : nil }
}

extension SoftmaxGate {
  /// (K − 1) d coefficients, for their sum over the experts changes no weight.
  public var parameterCount: Int? { estimate == .maximumLikelihood ? node.freeCount : nil }
}

extension HierarchicalGate {
  /// Those of all branches; nil under a penalty.
  public var parameterCount: Int? { penalty == 0 ? nodes.reduce(0) { $0 + $1.freeCount } : nil }
}

extension SoftmaxNode {
  /// (J − 1) d.
  fileprivate var freeCount: Int { (childCount - 1) * dimension }
}

extension PerceptronGate {
  /// All weights and biases, of which many may say the same; nil under a penalty.
  public var parameterCount: Int? { penalty == 0 ? parameters.count : nil }
}

extension KnownGate {
  /// The parameters are those of the gate for rows of unknown experts.
  public var parameterCount: Int? { base == nil ? 0 : base?.parameterCount }
}

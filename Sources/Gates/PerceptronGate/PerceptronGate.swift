import Foundation
import GSL
import MixtureCore

/// Weights by a perceptron of the gate's features: π(x) = softmax(V_Lᵀ σ(… σ(V_1ᵀ σ(V_0ᵀ x)))), with any number of hidden layers
/// (Rumelhart, Hinton & Williams 1986; Jordan & Jacobs 1994 for gates).
///
/// The weights V are a point estimate: the maximum of the expected log weights plus the log density of their prior
/// N(0, λ⁻¹), or a local one, since the objective has many. Features are standardised inside the gate, so that shifts of features
/// and changes of their units change neither the prior nor where the search starts, but for reversed signs.
public struct PerceptronGate: Gate, Equatable {
  /// The function σ of each hidden unit.
  public enum Activation: String, Sendable, Codable, CaseIterable {
    /// 1 / (1 + exp(−x)).
    case sigmoid
    /// tanh x.
    case tanh
    /// max(x, 0).
    case relu
  }

  /// The number of units of each hidden layer, that next to the features first.
  public let hiddenUnits: [Int]
  /// The function of each hidden unit.
  public let activation: Activation
  /// Whether every layer has biases. They have the prior of the other weights. A formula whose gate terms have no
  /// intercept takes them away too.
  public let hasBiases: Bool
  /// λ, the precision of the prior N(0, λ⁻¹) of each weight and bias, those of the first layer for standardised features.
  /// A penalty of zero stands for a flat prior, which contributes nothing to the ELBO.
  public let penalty: Double
  /// How many trial points an update may look at. Each costs a pass over the data.
  public let innerSteps: Int
  /// What the hidden units' first weights are drawn from.
  public let seed: UInt64

  /// K; zero until a mixture says how many there are.
  public private(set) var expertCount = 0
  /// Whether the weights depend on the row: true.
  public var readsFeatures: Bool { true }
  /// The gate takes any units, since features are standardised.
  public var acceptsUnits: Bool { true }
  /// Those in which features are standardised.
  public var featureUnits: [Double]? { standardization.units.isEmpty ? nil : standardization.units }

  /// Hidden units of each layer, activation, biases and penalty.
  public var terms: [PartTerm] {
    [
      PartTerm("hidden units", value: hiddenUnits.map(String.init).joined(separator: ", ")),
      PartTerm("activation", value: activation.rawValue), PartTerm("biases", value: hasBiases ? "yes" : "no"),
      PartTerm(penalty: penalty),
    ]
  }

  /// How features are standardised; none before the data are known.
  private(set) var standardization: Standardization
  /// The layers' weights for standardised features, one layer after another, each unit by unit, its bias first.
  var parameters: [Double] = []

  /// Each costs a pass.
  static let mostInnerSteps = 1_000_000

  /// A gate for as many experts as the mixture has.
  ///
  /// - Parameters:
  ///   - hiddenUnits: the number of units of each hidden layer.
  ///   - activation: the function of each hidden unit.
  ///   - hasBiases: whether every layer has biases.
  ///   - penalty: λ, the prior precision of each weight; zero for maximum likelihood.
  ///   - innerSteps: how many trial points an update may look at, each at the cost of a pass.
  ///   - seed: what the first weights are drawn from.
  /// - Throws: `MixtureError` without hidden layer, for a layer without units, or with very many, a penalty that is negative or not finite, or an update
  ///   without a step.
  public init(
    hiddenUnits: [Int] = [8], activation: Activation = .tanh, hasBiases: Bool = true, penalty: Double = 1,
    innerSteps: Int = 20, seed: UInt64 = 1
  ) throws {
    do { try Self.validate(hiddenUnits: hiddenUnits) } catch {
      throw ArgumentError(
        Self.self, argument: "hiddenUnits", value: hiddenUnits,
        need:
          "at least one layer, of from 1 to \(Self.mostUnits) units, with at most \(Self.mostWeights) weights between the layers"
      )
    }
    try ArgumentError.requireNotNegative(penalty, of: Self.self, argument: "penalty")
    guard (1...Self.mostInnerSteps).contains(innerSteps) else {
      throw ArgumentError(Self.self, argument: "innerSteps", value: innerSteps, need: "from 1 to \(Self.mostInnerSteps)")
    }
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.hasBiases = hasBiases
    self.penalty = penalty
    self.innerSteps = innerSteps
    self.seed = seed
    standardization = Standardization(centres: [], scales: [], hasIntercept: hasBiases)
    restart()
  }

  /// The weights of each layer, the output last, with a column for each unit and a row for each input; the first row holds the biases,
  /// if there are any. Those of the first layer are for features in the units of the data.
  public var weights: [Matrix] {
    shape.layers.indices.map { index in
      let units = unitWeights(ofLayer: index)
      return Matrix(rows: units.count, columns: shape.layers[index].inputs, elements: units.flatMap(\.self)).transposed
    }
  }

  /// The weights of the units of a layer, in the units of the data.
  private func unitWeights(ofLayer index: Int) -> [[Double]] {
    let layer = shape.layers[index]
    return (0..<layer.outputs).map { unit in
      let weights = Array(parameters[layer.range].dropFirst(unit * layer.inputs).prefix(layer.inputs))
      return index == 0 ? standardization.original(weights) : weights
    }
  }

  /// Keeps the output weights of the experts that stay. A new expert starts at the mean of theirs: its ln π is then their mean, but for
  /// a constant that all have in common. Where none stays, all weights start anew.
  public mutating func select(_ experts: [Int?]) {
    let output = shape.layers[shape.output]
    let columns = unitWeights(ofLayer: shape.output)
    let kept = experts.compactMap { $0.map { columns[$0] } }
    expertCount = experts.count
    guard !kept.isEmpty else { return restart() }
    let mean = (0..<output.inputs).map { j in kept.reduce(0) { $0 + $1[j] } / Double(kept.count) }
    parameters.removeSubrange(output.range)
    for expert in experts { parameters += expert.map { columns[$0] } ?? mean }
  }

  /// 2 + P sums: the weight of the assignments, Σ_ik r_ik ln π_k(x_i), and its gradient with respect to the P weights.
  public var statisticsCount: Int { 2 + parameters.count }

  /// −ln N(V | 0, λ⁻¹) = λ ‖V‖² / 2 − (P / 2) ln(λ / 2π); zero without penalty. Like every density's logarithm, it may have
  /// either sign.
  public var divergence: Double {
    guard penalty > 0 else { return 0 }
    return 0.5 * (penalty * dot(parameters, parameters) - Double(parameters.count) * log(penalty / (2 * .pi)))
  }

  /// Standardises what the gate sees, and starts at small random hidden weights and output weights of zero: all π_k are equal.
  ///
  /// - Throws: `DataError` where the gate sees nothing and has no biases.
  public mutating func configure(for data: DataSummary) throws {
    let hasIntercept = hasBiases && data.gateHasIntercept
    guard hasIntercept || !data.gateFeatures.isEmpty else {
      throw DataError(
        "a perceptron gate without biases needs a feature: give it terms after \"|\" in the formula")
    }
    standardization = Standardization(gateFeaturesOf: data, hasIntercept: hasIntercept)
    restart()
  }

  /// Hidden units must differ at the start, or they would stay equal; equal experts are told apart by their responsibilities.
  private mutating func restart() {
    let layers = shape.layers
    let source = RandomSource(seed: seed)
    parameters = layers.enumerated().flatMap { index, layer in
      guard index < layers.count - 1 else { return [Double](repeating: 0, count: layer.range.count) }
      var source = source.split(UInt64(index))
      let deviation = 1 / Double(layer.inputs).squareRoot()
      return layer.range.map { _ in source.gaussian(standardDeviation: deviation) }
    }
  }

  /// The layers of the network.
  var shape: PerceptronShape {
    PerceptronShape(
      inputs: standardization.dimension, hiddenUnits: hiddenUnits, outputs: expertCount,
      hasBiases: standardization.hasIntercept)
  }
}

// MARK: Parameters by name

extension PerceptronGate {
  /// The weights of each expert's output unit: `(bias)`, and what comes from each unit of the last hidden layer, `hidden 1`, ….
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    let names = inputNames(ofLayer: shape.output, data)
    return unitWeights(ofLayer: shape.output).map { zip(names, $0).map { ParameterEstimate($0, value: $1) } }
  }

  /// The weights of the hidden units, which all experts share: `hidden 2: x` is that of x in the second unit, those of the first layer
  /// in the units of the data. With several hidden layers `hidden 1.2` is the second unit of the first.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] {
    hiddenUnits.indices.flatMap { index in
      let names = inputNames(ofLayer: index, data)
      return zip(unitNames(ofLayer: index), unitWeights(ofLayer: index)).flatMap { unit, weights in
        zip(names, weights).map { ParameterEstimate("\(unit): \($0)", value: $1) }
      }
    }
  }

  private func inputNames(ofLayer index: Int, _ data: DataSummary) -> [String] {
    (shape.biasCount > 0 ? ["(bias)"] : [])
      + (index == 0 ? data.gateFeatures.map(\.name) : unitNames(ofLayer: index - 1))
  }

  private func unitNames(ofLayer index: Int) -> [String] {
    (1...hiddenUnits[index]).map { hiddenUnits.count == 1 ? "hidden \($0)" : "hidden \(index + 1).\($0)" }
  }
}

// MARK: The update

extension PerceptronGate {
  /// Climbs G(V) = Σ_ik r_ik ln π_k(x_i, V) − λ ‖V‖² / 2 by BFGS, from what the pass tells of G at the present V and from passes
  /// at trial points, and goes to the highest point found.
  public mutating func update(from statistics: Span<Double>, resum: Resum<PerceptronGate>) throws {
    let current = self
    let known = loss(statistics.indices.map { statistics[$0] })
    let slope = dot(known.gradient, known.gradient).squareRoot()
    guard known.value.isFinite, slope.isFinite else {
      throw ArgumentError(
        Self.self, argument: "the objective", value: "\(known.value) with a gradient of norm \(slope)",
        need: "finite numbers")
    }
    // Along the output weights, the curvature is at most ½ Σ_i |h_i|², by Böhning's bound of the softmax (1992), and usually about
    // half of it. A step's gain is about the gradient's square by twice the curvature: less than rounding is no gain.
    let curvature = 0.25 * statistics[0] * Double(shape.layers[shape.output].inputs) + penalty
    let tolerance = (2 * curvature * .ulpOfOne * abs(known.value)).squareRoot()
    guard slope > tolerance else { return }
    let found = try minimum(
      from: parameters, initialStep: slope / curvature, lineTolerance: Self.lineTolerance, gradientTolerance: tolerance,
      evaluations: innerSteps + 1
    ) { point in
      guard point != current.parameters else { return known }
      var trial = current
      trial.parameters = point
      return trial.loss(try resum(trial))
    }
    parameters = found.point
  }

  /// Loose, because passes are better spent on new directions than on exact minima along old ones.
  private static let lineTolerance = 0.5

  /// −G and its gradient, from the sums of a pass.
  func loss(_ sums: [Double]) -> (value: Double, gradient: [Double]) {
    (
      0.5 * penalty * dot(parameters, parameters) - sums[1],
      zip(sums.dropFirst(2), parameters).map { penalty * $1 - $0 }
    )
  }
}

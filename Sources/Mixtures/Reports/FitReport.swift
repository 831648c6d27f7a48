import Foundation

/// What to tell of a fitted mixture.
public struct FitReport: Sendable {
  /// One expert in numbers.
  public struct Expert: Sendable {
    /// What it is called.
    public var name: String
    /// The name of its type.
    public var type: String
    /// The predictive weight π_k; where the gate depends on the row, the share of the rows.
    public var weight: Double
    /// The sum of the rows' weighted responsibilities.
    public var effectiveRows: Double
    /// What the expert tells of itself, in the units of the data.
    public var parameters: [ParameterEstimate]
  }

  /// The experts in order.
  public let experts: [Expert]
  let fit: FittedMixture
  let format: TableStyle
  /// The columns of the table, each once, in the order in which experts tell them.
  private let parameterKeys: [Key]

  /// Reports the experts of `fit`, in tables of a format.
  public init(_ fit: FittedMixture, format: TableStyle = TableStyle()) {
    (self.fit, self.format) = (fit, format)
    let parameters = fit.parameters
    let total = fit.effectiveRows.reduce(0, +)
    let weights = fit.mixture.gate.ofUnknown.constantWeights ?? fit.effectiveRows.map { $0 / total }
    let types = fit.mixture.blocks.flatMap { Array(repeating: $0.modelName, count: $0.count) }
    experts = fit.mixture.expertNames.enumerated().map { k, name in
      Expert(
        name: name, type: types[k], weight: weights[k], effectiveRows: fit.effectiveRows[k], parameters: parameters[k])
    }
    var known: Set<Key> = []
    parameterKeys = experts.flatMap { Self.keyed($0.parameters).map(\.key) }.filter { known.insert($0).inserted }
  }

  /// The names of the experts' parameters: coefficients and others apart, for a column of the data may be called like another parameter.
  public var parameterNames: [String] { parameterKeys.map(\.name) }

  private struct Key: Hashable {
    var name: String
    var isCoefficient: Bool
    /// How many of that name the expert has told before.
    var occurrence = 0
  }

  private static func keyed(_ parameters: [ParameterEstimate]) -> [(key: Key, parameter: ParameterEstimate)] {
    var counts: [Key: Int] = [:]
    return parameters.map { parameter in
      var key = Key(name: parameter.name, isCoefficient: parameter.isCoefficient)
      let occurrence = counts[key, default: 0]
      counts[key] = occurrence + 1
      key.occurrence = occurrence
      return (key, parameter)
    }
  }

  /// The parameters of an expert in the order of ``parameterNames``, nil for those that it has not.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate?] {
    let parameters = Dictionary(uniqueKeysWithValues: Self.keyed(experts[expert].parameters).map { ($0.key, $0.parameter) })
    return parameterKeys.map { parameters[$0] }
  }
}

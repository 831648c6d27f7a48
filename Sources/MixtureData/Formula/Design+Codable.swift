import MixtureCore

extension Design: Codable {
  private enum CodingKeys: String, CodingKey {
    case formula, others, trials, responseLevels, groups, labels, gateReadsCodes, variables, missingWords
    case rowWeights = "weights"
    case rescalesRowWeights = "rescalesWeights"
  }

  /// Reads a design.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError`, also where the parts do not belong together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let formula = try container.decode(Formula.self, forKey: .formula)
    let others = try container.decode([String].self, forKey: .others)
    let trials = try container.decodeIfPresent(String.self, forKey: .trials)
    let responseLevels = try container.decodeIfPresent([String: [String]].self, forKey: .responseLevels) ?? [:]
    let rowWeights = try container.decodeIfPresent(String.self, forKey: .rowWeights)
    let rescalesRowWeights = try container.decode(Bool.self, forKey: .rescalesRowWeights)
    let groups = try container.decodeIfPresent(String.self, forKey: .groups)
    let labels = try container.decodeIfPresent(RowLabels.self, forKey: .labels)
    let gateReadsCodes = try container.decode(Bool.self, forKey: .gateReadsCodes)
    let variables = try container.decode([String: DesignVariable].self, forKey: .variables)
    if let labels {
      do { try labels.validate() } catch { throw DecodingError.unfit(error, in: container, forKey: .labels) }
    }
    do {
      for (name, variable) in variables.sorted(by: { $0.key < $1.key }) {
        try UnfitValue.at(name) { try variable.validate() }
      }
      for variable in try Self.variables(of: [formula.experts, formula.gate ?? []], others: others)
      where variables[variable.description]?.belongs(to: variable) != true {
        throw DataError("what was learned of \(variable) is missing, or belongs to another")
      }
      try Self.check(trials: trials, beside: formula)
      try self.init(
        formula, others: others, trials: trials, responseLevels: responseLevels, rowWeights: rowWeights,
        rescalesRowWeights: rescalesRowWeights, groups: groups, labels: labels, gateReadsCodes: gateReadsCodes,
        missingWords: container.decodeIfPresent([String].self, forKey: .missingWords).map(Set.init),
        variables: variables)
    } catch { throw DecodingError.unfit(error, in: container, forKey: .variables) }
  }

  /// Writes the formula, the columns for `.`, the labels, and what each variable learned.
  ///
  /// - Parameter encoder: where to write to.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(formula, forKey: .formula)
    try container.encode(others, forKey: .others)
    try container.encodeIfPresent(trials, forKey: .trials)
    if !responseLevels.isEmpty { try container.encode(responseLevels, forKey: .responseLevels) }
    try container.encodeIfPresent(rowWeights, forKey: .rowWeights)
    try container.encode(rescalesRowWeights, forKey: .rescalesRowWeights)
    try container.encodeIfPresent(groups, forKey: .groups)
    try container.encodeIfPresent(labels, forKey: .labels)
    try container.encode(gateReadsCodes, forKey: .gateReadsCodes)
    try container.encodeIfPresent(missingWords?.sorted(), forKey: .missingWords)
    try container.encode(variables, forKey: .variables)
  }
}

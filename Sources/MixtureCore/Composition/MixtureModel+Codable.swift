extension MixtureModel: Codable {
  private enum CodingKeys: String, CodingKey { case gate, gateIsFixed, blocks }

  /// Decodes gate and blocks with the types registered under their names (see ``PartRegistry``).
  ///
  /// - Throws: `DecodingError` for an unknown type, for values that are unfit, or if the parts do not fit together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    gate = try container.decode(CodedByName<any Gate>.self, forKey: .gate).wrappedValue
    blocks = try container.decode([CodedBlock].self, forKey: .blocks).map(\.block)
    gateIsFixed = try container.decode(Bool.self, forKey: .gateIsFixed)
    try decoder.checking { try validate() }
  }

  /// Encodes gate and blocks, each with the name of its type: everything that prediction needs, and a fit that goes on.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(CodedByName(wrappedValue: gate), forKey: .gate)
    try container.encode(gateIsFixed, forKey: .gateIsFixed)
    try container.encode(blocks.map(CodedBlock.init), forKey: .blocks)
  }
}

/// Codes a block behind an existential as the name of its experts' type and its value.
private struct CodedBlock: Codable {
  let block: any AnyBlock

  init(_ block: any AnyBlock) { self.block = block }

  private enum CodingKeys: String, CodingKey { case experts, value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard let type = try PartRegistry.type(in: container, forKey: .experts) as? any LocalModel.Type else {
      throw DecodingError.dataCorruptedError(forKey: .experts, in: container, debugDescription: "not a type of experts")
    }
    func decode<Model: LocalModel>(_: Model.Type) throws -> any AnyBlock {
      try container.decode(Block<Model>.self, forKey: .value)
    }
    block = try decode(type)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(PartRegistry.name(of: block.modelType), forKey: .experts)
    try container.encode(block, forKey: .value)
  }
}

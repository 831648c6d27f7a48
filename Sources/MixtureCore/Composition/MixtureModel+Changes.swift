extension MixtureModel {
  /// Gives an expert another name.
  ///
  /// - Throws: ``MixtureError`` if there is no such expert, or the name is taken.
  public mutating func rename(_ expert: String, to name: String) throws {
    let (block, index) = try place(of: expert)
    var changed = self
    changed.blocks[block].names[index] = name
    try changed.validate()
    self = changed
  }

  /// Adds a block of experts. They have no rows yet: a fit from ``Start/mixed`` finds them some.
  ///
  /// - Throws: ``MixtureError`` if they do not fit in, or the gate cannot weigh them.
  public mutating func add<Model>(_ experts: Block<Model>) throws {
    var changed = self
    changed.blocks.append(experts)
    try changed.gate.select((0..<expertCount).map { $0 } + Array(repeating: nil, count: experts.count))
    try changed.validate()
    self = changed
  }

  /// Drops an expert; the others keep what they know. ``Start/mixture(_:)`` goes on from there.
  ///
  /// - Throws: ``MixtureError`` if there is no such expert, or no other.
  public mutating func drop(_ expert: String) throws {
    let (block, index) = try place(of: expert)
    let number = expertRanges[block].lowerBound + index
    guard expertCount > 1 else { throw MixtureError.noExperts }
    var changed = self
    // Numbers would slide: whoever had none keeps the one that it had.
    let names = expertNames
    for (other, range) in changed.expertRanges.enumerated() where range.lowerBound > number || range.contains(number) {
      for k in range where k > number { changed.blocks[other].names[k - range.lowerBound] = names[k] }
    }
    changed.blocks[block].select((0..<blocks[block].count).filter { $0 != index })
    if changed.blocks[block].count == 0 { changed.blocks.remove(at: block) }
    try changed.gate.select((0..<expertCount).filter { $0 != number })
    try changed.validate()
    self = changed
  }

  /// Lets fits leave experts as they are. Those of one block share parameters, so they are fixed together.
  ///
  /// - Throws: ``MixtureError`` if there is no such expert, or one of its block is not named.
  public mutating func fix(_ experts: String...) throws { try setFixed(true, experts) }

  /// Lets experts be fitted again.
  ///
  /// - Throws: as ``fix(_:)``.
  public mutating func free(_ experts: String...) throws { try setFixed(false, experts) }

  /// Changes each block of experts of one type, to fix a coefficient for example.
  public mutating func modify<Model>(
    _ type: Model.Type = Model.self, _ change: (inout Block<Model>) throws -> Void
  ) rethrows {
    for index in blocks.indices {
      guard var block = blocks[index] as? Block<Model> else { continue }
      try change(&block)
      blocks[index] = block
    }
  }

  /// Changes the gate, if it is of the given type.
  public mutating func modifyGate<G: Gate>(_ type: G.Type = G.self, _ change: (inout G) throws -> Void) rethrows {
    guard var gate = gate as? G else { return }
    try change(&gate)
    self.gate = gate
  }

  private mutating func setFixed(_ isFixed: Bool, _ experts: [String]) throws {
    let named = Set(experts)
    let places = try experts.map { try place(of: $0).block }
    let names = expertNames
    for block in Set(places).sorted() {
      if let other = expertRanges[block].map({ names[$0] }).first(where: { !named.contains($0) }) {
        throw MixtureError.refused(
          "\(other) shares parameters with experts that are to be \(isFixed ? "fixed" : "freed"): name it too, or give it a block of its own"
        )
      }
      blocks[block].isFixed = isFixed
    }
  }

  func place(of expert: String) throws -> (block: Int, index: Int) {
    let names = expertNames
    guard let number = names.firstIndex(of: expert),
      let block = expertRanges.firstIndex(where: { $0.contains(number) })
    else { throw MixtureError.noExpert(name: expert, among: names) }
    return (block, number - expertRanges[block].lowerBound)
  }
}

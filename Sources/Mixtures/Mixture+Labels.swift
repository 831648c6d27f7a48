extension Mixture {
  /// The experts as they are fitted to rows some of which are known to be theirs: called by their labels, and weighed by a gate that
  /// sees the columns of the labels.
  ///
  /// - Throws: `DataError` for more labels than experts; `MixtureError` for a fixed gate.
  func parts(knowing labels: RowLabels, of table: Table) throws -> MixtureModel {
    guard !parts.gateIsFixed else {
      throw MixtureError.refused("a fixed gate cannot take in labels: let the gate be fitted, or leave out the labels")
    }
    var names = parts.blocks.flatMap(\.names)
    let unnamed = names.indices.filter { names[$0] == nil }
    let newLabels = labels.levels.filter { !names.contains($0) }
    guard newLabels.count <= unnamed.count else {
      let place = "\(table.source), column \"\(labels.column)\""
      let all = labels.levels.joined(separator: ", ")
      throw DataError(
        labels.levels.count > names.count
          ? "\(place): \(labels.levels.count) labels (\(all)) for \(names.count) "
            + "expert\(names.count == 1 ? "" : "s"); take at least \(labels.levels.count)"
          : "\(place): no expert is left for the label \"\(newLabels[unnamed.count])\", for the others have names of their own "
            + "(\(parts.expertNames.joined(separator: ", "))); name one of them after the label, or leave one without a name"
      )
    }
    for (number, k) in unnamed.enumerated() {
      // A label may be the number by which an expert without a name goes.
      names[k] = number < newLabels.count ? newLabels[number] : "unlabelled \(k + 1)"
    }
    let columns = Dictionary(uniqueKeysWithValues: zip(labels.levels, labels.featureNames))
    let gate = try KnownGate(names.map { $0.flatMap { columns[$0] } }, of: parts.gate)
    var blocks = parts.blocks
    for index in blocks.indices {
      blocks[index].names = Array(names.prefix(blocks[index].count))
      names.removeFirst(blocks[index].count)
    }
    return try MixtureModel(gate: gate, blocks: blocks)
  }
}

extension MixtureModel {
  /// The same weighed by the gate for rows without a label.
  func forgettingLabels() -> MixtureModel {
    var result = self
    result.gate = gate.ofUnknown
    return result
  }
}

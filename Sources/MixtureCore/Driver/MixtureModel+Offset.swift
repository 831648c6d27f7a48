extension MixtureModel {
  /// Refuses rows with an offset if experts would ignore it.
  ///
  /// - Throws: ``MixtureError/refused(_:)`` with the name of the experts' type.
  func refuseIgnoredOffset(of rows: any TileSource) throws {
    guard rows.shape.hasOffset, let block = blocks.first(where: { !$0.acceptsOffset }) else { return }
    throw MixtureError.refused(
      "\(block.modelName) does not know offsets: leave the offset out, or take experts that add it to what they predict"
    )
  }
}

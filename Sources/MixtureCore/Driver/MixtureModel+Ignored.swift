extension MixtureModel {
  /// Refuses rows with an offset or trials if experts would ignore them.
  ///
  /// - Throws: ``MixtureError/refused(_:)`` with the name of the experts' type.
  func refuseWhatIsIgnored(of rows: any TileSource) throws {
    if rows.shape.hasOffset, let block = (blocks.first { !$0.acceptsOffset }) {
      throw MixtureError.refused(
        "\(block.modelName) does not know offsets: leave the offset out, or take experts that add it to what they predict"
      )
    }
    if let response = rows.shape.responses.first(where: \.hasTrials),
      let block = (blocks.first { !$0.acceptsTrials })
    {
      throw MixtureError.refused(
        "\(block.modelName) does not know numbers of trials, but each row of \(response.name) has one: leave the trials out (--trials, cbind), or "
          + "take experts that explain successes among trials, such as a BinomialExpert (--family binomial)")
    }
  }
}

/// A start's first iterations with points for distributions, where experts have such.
///
/// An expert that loses its rows early is as uncertain as its prior, scores every row low by that, and so never gets rows again: under a wide prior
/// many starts end with experts that the data would use (MacKay 2001, "A problem with variational free energy minimization"). Points
/// have no width, and an expert of few rows still competes for those near it. The fit itself begins from their responsibilities.
extension MeanFieldDriver {
  /// The least and the most iterations with points: where experts overlap, these take long to find their places.
  private static let warmUpIterations = 25...200
  /// The rise of the ELBO in an iteration, in nats, below which no more follow.
  private static let leastRise = 1e-3

  /// The responsibilities after the iterations with points, or the start's own where the experts have none; `count` is called after each iteration.
  ///
  /// - Throws: as ``begin(_:from:report:)``.
  func warmUp(
    _ initial: MixtureModel, from start: any ResponsibilitySource, count: () -> Void
  ) throws -> any ResponsibilitySource {
    guard initial.expertCount > 1, var mixture = initial.asPoints else { return start }
    var source = start
    var elbo = -Double.infinity
    do {
      for iteration in 1...Self.warmUpIterations.upperBound {
        let sums = try naming(iteration, mixture) {
          try iteration == 1 ? engine.statistics(of: mixture, under: source) : engine.statistics(of: mixture)
        }
        count()
        if iteration >= Self.warmUpIterations.lowerBound {
          let risen = try naming(iteration, mixture) { try ELBO(of: mixture, data: sums.logSum, sums).inUnitsOfFit }
          if risen - elbo < Self.leastRise { break }
          elbo = risen
        }
        // Far from an optimum, at first, steps of some experts need a look; later none of these iterations must rise.
        mixture = try updated(mixture, sums, under: source, checksBlocks: iteration == 1, iteration: iteration)
        source = MixtureResponsibilities(mixture: mixture)
      }
    } catch let error as MixtureError where error.endsOneStartOnly {
      // What points cannot do distributions may.
    }
    return source
  }
}

extension MixtureModel {
  /// The same mixture with points for the distributions of those blocks that have such a version; nil if none has.
  fileprivate var asPoints: MixtureModel? {
    let points = blocks.map { $0.isFixed ? nil : $0.asPoints }
    guard points.contains(where: { $0 != nil }) else { return nil }
    var result = self
    for (index, block) in points.enumerated() { if let block { result.blocks[index] = block } }
    return result
  }
}

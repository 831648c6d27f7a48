/// Deterministic annealing (Ueda & Nakano 1998): coordinate ascent of a lower bound in which the entropy of q(Z) counts 1 / τ
/// times, with the inverse temperature τ rising to one. The flatter that bound, the fewer its maxima, and each stage begins
/// where the one before came to.
extension MeanFieldDriver {
  /// The inverse temperatures, and the iterations at each of them.
  private static let inverseTemperatures = [0.2, 0.28, 0.4, 0.56, 0.75, 0.9]
  private static let iterationsPerTemperature = 5
  /// The share of the start in the first responsibilities of a stage. Where the entropy outweighs the differences of the
  /// experts, these become equal; the start tells them apart again.
  private static let shareOfStart = 0.3

  /// The mixture after all temperatures below one; `count` is called after each iteration.
  ///
  /// - Throws: as ``begin(_:from:report:)``.
  func anneal(
    _ initial: MixtureModel, from start: any ResponsibilitySource, count: () -> Void
  ) throws -> MixtureModel {
    var mixture = initial
    var source = start
    for inverseTemperature in Self.inverseTemperatures {
      for iteration in 1...Self.iterationsPerTemperature {
        let sums = try naming(iteration, mixture) { try engine.statistics(of: mixture, under: source) }
        count()
        mixture = try updated(mixture, sums, under: source, iteration: iteration)
        source = MixtureResponsibilities(mixture: mixture, inverseTemperature: inverseTemperature)
        if iteration == 1 { source = BlendedResponsibilities(source, start, share: Self.shareOfStart) }
      }
    }
    return mixture
  }
}

import GSL
import MixtureCore

extension SoftmaxNode {
  /// One step of the node, given responsibilities, that does not lower its G.
  ///
  /// - Parameters:
  ///   - statistics: the sums of a pass.
  ///   - resum: another pass over the rows with a trial node: `Resum.of(_:in:)` that of the gate.
  /// - Throws: `ArgumentError` for a penalty that is not above zero, and where a curvature is not positive definite in finite precision; what the
  ///   pass throws.
  public mutating func update(from statistics: Span<Double>, resum: Resum<SoftmaxNode>) throws {
    try ArgumentError.requirePositive(penalty, of: Self.self, argument: "penalty")
    var nodes = [self]
    try nodes.update(from: statistics, resum: Resum(isPossible: resum.isPossible) { try resum($0[0]) })
    self = nodes[0]
  }

  /// The sums of a pass, read from the statistics.
  func sums(_ statistics: Span<Double>) -> SoftmaxSums {
    SoftmaxSums(statistics, childCount: childCount, dimension: dimension)
  }

  /// ½ Σ w x xᵀ + λ I, Böhning's bound of the curvature along columns that sum to zero.
  func boundOfCurvature(_ sums: SoftmaxSums) throws -> Cholesky {
    try Cholesky((0.5 * sums.square).addingToDiagonal(penalty))
  }

  /// G at the coefficients under which the sums were made.
  fileprivate func objective(_ sums: SoftmaxSums) -> Double { sums.objective - penaltyTerm }

  /// Where a node goes from its coefficients.
  fileprivate struct Step {
    /// Coefficients for which Böhning's bound proves that they do not lower G.
    var safe: [Double]
    /// Newton's step, where Böhning's bound does not prove it, and another pass must compare.
    var newton: [Double]?
    /// What safe coefficients gain at least.
    var sureGain = 0.0
  }

  /// Newton's step where Böhning's bound proves that it raises G, else Böhning's, and Newton's to be compared.
  ///
  /// Without another pass it is Newton's, which the caller can take back: M = (H + λ I)⁻¹ s needs no current coefficients.
  fileprivate func step(_ sums: SoftmaxSums, canCompare: Bool) throws -> Step {
    let bound = try boundOfCurvature(sums)
    func columnwise<T>(_ values: [Double], _ map: ([Double]) -> T) -> [T] {
      (0..<childCount).map { map(column($0, of: values)) }
    }
    guard !sums.products.isEmpty else { return Step(safe: columnwise(sums.sums, bound.solve).flatMap(\.self)) }
    let curvature = sums.curvature(penalty: penalty)
    guard canCompare else { return Step(safe: try Cholesky(curvature).solve(sums.sums)) }
    let gradient = zip(sums.sums, curvature * coefficients).map(-)
    let step = columnwise(gradient, bound.solve).flatMap(\.self)
    let safe = zip(coefficients, step).map(+)
    guard let newton = (try? Cholesky(curvature))?.solve(gradient) else { return Step(safe: safe) }
    let sureGain = 0.5 * dot(gradient, step)
    let leastGain = dot(gradient, newton) - 0.5 * columnwise(newton, bound.quadraticForm).reduce(0, +)
    if leastGain >= 0.5 * sureGain { return Step(safe: zip(coefficients, newton).map(+)) }
    return Step(safe: safe, newton: newton, sureGain: sureGain)
  }
}

extension [SoftmaxNode] {
  /// One step of each node, given responsibilities, under which the nodes do not know of each other. No step lowers its G.
  ///
  /// Newton's step is taken where Böhning's bound proves that it raises G; or where another pass, one for all nodes, says that it, or
  /// a quarter of it, or a sixteenth, raises it by more than Böhning's step is sure to; else Böhning's is.
  ///
  /// - Parameters:
  ///   - statistics: those of the nodes, one after another.
  ///   - resum: another pass over the rows with trial nodes: `Resum.of(_:in:)` that of the gate.
  /// - Throws: `ArgumentError` where a curvature is not positive definite in finite precision; what the pass throws.
  public mutating func update(from statistics: Span<Double>, resum: Resum<[SoftmaxNode]>) throws {
    let sums = sums(statistics)
    var steps = try zip(self, sums).map { try $0.step($1, canCompare: resum.isPossible) }
    for length in [1, 0.25, 0.0625] where steps.contains(where: { $0.newton != nil }) {
      var trial = self
      for (index, step) in steps.enumerated() {
        guard let newton = step.newton else { continue }
        trial[index].coefficients = zip(self[index].coefficients, newton).map { $0 + length * $1 }
      }
      let values = try resum(trial)
      let found = trial.sums(values.span)
      for index in indices where steps[index].newton != nil {
        let gain = trial[index].objective(found[index]) - self[index].objective(sums[index])
        if gain >= steps[index].sureGain { steps[index] = SoftmaxNode.Step(safe: trial[index].coefficients) }
      }
    }
    for (index, step) in steps.enumerated() { self[index].coefficients = step.safe }
  }

  private func sums(_ statistics: Span<Double>) -> [SoftmaxSums] {
    var start = 0
    var result: [SoftmaxSums] = []
    for node in self {
      let slice = start..<(start + node.statisticsCount)
      result.append(node.sums(statistics.extracting(slice)))
      start = slice.upperBound
    }
    return result
  }
}

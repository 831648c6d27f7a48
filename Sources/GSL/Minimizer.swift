import CGSLSupport

/// The lowest point that a search has found.
package struct Minimum: Sendable, Equatable {
  /// The point.
  package var point: [Double]
  /// The objective there.
  package var value: Double
  /// The objective's gradient there.
  package var gradient: [Double]
  /// How often the objective was evaluated, the start included.
  package var evaluations: Int
}

/// Descends from `start` to a local minimum by the method of Broyden, Fletcher, Goldfarb and Shanno, as GSL's `vector_bfgs2`
/// does it (line search after Fletcher 1987).
///
/// The search ends where the gradient's norm falls to the tolerance, where rounding hides any further descent, after the given number
/// of evaluations, or at a point where value or gradient is not finite. Whatever the end, the result is the lowest of all points that
/// were evaluated, the start among them.
///
/// - Parameters:
///   - start: where to begin; at least one coordinate.
///   - initialStep: the length of the first step, along the negative gradient; positive.
///   - lineTolerance: a line search ends where the slope is this fraction of its first.
///   - gradientTolerance: the norm of the gradient at which the search ends.
///   - evaluations: the most evaluations, the start included.
///   - objective: the value and the gradient at a point.
/// - Throws: what `objective` throws; ``GSLError`` if the value or the gradient at the start is not finite, or memory is short.
package func minimum(
  from start: [Double], initialStep: Double, lineTolerance: Double = 0.1, gradientTolerance: Double, evaluations: Int,
  of objective: (_ point: [Double]) throws -> (value: Double, gradient: [Double])
) throws -> Minimum {
  precondition(!start.isEmpty && initialStep > 0 && evaluations > 0, "a point, a step and an evaluation to begin with")
  return try withoutActuallyEscaping(objective) { objective in
    let search = Search(count: start.count, evaluations: evaluations, objective)
    let status = withExtendedLifetime(search) {
      bfgs_minimum(
        start.count,
        { point, value, gradient, search in
          Unmanaged<Search>.fromOpaque(search!).takeUnretainedValue().evaluate(point!, value!, gradient!)
        },
        Unmanaged.passUnretained(search).toOpaque(), start, initialStep, lineTolerance, gradientTolerance)
    }
    if let error = search.error { throw error }
    let call = "minimum from \(start.count) coordinates"
    try check(status, call)
    guard let best = search.best else { throw GSLError(domainErrorIn: call) }
    return best
  }
}

/// Carries the objective through C's `void *`, and keeps the lowest point.
private final class Search {
  private(set) var best: Minimum?
  private(set) var error: (any Error)?
  private let count: Int
  private let limit: Int
  private var evaluations = 0
  private let objective: ([Double]) throws -> (value: Double, gradient: [Double])

  init(count: Int, evaluations: Int, _ objective: @escaping ([Double]) throws -> (value: Double, gradient: [Double])) {
    self.count = count
    limit = evaluations
    self.objective = objective
  }

  /// Writes value and gradient, and tells whether the search may go on.
  func evaluate(
    _ point: UnsafePointer<Double>, _ value: UnsafeMutablePointer<Double>, _ gradient: UnsafeMutablePointer<Double>
  ) -> Bool {
    guard evaluations < limit else { return false }
    evaluations += 1
    let coordinates = Array(UnsafeBufferPointer(start: point, count: count))
    do {
      let found = try objective(coordinates)
      precondition(found.gradient.count == count, "a gradient of \(found.gradient.count) for \(count) coordinates")
      guard found.value.isFinite, found.gradient.allSatisfy(\.isFinite) else { return false }
      if best.map({ found.value < $0.value }) ?? true {
        best = Minimum(point: coordinates, value: found.value, gradient: found.gradient, evaluations: evaluations)
      }
      best?.evaluations = evaluations
      value.pointee = found.value
      gradient.update(from: found.gradient, count: count)
      return true
    } catch {
      self.error = error
      return false
    }
  }
}

import CVectorMath
import GSL

// Scores of families column by column: `scores` holds the variances of η on entry, `slopes` its means.

extension VectorKernels {
  /// Scores y μ − n E ln(1 + e^η), with slopes y − n E σ(η) and curvatures n E σ(η) σ(−η), each row by a series or by the
  /// rule that its variance asks for.
  package static func scoreLogistic(
    _ values: [Double], trials: [Double]?, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>
  ) {
    let count = scores.count
    precondition(values.count == count && trials?.count ?? count == count)
    withPointers(&scores, &slopes, &curvatures) { scores, slopes, curvatures in
      logisticRules.withUnsafeBufferPointer { rules in
        if let trials {
          vector_logistic_scores(values, trials, rules.baseAddress, rules.count, scores, slopes, curvatures, count)
        } else {
          vector_logistic_scores(values, nil, rules.baseAddress, rules.count, scores, slopes, curvatures, count)
        }
      }
    }
  }

  /// The rules of Gauss and Hermite for variances that are not small, where they stay for good. Nobody writes there.
  private nonisolated(unsafe) static let logisticRules = GaussHermite.rulesForValues.filter {
    $0.largestVariance > VECTOR_LOGISTIC_SERIES
  }.map { variance, rule in
    func kept(_ numbers: [Double]) -> UnsafePointer<Double> {
      let place = UnsafeMutablePointer<Double>.allocate(capacity: numbers.count)
      place.initialize(from: numbers, count: numbers.count)
      return UnsafePointer(place)
    }
    return vector_rule(
      largest_variance: variance, count: rule.nodes.count, nodes: kept(rule.nodes), weights: kept(rule.weights))
  }

  /// Scores y μ − ρ with ρ = exp(μ + v/2), with slopes y − ρ and curvatures ρ.
  package static func scorePoisson(
    _ values: [Double], scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>
  ) {
    let count = scores.count
    precondition(values.count == count)
    withPointers(&scores, &slopes, &curvatures) { vector_poisson_scores(values, $0, $1, $2, count) }
  }

  /// Scores constant − ½ (ν + 1) ln b with b = ½ (ν + β e), e = (y − μ)² + v and u = ½ (ν + 1) / b; slopes u (y − μ), curvatures u, and as
  /// terms the columns ψ − ln b − u, u and u².
  package static func scoreStudent(
    _ values: [Double], degreesOfFreedom: Double, precision: Double, constant: Double, digammaOfNext: Double,
    scores: inout MutableSpan<Double>,
    slopes: inout MutableSpan<Double>, curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    let count = scores.count
    precondition(values.count == count && terms.count == 3 * count)
    withPointers(&scores, &slopes, &curvatures) { scores, slopes, curvatures in
      terms.withUnsafeMutableBufferPointer { terms in
        vector_student_scores(
          values, degreesOfFreedom, precision, constant, digammaOfNext, scores, slopes, curvatures, terms.baseAddress,
          count)
      }
    }
  }

  private static func withPointers(
    _ a: inout MutableSpan<Double>, _ b: inout MutableSpan<Double>, _ c: inout MutableSpan<Double>,
    _ body: (UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void
  ) {
    precondition(a.count == b.count && b.count == c.count && a.count % lanes == 0)
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeMutableBufferPointer { b in
        c.withUnsafeMutableBufferPointer { body(a.baseAddress, b.baseAddress, $0.baseAddress) }
      }
    }
  }
}

import CGSLSupport

/// The root of a continuous function whose signs differ at the ends of `bracket`, by Brent's method.
///
/// - Parameters:
///   - bracket: an interval at whose ends `function` has different signs, or is zero.
///   - absoluteTolerance: the accepted error of the root, to which the relative one adds.
///   - relativeTolerance: the accepted error of the root, relative to its size.
///   - function: the function whose root is sought.
/// - Throws: ``GSLError`` if the signs do not differ, a value is not finite, or 200 iterations do not suffice.
package func root(
  in bracket: ClosedRange<Double>, absoluteTolerance: Double = 0, relativeTolerance: Double = 1e-14,
  of function: (Double) -> Double
) throws(GSLError) -> Double {
  var root = Double.nan
  let status = withoutActuallyEscaping(function) { function in
    withExtendedLifetime(FunctionBox(function)) { box in
      brent_root(
        { x, box in Unmanaged<FunctionBox>.fromOpaque(box!).takeUnretainedValue().call(x) },
        Unmanaged.passUnretained(box).toOpaque(), bracket.lowerBound, bracket.upperBound, absoluteTolerance,
        relativeTolerance, 200, &root)
    }
  }
  try check(status, "root between \(bracket.lowerBound) and \(bracket.upperBound)")
  return root
}

/// Carries a Swift closure through C's `void *`.
private final class FunctionBox {
  let call: (Double) -> Double
  init(_ call: @escaping (Double) -> Double) { self.call = call }
}

/// What a function has at two places to either side of zero, for slopes to fourth order: (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h.
package struct CentralDifference<Value> {
  private let step: Double
  private let near: (Value, Value)
  private let far: (Value, Value)

  /// The function at the offsets −h, h, −2h and 2h.
  ///
  /// - Parameters:
  ///   - step: h.
  ///   - function: its value at an offset from zero.
  package init(step: Double, of function: (_ offset: Double) throws -> Value) rethrows {
    self.step = step
    near = (try function(-step), try function(step))
    far = (try function(-2 * step), try function(2 * step))
  }

  /// The slope at zero of a number of the function's value.
  package func slope(of number: (Value) -> Double) -> Double {
    (8 * (number(near.1) - number(near.0)) - (number(far.1) - number(far.0))) / (12 * step)
  }
}

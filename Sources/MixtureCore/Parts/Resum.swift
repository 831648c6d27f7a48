/// Another pass over the data with the responsibilities frozen, for a part whose step has no closed form: the statistics
/// that `trial` would have accumulated in the pass just made.
public struct Resum<Trial> {
  /// Whether there are responsibilities for another pass. Behind extrapolated sums there are none, and a call throws; but then the
  /// driver takes back a step after which the ELBO is lower, so that a part need not look.
  public let isPossible: Bool
  private let pass: (Trial) throws -> [Double]

  /// Wraps the pass.
  public init(isPossible: Bool = true, _ pass: @escaping (Trial) throws -> [Double]) {
    self.isPossible = isPossible
    self.pass = pass
  }

  /// The trial's statistics over all rows. Costs a pass in which the part alone accumulates; the responsibilities, a number for each
  /// assignment and expert, are computed once and kept until the part is updated.
  public func callAsFunction(_ trial: Trial) throws -> [Double] { try pass(trial) }

  /// The pass for a part within `whole`: each trial value takes the place of the one there.
  public func of<Value>(_ path: WritableKeyPath<Trial, Value>, in whole: Trial) -> Resum<Value> {
    Resum<Value>(isPossible: isPossible) { value in
      var trial = whole
      trial[keyPath: path] = value
      return try pass(trial)
    }
  }
}

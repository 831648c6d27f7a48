import GSL

/// What a part throws in an iteration, until the driver says which iteration it is.
struct PartFailure: Error {
  /// The number of the part: a block, or the gate after the blocks.
  let part: Int
  /// What it throws.
  let error: any Error

  /// Runs what a part does; a cancellation is no failure of it, and a failure of its trial is its own already.
  static func of<Result>(_ part: Int, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error where !(error is CancellationError || error is PartFailure) {
      throw PartFailure(part: part, error: error)
    }
  }

  /// The failure in words, with the part and the iteration.
  func described(in mixture: MixtureModel, iteration: Int) -> MixtureError {
    let reason =
      switch error {
      case let error as Breakdown: error.reason(in: mixture, part: part)
      case let error where error.isOutOfRange: MixtureError.outOfRange(error)
      default: "\(error)"
      }
    return .partFailed(part: mixture.partNames[part], iteration: iteration, reason: reason)
  }
}

extension Error {
  /// Whether numbers went out of range where it was thrown.
  var isOutOfRange: Bool { self is GSLError || self is ArgumentError }
}

extension MixtureError {
  /// Runs what a part does before a fit, where what leaves the range is one of its arguments or the data's scale.
  ///
  /// - Throws: ``refused(_:)`` with the part's name for numbers out of range; what the part throws.
  static func refusingOutOfRange(in part: String, _ body: () throws -> Void) throws {
    do { try body() } catch let error as GSLError { throw MixtureError.refused("\(part): \(outOfRange(error))") }
  }

  /// What to say of numbers that left the range in a part, and what to do.
  static func outOfRange(_ error: any Error) -> String {
    "numbers went out of range: \(error); the noise, a prior or a column may be on a very different scale than the rest: rescale it"
  }
}

extension FitOptions: Validatable {
  /// The most starts that a fit may be asked for; each is kept until the end.
  package static let mostStarts = 1_000_000

  /// Checks the numbers.
  ///
  /// - Throws: ``UnfitValue`` unless there is an iteration, a start and a thread at least, not too many starts, and a tolerance of at least zero.
  public func validate() throws {
    try UnfitValue.check("maximumPasses", maximumIterations >= 1, "\(maximumIterations) must be at least 1")
    if let starts {
      try UnfitValue.check(
        "restarts", (1...Self.mostStarts).contains(starts), "\(starts) must be from 1 to \(Self.mostStarts)")
    }
    try UnfitValue.check("threads", threads >= 1, "\(threads) must be at least 1")
    switch tolerance {
    case .relative(let value), .absolute(let value): try UnfitValue.checkNotNegative("tolerance", value)
    }
  }
}

extension FitOptions: Validatable {
  /// The most starts that a fit may be asked for; each is kept until the end.
  package static let mostRestarts = 1_000_000

  /// Checks the numbers.
  ///
  /// - Throws: ``UnfitValue`` unless there is a pass, a start and a thread at least, not too many starts, and a tolerance of at least zero.
  public func validate() throws {
    try UnfitValue.check("maximumPasses", maximumPasses >= 1, "\(maximumPasses) must be at least 1")
    if let restarts {
      try UnfitValue.check(
        "restarts", (1...Self.mostRestarts).contains(restarts), "\(restarts) must be from 1 to \(Self.mostRestarts)")
    }
    try UnfitValue.check("threads", threads >= 1, "\(threads) must be at least 1")
    switch tolerance {
    case .relative(let value), .absolute(let value): try UnfitValue.checkNotNegative("tolerance", value)
    }
  }
}

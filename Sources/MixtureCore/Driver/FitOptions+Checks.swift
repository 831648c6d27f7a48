extension FitOptions: Validatable {
  /// The most starts that a fit may be asked for; each is kept until the end.
  package static let mostStarts = 1_000_000

  /// Checks the numbers.
  ///
  /// - Throws: ``UnfitValue`` unless there is an iteration, a start and a thread at least, not too many starts, and a tolerance of at least zero.
  public func validate() throws {
    guard let fault else { return }
    throw UnfitValue(fault.key.stringValue, need: "\(fault.value) must be \(fault.need)")
  }

  /// - Throws: ``ArgumentError`` for what ``validate()`` finds.
  func requireFit() throws {
    guard let fault else { return }
    throw ArgumentError(FitOptions.self, argument: fault.key.argument, value: fault.value, need: fault.need)
  }

  /// The first number that makes no sense.
  private var fault: (key: CodingKeys, value: Any, need: String)? {
    if maximumIterations < 1 { return (.maximumIterations, maximumIterations, "at least 1") }
    if let starts, !(1...Self.mostStarts).contains(starts) { return (.starts, starts, "from 1 to \(Self.mostStarts)") }
    if threads < 1 { return (.threads, threads, "at least 1") }
    switch tolerance {
    case .relative(let value), .absolute(let value):
      return value >= 0 && value.isFinite ? nil : (.tolerance, value, "a finite number of at least 0")
    }
  }
}

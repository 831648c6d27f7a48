/// A fit under way.
public struct RunningFit<Value: Sendable>: Sendable {
  /// The iterations as they are made; of those that nobody has looked at yet the last thousand. Ends with the fit.
  public let progress: AsyncStream<IterationReport>
  private let task: Task<Value, any Error>

  /// Starts `work`, which tells its observer of each iteration.
  package init(_ work: @escaping @Sendable (_ observer: @escaping FitObserver) async throws -> Value) {
    // Whoever does not look at the reports should not keep them all.
    let (progress, continuation) = AsyncStream.makeStream(of: IterationReport.self, bufferingPolicy: .bufferingNewest(1000))
    self.progress = progress
    task = Task {
      defer { continuation.finish() }
      return try await work { continuation.yield($0) }
    }
  }

  /// The fit, once it is done. Cancelling the task that waits cancels the fit.
  public var value: Value {
    get async throws {
      try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    }
  }

  /// Ends the fit, whose ``value`` then throws `CancellationError`.
  public func cancel() { task.cancel() }
}

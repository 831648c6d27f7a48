import Dispatch
import Synchronization

/// Computes numbered results on several threads, and consumes them in order on the calling one.
///
/// - Parameters:
///   - count: how many results there are.
///   - threads: the number of threads; it changes neither the results nor their order.
///   - compute: called with each number, by several threads at once.
///   - consume: called with each result.
/// - Throws: what `compute` or `consume` throws; `CancellationError` if the task is cancelled.
/// - Complexity: four results a thread are in memory at a time.
package func forEachInOrder<Result: Sendable>(
  _ count: Int, threads: Int, _ compute: @Sendable (Int) throws -> Result, consume: (Result) throws -> Void
) throws {
  let threads = max(1, threads)
  // No more threads than there is to do, however many are asked for.
  let size = 4 * max(1, min(threads, count))
  for first in stride(from: 0, to: count, by: size) {
    try Task.checkCancellation()
    let batch = min(size, count - first)
    let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: batch))
    DispatchQueue.concurrentPerform(iterations: min(threads, batch)) { worker in
      for index in stride(from: worker, to: batch, by: threads) {
        let result = Swift.Result { try compute(first + index) }
        results.withLock { $0[index] = result }
      }
    }
    for result in results.withLock({ $0 }) { if let result { try consume(result.get()) } }
  }
}

import Dispatch
import Synchronization

/// A sum over all tiles, on several threads, whose bits do not depend on their number: the tiles form fixed leaves, each
/// summed in order by one thread, and the leaves' sums are added along a fixed binary tree.
struct TileReduction {
  /// How many threads can take part.
  let workers: Int

  private let tileCount: Int
  private let sumCount: Int
  private let leafCount: Int
  private let tilesPerLeaf: Int
  private let isCancelled: @Sendable () -> Bool

  /// Enough leaves to keep dozens of threads evenly busy, few enough that the tree costs nothing.
  static let mostLeaves = 256

  /// A reduction to `sumCount` sums. By default the calling thread, which works too, sees its own task's cancellation.
  init(
    tileCount: Int, sumCount: Int, threads: Int, leaves: Int = mostLeaves,
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) {
    self.tileCount = tileCount
    self.sumCount = sumCount
    self.isCancelled = isCancelled
    tilesPerLeaf = max(1, (tileCount + leaves - 1) / leaves)
    leafCount = (tileCount + tilesPerLeaf - 1) / tilesPerLeaf
    workers = max(1, min(threads, leafCount))
  }

  /// Calls `body` for every tile, to add to the sums given; `worker` tells which of ``workers`` threads calls.
  ///
  /// - Throws: what `body` throws for the earliest tile that fails, or `CancellationError`.
  func run(_ body: (_ worker: Int, _ tile: Int, _ sums: inout [Double]) throws -> Void) throws -> [Double] {
    let state = Mutex(TreeState(leafCount: leafCount, sumCount: sumCount))
    withoutActuallyEscaping(body) { body in
      // Safe: every thread has returned before concurrentPerform does, and each has its own worker number.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { sumLeaves(worker: $0, state, body) }
    }
    return try state.withLock { try $0.result() }
  }

  /// Sums leaf after leaf, until none is left.
  private func sumLeaves(
    worker: Int, _ state: borrowing Mutex<TreeState>,
    _ body: (_ worker: Int, _ tile: Int, _ sums: inout [Double]) throws -> Void
  ) {
    var sums: [Double] = []
    while let leaf = state.withLock({ $0.nextLeaf(&sums) }) {
      if isCancelled() { return state.withLock { $0.cancel() } }
      do {
        for tile in (leaf * tilesPerLeaf)..<min((leaf + 1) * tilesPerLeaf, tileCount) { try body(worker, tile, &sums) }
      } catch {
        return state.withLock { $0.fail(leaf: leaf, error) }
      }
      add(&sums, ofLeaf: leaf, to: state)
    }
  }

  /// Adds the sums to those of the sibling, and so on upwards, as far as siblings are ready.
  private func add(_ sums: inout [Double], ofLeaf leaf: Int, to state: borrowing Mutex<TreeState>) {
    var node = TreeNode(level: 0, index: leaf)
    while let sibling = state.withLock({ $0.meet(&node, &sums) }) {
      // The left one always comes first in the addition.
      if node.index % 2 == 0 {
        for i in sums.indices { sums[i] += sibling[i] }
      } else {
        for i in sums.indices { sums[i] = sibling[i] + sums[i] }
      }
      state.withLock { $0.recycle(sibling) }
      node = node.parent
    }
  }
}

private struct TreeNode: Hashable {
  var level: Int
  var index: Int
  var parent: TreeNode { TreeNode(level: level + 1, index: index / 2) }
  var sibling: TreeNode { TreeNode(level: level, index: index ^ 1) }
}

/// Which leaves are taken and which sums wait for their sibling's.
private struct TreeState {
  private let leafCount: Int
  private let sumCount: Int
  private var taken = 0
  private var waiting: [TreeNode: [Double]] = [:]
  private var spare: [[Double]] = []
  private var root: [Double]?
  private var failure: (leaf: Int, error: any Error)?

  init(leafCount: Int, sumCount: Int) {
    self.leafCount = leafCount
    self.sumCount = sumCount
  }

  /// The next leaf, with zeroed sums for it.
  mutating func nextLeaf(_ sums: inout [Double]) -> Int? {
    guard taken < leafCount, failure == nil else { return nil }
    taken += 1
    sums = spare.popLast() ?? Array(repeating: 0, count: sumCount)
    for i in sums.indices { sums[i] = 0 }
    return taken - 1
  }

  /// Takes the sibling's sums if they are there, else leaves these to wait. A node without sibling moves up alone.
  mutating func meet(_ node: inout TreeNode, _ sums: inout [Double]) -> [Double]? {
    while true {
      let levelCount = (leafCount + (1 << node.level) - 1) >> node.level
      if levelCount == 1 {
        root = sums
        sums = []
        return nil
      }
      if node.sibling.index < levelCount { break }
      node = node.parent
    }
    if let sibling = waiting.removeValue(forKey: node.sibling) { return sibling }
    waiting[node] = sums
    sums = []
    return nil
  }

  mutating func recycle(_ sums: [Double]) { spare.append(sums) }

  mutating func fail(leaf: Int, _ error: any Error) {
    if failure == nil || leaf < failure!.leaf { failure = (leaf, error) }
  }

  mutating func cancel() { failure = (-1, CancellationError()) }

  func result() throws -> [Double] {
    if let failure { throw failure.error }
    return root ?? Array(repeating: 0, count: sumCount)
  }
}

import Foundation

extension FuzzCase {
  /// The smallest case that was found in so many trials to fail in the same way: without files, arguments, lines and bytes that do not
  /// matter, halves first (Zeller & Hildebrandt 2002).
  ///
  /// - Parameter fails: whether a case fails in the same way.
  package func reduced(trials: Int, fails: (FuzzCase) throws -> Bool) rethrows -> FuzzCase {
    var best = self
    var left = trials
    func accept(_ candidate: FuzzCase) throws -> Bool {
      guard left > 0 else { return false }
      left -= 1
      guard try fails(candidate) else { return false }
      best = candidate
      return true
    }
    for path in files.keys.sorted() {
      var candidate = best
      candidate.files[path] = nil
      _ = try accept(candidate)
    }
    // The subcommand stays.
    _ = try Self.reduce(Array(arguments.dropFirst())) { rest in
      var candidate = best
      candidate.arguments = Array(self.arguments.prefix(1)) + rest
      return try accept(candidate)
    }
    for path in best.files.keys.sorted() {
      let lines = best.files[path]!.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(
        Array.init)
      let kept = try Self.reduce(lines) { lines in
        var candidate = best
        candidate.files[path] = Content(lines.joined(separator: [UInt8(ascii: "\n")]))
        return try accept(candidate)
      }
      _ = try Self.reduce(Array(kept.joined(separator: [UInt8(ascii: "\n")]))) { bytes in
        var candidate = best
        candidate.files[path] = Content(bytes)
        return try accept(candidate)
      }
    }
    return best
  }

  /// Takes away runs of elements, shorter and shorter ones, as long as the test holds.
  private static func reduce<Element>(_ elements: [Element], holds: ([Element]) throws -> Bool) rethrows -> [Element] {
    var elements = elements
    var size = (elements.count + 1) / 2
    while size > 0 {
      var start = 0
      while start < elements.count {
        var candidate = elements
        candidate.removeSubrange(start..<min(start + size, elements.count))
        if try holds(candidate) { elements = candidate } else { start += size }
      }
      size = size == 1 ? 0 : (size + 1) / 2
    }
    return elements
  }
}

import CTableCells
import Foundation
import GSL

/// What cannot be held in memory: how much it takes, and how much there is.
public struct MemoryError: DescribedError, Equatable {
  /// What takes the memory.
  public let content: String
  /// How many bytes it takes.
  public let needed: Int
  /// How many bytes are left.
  public let available: Int
  /// What sets the limit, and how it is called.
  public let limit: String

  /// What takes how much of what is left, and what to do.
  public var description: String {
    "\(content) would take \(Self.words(needed)) of memory, but \(Self.words(max(0, available))) are left of \(limit): "
      + "leave out rows or columns, raise the limit, or take a larger machine"
  }

  private static func words(_ bytes: Int) -> String {
    let megabytes = Double(bytes) / 1_000_000
    return megabytes < 1000
      ? String(format: "%.0f MB", megabytes.rounded(.up)) : String(format: "%.1f GB", megabytes / 1000)
  }
}

/// How much memory this process may still take.
///
/// A program that takes more is killed, or fails wherever it happens to be, so whatever takes much asks beforehand.
package enum Memory {
  /// What stays free for threads, whose stacks nobody can ask for, and all that is small.
  private static let reserve = (64 + 16 * ProcessInfo.processInfo.activeProcessorCount) << 20

  /// Makes sure that so many bytes are left.
  ///
  /// - Throws: ``MemoryError`` with what `content` says.
  package static func require(_ bytes: Int, for content: @autoclosure () -> String) throws {
    guard let least = limits().min(by: { $0.left < $1.left }) else { return }
    guard least.left >= reserve else {
      throw MemoryError(content: "the program itself", needed: reserve, available: least.left, limit: least.name)
    }
    let available = least.left - reserve
    guard bytes <= available else {
      throw MemoryError(content: content(), needed: bytes, available: available, limit: least.name)
    }
  }

  /// Makes room for `count` elements in all, at least, if there is none.
  ///
  /// - Throws: ``MemoryError`` with what `content` says.
  package static func reserve<Element>(
    _ count: Int, in array: inout [Element], for content: @autoclosure () -> String
  ) throws {
    guard count > array.capacity else { return }
    // The old elements stay until they have moved.
    try require(count * MemoryLayout<Element>.stride, for: content())
    array.reserveCapacity(count)
  }

  /// Has threads share one pool of memory where the address space is limited: each pool of its own would take 64 MB of it.
  package static func shareWhereLimited() {
    #if os(Linux)
      if limit(RLIMIT_AS) != nil { share_one_heap() }
    #endif
  }

  #if os(Linux)
    /// What is left of each limit.
    private static func limits() -> [(left: Int, name: String)] {
      var limits: [(left: Int, name: String)] = []
      // In pages: all of the address space, …, and data with the stack.
      let pages = text("/proc/self/statm").split(separator: " ").compactMap { Int($0) }
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      if pages.count > 5 {
        if let most = limit(RLIMIT_AS) { limits.append((most - pages[0] * page, "the address space (ulimit -v)")) }
        if let most = limit(RLIMIT_DATA) { limits.append((most - pages[5] * page, "the data segment (ulimit -d)")) }
      }
      let machine = ["MemAvailable:", "SwapFree:"].compactMap { number(after: $0, in: text("/proc/meminfo")) }
      if machine.count == 2 { limits.append(((machine[0] + machine[1]) << 10, "the memory of this machine")) }
      return limits + groupLimits()
    }

    /// What is left to the control groups that the process is in, of version 1 or 2; nearly all that they keep of files they can give up.
    private static func groupLimits() -> [(left: Int, name: String)] {
      text("/proc/self/cgroup").split(separator: "\n").flatMap { line -> [(left: Int, name: String)] in
        let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains("memory") else { return [] }
        let root = parts[1].isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
        let (most, used, kept) =
          parts[1].isEmpty
          ? ("memory.max", "memory.current", "inactive_file ")
          : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ")
        // A group has no more than those above it; within a container they may be hidden.
        let names = parts[2].split(separator: "/")
        return (0...names.count).compactMap { depth in
          let folder = ([root] + names.prefix(depth).map(String.init)).joined(separator: "/")
          func number(_ name: String) -> Int? { Int(text("\(folder)/\(name)").trimmingCharacters(in: .newlines)) }
          guard let most = number(most), let used = number(used) else { return nil }
          let files = self.number(after: kept, in: text("\(folder)/memory.stat")) ?? 0
          return (most - used + files, "the memory of the control group")
        }
      }
    }

    /// The number in the line that begins with `name`.
    private static func number(after name: String, in text: String) -> Int? {
      text.split(separator: "\n").first { $0.hasPrefix(name) }
        .flatMap { $0.dropFirst(name.count).split(separator: " ").first }.flatMap { Int($0) }
    }

    private static func text(_ path: String) -> String {
      guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)) else { return "" }
      defer { try? file.close() }
      return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    }

    /// A limit of the process's; nil if it has none.
    private static func limit(_ kind: __rlimit_resource) -> Int? {
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0 else { return nil }
      return Int(exactly: limit.rlim_cur)
    }
  #else
    private static func limits() -> [(left: Int, name: String)] {
      [(Int(clamping: ProcessInfo.processInfo.physicalMemory), "the memory of this machine")]
    }
  #endif
}

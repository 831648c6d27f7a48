import Foundation

/// Temporary files that outlive their process, which was killed before it could remove them.
///
/// Whoever makes one holds a lock on it, which ends with its process, however that ends. So a temporary file that nobody holds is a
/// leftover, on this machine and any that shares the folder, and the next who writes there removes it.
enum Leftovers {
  private static let (prefix, suffix) = (".mixtures-", ".partial")

  /// A name that no file in the folder has.
  static func newPath(in folder: String) -> String { "\(folder)/\(prefix)\(UUID().uuidString)\(suffix)" }

  /// Makes an empty temporary file that this process holds, and writes to. Returns a descriptor below 0 for an error, which `errno` tells.
  static func make(in folder: String) -> (path: String, descriptor: Int32) {
    while true {
      let path = newPath(in: folder)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { return (path, descriptor) }
      hold(descriptor, LOCK_EX)
      // Somebody may have taken it for a leftover before it was held.
      var status = stat()
      if fstat(descriptor, &status) != 0 || status.st_nlink > 0 { return (path, descriptor) }
      close(descriptor)
    }
  }

  /// Holds a file until the descriptor is closed. Where a file system has no locks, it has no leftovers that anybody could tell either.
  static func hold(_ descriptor: Int32, _ kind: Int32) {
    while flock(descriptor, kind) != 0 && errno == EINTR {}
  }

  /// Removes leftovers from a folder.
  static func remove(from folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isTemporary(name) {
      let path = "\(folder)/\(name)"
      let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
      // Some file systems lock only for whoever may write.
      let writing = open(path, O_RDWR | flags)
      let descriptor = writing >= 0 ? writing : open(path, O_RDONLY | flags)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(descriptor)
    }
  }

  private static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.hasSuffix(suffix)
      && UUID(uuidString: String(name.dropFirst(prefix.count).dropLast(suffix.count))) != nil
  }
}

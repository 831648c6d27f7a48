import Foundation
import Synchronization

/// A file in the making, which takes its place, or that of an older one, only when it is complete.
///
/// Until then it is a temporary file in the same folder, which goes with the object. What is no regular file, such as a device, a pipe
/// or standard output, cannot be replaced, and is written to directly.
package final class AtomicFile {
  /// Where the bytes go until the file is complete, for programs that write them.
  package let path: String
  private let name: String
  /// The place that the file will take; nil where it is written to directly.
  private let target: URL?
  private let handle: FileHandle

  /// The temporary files of this process.
  private static let underWay = Mutex<Set<String>>([])

  /// Begins a file.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package init(at url: URL) throws {
    let place = try Self.check(url)
    let old = Self.status(url)
    let descriptor: Int32
    if let old, !Self.isReplaced(old) {
      (path, target) = (url.path, nil)
      // Apart from the list below, since a pipe lets nobody through until somebody reads it.
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let folder = place.deletingLastPathComponent().path
      Leftovers.remove(from: folder)
      target = place
      (path, descriptor) = Self.underWay.withLock { paths in
        let file = Leftovers.make(in: folder)
        if file.descriptor >= 0 { paths.insert(file.path) }
        return file
      }
    }
    guard descriptor >= 0 else { throw FileError.unwritable(path: url.relativePath, reason: Self.systemReason) }
    name = url.relativePath
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    // A new version of a file is open to the same readers.
    if let old, target != nil { fchmod(descriptor, old.st_mode & 0o7777) }
  }

  private init(_ handle: FileHandle, name: String) {
    (path, self.name, target, self.handle) = (name, name, nil, handle)
  }

  /// Standard output, of which every byte is there once it is written.
  package static var standardOutput: AtomicFile { AtomicFile(.standardOutput, name: "standard output") }

  deinit {
    guard target != nil else { return }
    Self.underWay.withLock { if $0.remove(path) != nil { unlink(path) } }
  }

  /// Makes sure that a file can be written: before the work that fills it, which may take long.
  ///
  /// - Returns: the place of the file, see ``place(of:)``.
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  @discardableResult package static func check(_ url: URL) throws -> URL {
    func refuse(_ reason: String) -> FileError { .unwritable(path: url.relativePath, reason: reason) }
    if let old = status(url) {
      if old.st_mode & S_IFMT == S_IFDIR { throw refuse("it is a folder; name a file in it") }
      if !isReplaced(old) { return url }
    }
    let place = place(of: url)
    let folder = (place.path == url.path ? url : place).deletingLastPathComponent()
    guard let parent = status(folder), parent.st_mode & S_IFMT == S_IFDIR else {
      throw refuse("there is no folder \(folder.relativePath); make it first")
    }
    guard FileManager.default.isWritableFile(atPath: folder.path) else {
      throw refuse("you may not write in the folder \(folder.relativePath)")
    }
    if (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) != nil {
      throw refuse(String(cString: strerror(ELOOP)))
    }
    return place
  }

  /// The place of a file, whatever links lead to it. Its folder is there, but it may not be: a link may have no target yet.
  package static func place(of url: URL) -> URL {
    var place = url
    // As many links in a row as systems follow.
    for _ in 0..<40 {
      guard let folder = realPath(place.deletingLastPathComponent().path) else { return place }
      place = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(place.lastPathComponent)
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: place.path) else { return place }
      place = URL(fileURLWithPath: next.hasPrefix("/") ? next : "\(folder)/\(next)")
    }
    return url
  }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``; ``FileError/closedPipe(path:)`` where the process ignores the signal.
  package func write(_ bytes: Data) throws {
    do { try handle.write(contentsOf: bytes) } catch {
      throw systemCode(error) == EPIPE
        ? FileError.closedPipe(path: name) : .unwritable(path: name, reason: MixtureData.systemReason(error))
    }
  }

  /// Puts the complete file into its place.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package func complete() throws { try Self.complete([self]) }

  /// Puts several complete files into their places: all of them, or none.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  package static func complete(_ files: [AtomicFile]) throws {
    let files = files.filter { $0.target != nil }
    for file in files {
      // Closing a second descriptor tells what went wrong as late as that; closing the first would also end the hold on the file.
      let copy = dup(file.handle.fileDescriptor)
      guard copy >= 0, close(copy) == 0 else { throw FileError.unwritable(path: file.name, reason: systemReason) }
    }
    defer { for file in files { try? file.handle.close() } }
    try underWay.withLock { paths in
      var replacements: [Replacement] = []
      defer { for replacement in replacements { replacement.forget() } }
      for file in files {
        guard let target = file.target else { continue }
        let replacement = Replacement(of: target, isAlone: files.count == 1)
        guard rename(file.path, target.path) == 0 else {
          let reason = systemReason
          replacement.forget()
          for replacement in replacements { replacement.undo() }
          throw FileError.unwritable(path: file.name, reason: reason)
        }
        paths.remove(file.path)
        replacements.append(replacement)
      }
    }
  }

  /// Removes all temporary files for good and ends the process by `end`; no file is begun or completed in between.
  package static func abandonAll(_ end: () -> Void) {
    underWay.withLock { paths in
      for path in paths { unlink(path) }
      paths = []
      end()
    }
  }

  /// What the system knows of a file; nil if there is none.
  private static func status(_ url: URL) -> stat? {
    var status = stat()
    return stat(url.path, &status) == 0 ? status : nil
  }

  private static func realPath(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  private static func isReplaced(_ file: stat) -> Bool { file.st_mode & S_IFMT == S_IFREG }

  private static var systemReason: String { String(cString: strerror(errno)) }
}

/// A file that is being replaced, while that can be undone.
private struct Replacement {
  let target: String
  /// A second name of the old file; nil if there was none, it can have no second name, or nobody will undo anything.
  let old: String?
  let isNew: Bool
  /// Holds the old file, so that its second name is no leftover.
  let descriptor: Int32

  init(of target: URL, isAlone: Bool) {
    self.target = target.path
    let name = Leftovers.newPath(in: target.deletingLastPathComponent().path)
    descriptor = isAlone ? -1 : open(target.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    if descriptor >= 0 { Leftovers.hold(descriptor, LOCK_SH) }
    let isLinked = !isAlone && link(target.path, name) == 0
    isNew = !isAlone && !isLinked && errno == ENOENT
    old = isLinked ? name : nil
  }

  func undo() {
    if let old { rename(old, target) } else if isNew { unlink(target) }
  }

  func forget() {
    if let old { unlink(old) }
    if descriptor >= 0 { close(descriptor) }
  }
}

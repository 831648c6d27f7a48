import Foundation

/// The bytes of a file or a pipe, read once from the beginning. What they begin with can be looked at before it is known what they are.
package final class ByteSource {
  /// What messages call it.
  package let name: String
  /// How many bytes there are; nil for a pipe.
  let count: Int?
  private let file: FileHandle
  /// What has been read and not been taken.
  private var head: Data

  /// Opens a file or a pipe.
  ///
  /// - Throws: what the system says, for which there is `systemReason(_:)`.
  package convenience init(_ url: URL) throws {
    // Opened anew, standard input would begin again where it is a file, and is out of reach where it is a socket.
    let file = url.path == "/dev/stdin" ? FileHandle.standardInput : try FileHandle(forReadingFrom: url)
    try self.init(file, name: url.relativePath)
  }

  /// Takes an open file.
  ///
  /// - Throws: what the system says.
  init(_ file: FileHandle, name: String) throws {
    (self.file, self.name) = (file, name)
    var status = stat()
    let isRegular = fstat(file.fileDescriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    count = isRegular ? Int(status.st_size) - Int((try? file.offset()) ?? 0) : nil
    head = try Self.piece(of: file)
  }

  private static func piece(of file: FileHandle) throws -> Data { try file.read(upToCount: 1 << 16) ?? Data() }

  /// Whether the first byte that is not blank opens an object of JSON.
  package var opensAnObject: Bool {
    head.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) } == UInt8(ascii: "{")
  }

  /// What it begins with, of some thousand bytes at most, as text.
  var beginning: String { String(decoding: head.prefix(4096), as: UTF8.self) }

  /// The next bytes; none at the end.
  ///
  /// - Throws: what the system says.
  func next() throws -> Data {
    defer { head = Data() }
    return head.isEmpty ? try Self.piece(of: file) : head
  }

  /// All bytes that are left.
  ///
  /// - Throws: what the system says; ``MemoryError`` for more than the memory holds.
  package func all() throws -> Data {
    var bytes = Data()
    var room = 1 << 20
    while case let piece = try next(), !piece.isEmpty {
      while bytes.count + piece.count > room {
        room *= 2
        // What is read from it takes some more.
        try Memory.require(4 * room, for: "\(name): the text")
      }
      bytes.append(piece)
    }
    return bytes
  }
}

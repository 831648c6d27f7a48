import Foundation

extension Data {
  /// The bytes of a file, or all that comes through a pipe.
  ///
  /// - Throws: what the system says; ``MemoryError`` for more than the memory holds.
  package init(contentsOfFileOrPipe url: URL) throws {
    // Opened anew, standard input would begin again where it is a file, and is out of reach where it is a socket.
    let file = url.path == "/dev/stdin" ? .standardInput : try FileHandle(forReadingFrom: url)
    var bytes = Data()
    var room = 1 << 20
    while let piece = try file.read(upToCount: 1 << 16), !piece.isEmpty {
      if bytes.count + piece.count > room {
        room *= 2
        // What is read from it takes some more.
        try Memory.require(4 * room, for: "\(url.relativePath): the text")
      }
      bytes.append(piece)
    }
    if file !== FileHandle.standardInput { try file.close() }
    self = bytes
  }
}

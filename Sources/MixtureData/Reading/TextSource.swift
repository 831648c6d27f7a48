import Foundation
import MixtureCore

/// The text of a file or a pipe in UTF-8: decompressed, decoded, and without the mark that some programs write before it.
final class TextSource {
  /// What messages call it.
  let name: String
  /// The bytes of the text; nil where that is not known.
  let count: Int?
  private let bytes: ByteSource
  /// What the bytes go through, in order.
  private var decoders: [(decoder: TextDecoder, what: String)] = []
  /// What was read to find out how the text is written.
  private var beginning: Data

  /// Opens the text of `bytes`.
  ///
  /// - Throws: `DataError` for an encoding that nobody knows, or bytes that are not what they should be.
  init(_ bytes: ByteSource, encoding: String?) throws {
    (self.bytes, name) = (bytes, bytes.name)
    beginning = try Self.piece(of: bytes)
    let isCompressed = beginning.starts(with: [0x1F, 0x8B])
    if isCompressed {
      guard let decoder = TextDecoder.gzip() else { throw DataError("\(bytes.name): out of memory") }
      decoders.append((decoder, "gzip"))
      beginning = try Self.decoded(beginning, by: decoders[0], of: bytes)
    }
    let encoding = encoding ?? Self.encoding(of: beginning)
    if let encoding {
      guard let decoder = TextDecoder.text(encoding: encoding) else {
        throw DataError(
          "\(bytes.name): nobody here knows the encoding \"\(encoding)\"; some are latin1, windows-1252, utf-16")
      }
      decoders.append((decoder, encoding))
      beginning = try Self.decoded(beginning, by: decoders[decoders.count - 1], of: bytes)
    }
    count = decoders.isEmpty ? bytes.count : nil
    if beginning.starts(with: [0xEF, 0xBB, 0xBF]) { beginning = beginning.dropFirst(3) }
  }

  /// The next piece of the text; nothing at the end.
  ///
  /// - Throws: `DataError` for bytes that are not what they should be, or cannot be read.
  func next() throws -> Data {
    guard beginning.isEmpty else {
      defer { beginning = Data() }
      return beginning
    }
    while true {
      var piece = try Self.piece(of: bytes)
      guard !piece.isEmpty else {
        if let cut = decoders.first(where: { !$0.decoder.isComplete }) {
          throw DataError("\(name): not complete: its \(cut.what) ends too early")
        }
        return piece
      }
      for decoder in decoders { piece = try Self.decoded(piece, by: decoder, of: bytes) }
      if !piece.isEmpty { return piece }
    }
  }

  private static func piece(of bytes: ByteSource) throws -> Data {
    do { return try bytes.next() } catch {
      throw DataError("\(bytes.name): cannot be read: \(systemReason(error))")
    }
  }

  private static func decoded(
    _ piece: Data, by decoder: (decoder: TextDecoder, what: String), of bytes: ByteSource
  ) throws -> Data {
    guard let result = decoder.decoder.decode(piece) else {
      throw DataError("\(bytes.name): damaged, or no \(decoder.what)")
    }
    return result
  }

  /// UTF-16 where the first bytes are its mark, or every other one of them is zero; nil for all else.
  private static func encoding(of beginning: Data) -> String? {
    if beginning.starts(with: [0xFF, 0xFE]) || beginning.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    let bytes = [UInt8](beginning.prefix(64))
    let (even, odd) = (bytes.indices.filter { $0 % 2 == 0 }, bytes.indices.filter { $0 % 2 == 1 })
    guard bytes.count >= 4 else { return nil }
    if odd.allSatisfy({ bytes[$0] == 0 }), even.allSatisfy({ bytes[$0] != 0 }) { return "UTF-16LE" }
    return even.allSatisfy { bytes[$0] == 0 } && odd.allSatisfy { bytes[$0] != 0 } ? "UTF-16BE" : nil
  }
}

import CTableCells
import Foundation
import MixtureCore

// With `CellBlock`, all that handles memory without bounds in this module.

/// Decompresses gzip, or makes UTF-8 of another encoding, piece by piece.
final class TextDecoder {
  private let decoder: OpaquePointer
  /// The beginning of a character whose end is in the next piece.
  private var rest = Data()

  private init?(_ decoder: OpaquePointer?) {
    guard let decoder else { return nil }
    self.decoder = decoder
  }

  /// Decompresses gzip; nil without memory.
  static func gzip() -> TextDecoder? { TextDecoder(gunzip_open()) }

  /// Decodes text; nil for an encoding that iconv does not know.
  static func text(encoding: String) -> TextDecoder? { TextDecoder(transcoder_open(encoding)) }

  deinit { text_decoder_close(decoder) }

  /// Whether the bytes so far are whole.
  var isComplete: Bool { rest.isEmpty && text_decoder_is_complete(decoder) }

  /// What the next bytes stand for; nil if they are not what they should be.
  func decode(_ piece: Data) -> Data? {
    var bytes = [UInt8](rest + piece)
    var result = Data()
    var status = DECODER_FULL
    while status == DECODER_FULL {
      var (taken, made) = (0, 0)
      let part = [UInt8](unsafeUninitializedCapacity: 1 << 17) { buffer, count in
        bytes.withUnsafeBufferPointer {
          status = Int(
            text_decoder_decode(decoder, $0.baseAddress, $0.count, &taken, buffer.baseAddress, buffer.count, &made))
        }
        count = made
      }
      result += part
      bytes.removeFirst(taken)
    }
    rest = Data(bytes)
    return status == DECODER_DONE ? result : nil
  }
}

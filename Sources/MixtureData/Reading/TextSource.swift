import Foundation
import MixtureCore

/// The text of a file or a pipe in UTF-8: decompressed, decoded, and without the mark that some programs write before it.
final class TextSource {
  /// What messages call it.
  let name: String
  /// The bytes of the text; nil where that is not known.
  let count: Int?
  /// What should be known of how it was decoded.
  private(set) var note: String?
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
    if beginning.starts(with: [0x1F, 0x8B]) {
      guard let decoder = TextDecoder.gzip() else { throw DataError("\(bytes.name): out of memory") }
      decoders.append((decoder, "gzip"))
      beginning = try Self.decoded(beginning, by: decoders[0], of: bytes)
    }
    if let kind = Self.signature(of: beginning) { throw DataError("\(bytes.name): \(kind)") }
    let encoding = encoding.map { Self.otherNames[$0.lowercased()] ?? $0 }
    if let encoding, encoding.lowercased() != "utf-8", let character = Self.characterOfUTF8(in: beginning) {
      note =
        "\(bytes.name): read as \(encoding), though its text is UTF-8, as \"\(character)\" shows: leave the encoding out, if this comes out wrong"
    }
    if let encoding = encoding ?? Self.encoding(of: beginning) {
      guard let decoder = TextDecoder.text(encoding: encoding) else {
        throw DataError(
          "\(bytes.name): unknown encoding \"\(encoding)\"; some that are known are latin1, windows-1252, utf-16")
      }
      decoders.append((decoder, encoding))
      beginning = try Self.decoded(beginning, by: decoders[decoders.count - 1], of: bytes)
    }
    count = decoders.isEmpty ? bytes.count : nil
    if beginning.starts(with: [0xEF, 0xBB, 0xBF]) { beginning = beginning.dropFirst(3) }
    if let kind = Self.markup(of: beginning) { throw DataError("\(bytes.name): \(kind)") }
  }

  private static let rFormat = "an R data file: export it with write.csv"
  private static let stataFormat = "a Stata file: export it with export delimited"
  /// What other programs call encodings that iconv has by other names.
  private static let otherNames = [
    "latin-1": "latin1", "utf8": "utf-8", "utf-8-sig": "utf-8", "utf-8-bom": "utf-8", "macroman": "macintosh",
    "mac-roman": "macintosh",
    "ansi": "windows-1252", "cp-1252": "windows-1252", "utf16": "utf-16",
  ]

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

  /// What a file is that is no text of rows and columns, and what to do with it.
  private static func signature(of beginning: Data) -> String? {
    let signatures: [(bytes: [UInt8], kind: String)] = [
      (Array("PK\u{3}\u{4}".utf8), "a spreadsheet (.xlsx, .ods) or a zip archive: save it as CSV, or unpack it"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook (.xls): save it as CSV"),
      (Array("%PDF".utf8), "a PDF: get the data as text"),
      (Array("BZh".utf8), "compressed by bzip2: decompress it, or use gzip"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed by xz: decompress it, or use gzip"),
      ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd: decompress it, or use gzip"),
      (Array("PAR1".utf8), "a Parquet file: write it as CSV"), ([0x93] + Array("NUMPY".utf8), "a NumPy file: call it .npy"),
      (Array("RDX".utf8), rFormat), (Array("X\n\0\0".utf8), rFormat), (Array("B\n".utf8), rFormat),
      (Array("$FL".utf8), "an SPSS file: export it as CSV"),
      (Array("* * * * * * * *".utf8), "an SPSS file: export it as CSV"),
      (Array("<stata_dta".utf8), stataFormat),
      (Array("MATLAB".utf8), "a MATLAB file: export it with writematrix"),
      ([0x89] + Array("HDF".utf8), "an HDF5 file: write it as CSV"),
      (Array("SQLite format".utf8), "a database: export the table as CSV"),
      (Array("ARROW".utf8), "an Arrow file: write it as CSV"),
      ([0x37, 0x7A, 0xBC, 0xAF], "compressed by 7-Zip: decompress it, or use gzip"),
      (Array("HEADER RECORD".utf8), "a SAS transport file: export it with PROC EXPORT"),
      (Array("{\\rtf".utf8), "rich text: save it as plain text"),
    ]
    // Stata's older files begin with the number of the format, the order of bytes and 1.
    let bytes = [UInt8](beginning.prefix(3))
    if bytes.count == 3, (105...119).contains(bytes[0]), bytes[1] == 1 || bytes[1] == 2, bytes[2] == 1 {
      return stataFormat
    }
    return signatures.first { beginning.starts(with: $0.bytes) }?.kind
  }

  /// What text is that has no rows and columns, and what to do with it.
  private static func markup(of beginning: Data) -> String? {
    let text = beginning.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let start = String(decoding: text.prefix(200), as: UTF8.self)
    if start.prefixMatch(of: #/\{\s*["}]|\[\s*[\[{"\d]/#) != nil { return "this looks like JSON: convert it to CSV" }
    return start.prefixMatch(of: #/(?i)<(?:[!?]|html|head|body|table|div|svg|xml)/#) == nil
      ? nil : "this looks like HTML or XML: save the table as CSV"
  }

  /// The first character that is not of ASCII, if all bytes are such as other encodings than UTF-8 hardly have.
  private static func characterOfUTF8(in beginning: Data) -> Character? {
    guard beginning.contains(where: { $0 >= 0x80 }) else { return nil }
    // The last character may be cut off.
    let whole = (0..<4).lazy.map { beginning.dropLast($0) }.first { String(validating: $0, as: UTF8.self) != nil }
    return whole.map { String(decoding: $0, as: UTF8.self) }?.first { !$0.isASCII && $0 != "\u{FEFF}" }
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

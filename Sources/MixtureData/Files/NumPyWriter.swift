import Foundation

/// Writes a NumPy file: an array of float64 of rows × columns in C order, version 1.0 of the format. A category is its code.
public struct NumPyWriter: RowWriter {
  private let columnCount: Int

  /// A writer of so many columns.
  public init(columnCount: Int) { self.columnCount = columnCount }

  /// The magic, the version, the length of the text that follows, and a Python dictionary that ends where a multiple of 64 bytes does.
  public func header(rowCount: Int) -> Data {
    var text = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rowCount), \(columnCount)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text.utf8)
  }

  /// Eight bytes for each number, the least significant first.
  public func bytes(ofRows numbers: [Double]) -> Data {
    numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
  }
}

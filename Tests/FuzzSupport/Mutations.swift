import Foundation
import GSL

extension RandomSource {
  /// An element of a collection that is not empty.
  mutating func element<C: RandomAccessCollection>(of choices: C) -> C.Element {
    choices[choices.index(choices.startIndex, offsetBy: integer(below: choices.count))]
  }

  /// True once in `count` times on average.
  mutating func isOnce(in count: Int) -> Bool { integer(below: count) == 0 }
}

/// Numbers at the ends of what a number may be, and what is none.
let oddNumbers = [
  "0", "-0", "1", "-1", "2", "3", "0.5", "1e-3", "1e-308", "5e-324", "1e-320", "1e8", "1e16", "1e153", "1e200", "1e308",
  "-1e308",
  "1e309", "9007199254740993", "2147483648", "4294967296", "9223372036854775807", "-9223372036854775808",
  "18446744073709551616", "nan", "NaN", "inf", "-inf", "Infinity", "0x10", "1e", "1e99999999999", "1_000", "１", "+5", " 7",
  "7 ", "",
]

/// Text that somebody may take for something else than text.
let oddTexts = [
  "", " ", "a", "NA", "?", "-", "--", "a,b", "a;b", "\"", "'", "x' ", "`touch x`", "'; system(\"touch x\"); #",
  "x'\u{301}`touch x`", "\\", "\n",
  "\r\n", "\t", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{202E}x", "\u{FEFF}", "é", "e\u{301}", "👩‍👩‍👧", "../x", "/dev/null", "a/b",
  "%s%n%d",
  "{}", "[]", "null", "true", "(intercept)", "x:x", "~", "|", "$y", "<b>&amp;", String(repeating: "n", count: 300),
  String(repeating: "長", count: 3000),
]

/// Changes that know nothing of what the bytes mean.
enum Bytes {
  static func mutated(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.integer(below: 3) {
      guard !bytes.isEmpty else { return [UInt8](random.element(of: oddTexts).utf8) }
      let (a, b) = (random.integer(below: bytes.count), random.integer(below: bytes.count))
      let range = min(a, b)..<min(max(a, b), min(a, b) + 64)
      switch random.integer(below: 8) {
      case 0: bytes[a] ^= 1 << UInt8(random.integer(below: 8))
      case 1: bytes[a] = UInt8(random.integer(below: 256))
      case 2: bytes.removeSubrange(range)
      case 3: bytes.insert(contentsOf: bytes[range], at: a)
      case 4: bytes.removeLast(bytes.count - a)
      case 5: bytes.insert(contentsOf: random.element(of: oddTexts).utf8, at: a)
      case 6: bytes.insert(contentsOf: random.element(of: oddNumbers).utf8, at: a)
      default: bytes.swapAt(a, b)
      }
    }
    return bytes
  }
}

/// Changes of CSV by cells and rows.
enum CSV {
  static func mutated(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    var rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var (separator, end, start, tail) = (",", "\n", [UInt8](), [UInt8]())
    for _ in 0...random.integer(below: 2) {
      guard !rows.isEmpty else { break }
      let row = random.integer(below: rows.count)
      let column = random.integer(below: max(rows[row].count, 1))
      switch random.integer(below: 18) {
      case 0, 1: if !rows[row].isEmpty { rows[row][column] = random.element(of: oddNumbers) }
      case 2: if !rows[row].isEmpty { rows[row][column] = random.element(of: oddTexts) }
      case 3: if !rows[0].isEmpty { rows[0][random.integer(below: rows[0].count)] = random.element(of: oddTexts) }
      case 4: if !rows[row].isEmpty { rows[row].remove(at: column) }
      case 5: rows[row].insert(random.element(of: oddNumbers), at: min(column, rows[row].count))
      case 6: rows.remove(at: row)
      case 7: rows.insert(rows[row], at: row)
      case 8: rows.append(contentsOf: Array(rows.dropFirst()))
      case 9: rows.removeLast(rows.count - row)
      case 10: separator = random.element(of: [";", "\t", "|", " ", "\u{0}"])
      case 11: end = random.element(of: ["\r\n", "\r", "\n\n", ""])
      case 12: start = random.element(of: [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0], Array("\"".utf8)])
      case 13: tail = random.element(of: [[0xFF], [0xC3], Array("\"".utf8), [0], Array("\n\n\n".utf8), Array("x".utf8)])
      case 14:
        let value = random.element(of: oddNumbers)
        for row in rows.indices.dropFirst() where column < rows[row].count { rows[row][column] = value }
      case 15:
        let factor = random.element(of: [1e-300, 1e-150, 1e9, 1e150, 1e300, -1])
        for row in rows.indices where column < rows[row].count {
          if let number = Double(rows[row][column]) { rows[row][column] = "\(number * factor)" }
        }
      case 16:
        let count = random.element(of: [1, 2, 40, 300])
        for row in rows.indices { rows[row] += (0..<count).map { row == 0 ? "v\($0)" : "\(($0 + row) % 7)" } }
      default:
        if !rows[row].isEmpty {
          rows[row][column] = "\"" + rows[row][column] + random.element(of: ["\"", "", "\"\"", "\n\""])
        }
      }
    }
    let text = rows.map { $0.joined(separator: separator) }.joined(separator: end) + end
    return start + text.utf8 + tail
  }
}

/// Changes of a NumPy file's header, its size and its numbers.
enum NumPy {
  static func mutated(_ random: inout RandomSource) -> [UInt8] {
    let count = random.element(of: [0, 1, 12, 48, 48, 48, 48])
    let type =
      random.isOnce(in: 3)
      ? random.element(of: ["<f4", ">f8", ">f4", "<i8", "|u1", "|b1", "|O", "<U5", "<c16", "<f2", "f8", ""]) : "<f8"
    let shapes = [
      "(16, 3)", "(16, 3)", "(3, 16)", "(48,)", "(48, 1)", "(0, 3)", "(16, 0)", "()", "(4, 4, 3)", "(-16, 3)", "(16, -3)",
      "(16, 3, )",
      "(9223372036854775807, 3)", "(4611686018427387904, 4)", "(1, 9223372036854775807)", "(16L, 3L)", "(1e3, 3)", "16, 3",
      "(100000000000, 3)",
    ]
    var header =
      "{'descr': '\(type)', 'fortran_order': \(random.element(of: ["False", "False", "True", "1", "None"])), 'shape': \(random.element(of: shapes)), }"
    if random.isOnce(in: 4) { header = String(decoding: Bytes.mutated(Array(header.utf8), &random), as: UTF8.self) }
    let version = UInt8(random.isOnce(in: 6) ? random.element(of: [0, 2, 3, 4, 255]) : 1)
    let width = version == 1 ? 2 : 4
    header += String(repeating: " ", count: (64 - (8 + width + header.utf8.count + 1) % 64) % 64) + "\n"
    var length = header.utf8.count
    if random.isOnce(in: 8) { length = random.element(of: [0, 1, length - 1, length + 1, 65535]) }
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    for i in 0..<width { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * i))) }
    bytes += header.utf8
    for _ in 0..<count {
      let odd = random.element(of: [0, -0.0, .nan, .infinity, 1e308, -1e308, .leastNonzeroMagnitude])
      let number = random.isOnce(in: 60) ? odd : random.gaussian()
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
    }
    return random.isOnce(in: 5) ? Bytes.mutated(bytes, &random) : bytes
  }
}

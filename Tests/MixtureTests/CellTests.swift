import CTableCells
import Foundation
import Mixtures
import Testing

/// The numbers in cells, held against the C library's.
@Suite struct CellTests {
  private func parse(_ text: String) -> (kind: Int, value: Double) {
    var value = 0.0
    let kind = ([2] + Array("NA".utf8) + [0]).withUnsafeBufferPointer { missing in
      var format = cell_format(
        decimal: CChar(UInt8(ascii: ".")), missing: missing.baseAddress, missing_numbers: nil, missing_number_count: 0)
      return text.withCString { cell_parse($0, text.utf8.count, &format, &value) }
    }
    return (Int(kind), value)
  }

  /// The first of the texts that is not read as strtod reads it; nil if there is none.
  private func firstDifference(_ texts: some Sequence<String>) -> String? {
    for text in texts {
      let (kind, value) = parse(text)
      let (expected, isNumber) = text.withCString { start in
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod(start, &end)
        return (value, !text.isEmpty && end.map { UnsafePointer($0) - start } == text.utf8.count)
      }
      if isNumber && expected.isFinite {
        if (kind != CELL_NUMBER && kind != CELL_CODE) || value.bitPattern != expected.bitPattern { return text }
      } else if kind == CELL_NUMBER || !value.isNaN || isNumber != (kind == CELL_NOT_FINITE) {
        return text
      }
    }
    return nil
  }

  @Test func numbersAreThoseOfTheCLibrary() {
    var source = RandomSource(seed: 1)
    let formats = ["%.6f", "%.17g", "%.18e", "%.15e", "%g", "%.25e", "%.0f", "%+.3E", "%.19g"]
    let printed = (0..<100_000).lazy.map { index in
      let magnitude = pow(10, Double(source.integer(below: 64)) - 32)
      return String(format: formats[index % formats.count], source.gaussian() * magnitude)
    }
    #expect(firstDifference(printed) == nil)
  }

  @Test func numbersHalfwayBetweenDoublesAreThoseOfTheCLibrary() {
    var source = RandomSource(seed: 2)
    var texts: [String] = []
    for _ in 0..<20_000 {
      // 53 bits, then a one: halfway, or one below or above.
      let shift = 1 + source.integer(below: 11)
      let mantissa = UInt64(1) << 52 | UInt64(source.uniform() * 0x1p52)
      let half = mantissa << shift | 1 << (shift - 1)
      let point = source.integer(below: 30)
      for number in [half &- 1, half, half &+ 1] {
        let digits = String(number)
        texts.append(digits)
        texts.append("-0." + String(repeating: "0", count: point) + digits)
        texts.append("\(digits)e\(point - 10)")
      }
    }
    #expect(firstDifference(texts) == nil)
  }

  @Test func textsOfTheLettersOfNumbers() {
    var source = RandomSource(seed: 3)
    let letters = Array("+-.eE0123456789")
    let texts = (0..<200_000).lazy.map { _ in
      String((0..<source.integer(below: 9)).map { _ in letters[source.integer(below: letters.count)] })
    }
    #expect(firstDifference(texts) == nil)
    #expect(
      firstDifference([
        "0", "-0", "-0.0e5", "1e308", "1.7976931348623157e308", "1.7976931348623159e308", "4.9e-324", "2e-324", "1e-400",
        "1e400", "-1e99999999999999999999", "0e99999999999999999999", "9007199254740993", "18446744073709551615",
        "18446744073709551616", "99999999999999999999999999", "0." + String(repeating: "0", count: 400) + "1",
        "1" + String(repeating: "0", count: 400), "1" + String(repeating: "0", count: 300) + "e-300", "1e22", "1e23",
        "8.5e-23",
        "9223372036854775807e27", "1e-27", "3e-28", ".5", "5.", ".", "e5", "1e", "1e+", "+", "",
      ]) == nil)
  }

  @Test(arguments: [
    ("", CELL_EMPTY), ("NA", CELL_MISSING), ("na", CELL_TEXT), ("N", CELL_TEXT), ("NAN", CELL_NOT_FINITE),
    ("-Inf", CELL_NOT_FINITE), ("+infinity", CELL_NOT_FINITE), ("1e999", CELL_NOT_FINITE), ("0x10", CELL_TEXT),
    ("nan(1)", CELL_TEXT), ("1 2", CELL_TEXT), (" 1", CELL_TEXT), ("1,5", CELL_TEXT), ("-", CELL_TEXT),
    ("1\u{0}", CELL_TEXT), ("007", CELL_CODE), ("00", CELL_CODE), ("0", CELL_NUMBER), ("0.5", CELL_NUMBER),
    ("00.5", CELL_NUMBER), ("-07", CELL_NUMBER), ("9007199254740993", CELL_CODE), ("9007199254740992", CELL_NUMBER),
    ("1234567890123456780", CELL_CODE), ("123456789012345678901234567890", CELL_CODE), ("12345678901234567.5", CELL_NUMBER),
  ])
  func kinds(text: String, kind: Int) {
    #expect(parse(text).kind == kind)
  }
}

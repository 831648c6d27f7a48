import Foundation
import MixtureData
import Testing

@testable import Mixtures

/// What people see has no power over what shows it.
@Suite struct PrintableTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\nb\r\n\t", #"a\nb\r\n\t"#), ("\u{1B}[31m", #"\u001b[31m"#),
    ("\u{9B}2J\u{7F}\0", #"\u009b2J\u007f\u0000"#),
    ("\u{2028}\u{2029}", #"\u2028\u2029"#), ("\u{202E}abc\u{2066}", #"\u202eabc\u2066"#),
    ("\u{FEFF}x\u{200B}", #"\ufeffx\u200b"#),
    ("\u{E0041}", #"\udb40\udc41"#), ("👩‍🔬🏽 e\u{301} שלום نمی‌خواهم", "👩‍🔬🏽 e\u{301} שלום نمی‌خواهم"), ("\u{600}", "\u{600}"),
  ])
  func invisibleCharactersAreEscaped(text: String, shown: String) throws {
    #expect(text.printable == shown)
    #expect(text.printableLines == shown.replacing(#"\n"#, with: "\n"))
    // JSON means the same.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let json = String(decoding: try encoder.encode([text]), as: UTF8.self).printableLines
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [text])
    #expect(json.printable == json)
  }

  @Test func tablesAlignWhatIsShown() {
    var table = TextTable(header: ["na\nme", "x"])
    table.append(["\u{1B}[2J", "1.5"])
    #expect(table.lines() == [#"na\nme       x"#, #"\u001b[2J  1.5"#])
  }

  /// First names lose their middles, then numbers go below one another; numbers stay whole.
  @Test func tablesFitAWidth() {
    var table = TextTable(header: ["name", "estimate", "error"])
    table.append(["temperature of the air", "-1.2346e-05", "0.5"])
    table.append(["-1.2346e-05", "2", "0.25"])
    #expect(table.width == 42)
    #expect(table.lines(width: 42) == table.lines())
    #expect(
      table.lines(width: 34) == [
        "name               estimate  error", "tempera…he air  -1.2346e-05    0.5", "-1.2346e-05               2   0.25",
      ])
    let narrow = table.lines(width: 26)
    #expect(narrow.count == 7 && narrow[3].isEmpty && narrow.allSatisfy { $0.count <= 26 }, "\(narrow)")
    #expect(narrow[0].hasPrefix("name") && narrow[4].hasPrefix("name") && narrow[6].hasPrefix("-1.2346e-05"))
    #expect(table.lines(width: 5).contains { $0.contains("-1.2346e-05") })
  }
}

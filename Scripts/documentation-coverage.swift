import Foundation

// Counts the public symbols that have a comment in the symbol graphs below the folders given, from which DocC makes its pages.
// Names those that have none, and fails if there are any.

struct SymbolGraph: Decodable {
  struct Symbol: Decodable {
    struct Identifier: Decodable { var precise: String }
    struct Kind: Decodable { var identifier: String }
    struct Comment: Decodable {}
    struct Location: Decodable {
      struct Position: Decodable { var line: Int }
      var uri: String
      var position: Position
    }
    var identifier: Identifier
    var kind: Kind
    var pathComponents: [String]
    var docComment: Comment?
    var location: Location?
  }
  var symbols: [Symbol]
}

extension SymbolGraph.Symbol {
  /// Whether somebody wrote it: not what the compiler adds to a type because of its protocols, nor the mere fact of an extension.
  var isDeclared: Bool { !identifier.precise.contains("::SYNTHESIZED::") && kind.identifier != "swift.extension" }

  var place: String {
    location.map { "\($0.uri.replacing("file://", with: "")):\($0.position.line + 1)" } ?? identifier.precise
  }
}

let files = CommandLine.arguments.dropFirst().flatMap { folder in
  (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".symbols.json") }.map { URL(fileURLWithPath: folder).appendingPathComponent($0) }
}
let symbols = try files.flatMap { try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: $0)).symbols }
  .filter(\.isDeclared)
guard !symbols.isEmpty else {
  print("no symbols below \(CommandLine.arguments.dropFirst().joined(separator: " ")): build the documentation first")
  exit(1)
}
let missing = symbols.filter { $0.docComment == nil }
for symbol in missing { print("\(symbol.place): \(symbol.pathComponents.joined(separator: ".")) has no comment") }
let documented = symbols.count - missing.count
let share = String(format: "%.1f", (1000 * Double(documented) / Double(symbols.count)).rounded(.down) / 10)
print("documented public symbols: \(documented) of \(symbols.count) (\(share) %)")
exit(missing.isEmpty ? 0 : 1)

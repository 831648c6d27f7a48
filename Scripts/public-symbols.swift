import Foundation

// public-symbols LISTS FOLDER...: reads the symbol graphs below the folders, from which DocC makes its pages.
//
// Names the public symbols that have no comment, and fails if there are any. Compares the declarations of each module with MODULE.txt in
// LISTS, and fails where they differ, so that nobody changes the public surface without knowing; UPDATE_SYMBOLS=1 writes these files anew.

struct SymbolGraph: Decodable {
  struct Symbol: Decodable {
    struct Identifier: Decodable { var precise: String }
    struct Kind: Decodable { var identifier: String }
    struct Comment: Decodable {}
    struct Fragment: Decodable { var spelling: String }
    struct Location: Decodable {
      struct Position: Decodable { var line: Int }
      var uri: String
      var position: Position
    }
    var identifier: Identifier
    var kind: Kind
    var pathComponents: [String]
    var docComment: Comment?
    var declarationFragments: [Fragment]?
    var location: Location?
  }
  var symbols: [Symbol]
}

extension SymbolGraph.Symbol {
  /// Whether somebody wrote it: not what the compiler adds to a type because of its protocols, nor the mere fact of an extension.
  var isDeclared: Bool { !identifier.precise.contains("::SYNTHESIZED::") && kind.identifier != "swift.extension" }

  /// The declaration behind the types that it stands in.
  var line: String {
    let declaration = (declarationFragments ?? []).map(\.spelling).joined()
    let text = declaration.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return (pathComponents.dropLast() + [text]).joined(separator: " . ")
  }

  var place: String {
    location.map { "\($0.uri.replacing("file://", with: "")):\($0.position.line + 1)" } ?? identifier.precise
  }
}

let (lists, folders) = (URL(fileURLWithPath: CommandLine.arguments[1]), CommandLine.arguments.dropFirst(2))
let files = folders.flatMap { folder in
  (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".symbols.json") }.map { URL(fileURLWithPath: folder).appendingPathComponent($0) }
}
// A graph is called after its module, and one of extensions MODULE@EXTENDED.
let graphs = try files.map { file in
  (
    module: String(file.lastPathComponent.prefix { $0 != "." && $0 != "@" }),
    symbols: try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: file)).symbols.filter(\.isDeclared)
  )
}
let symbols = graphs.flatMap(\.symbols)
guard !symbols.isEmpty else {
  print("no symbols below \(folders.joined(separator: " ")): build the documentation first")
  exit(1)
}
let missing = symbols.filter { $0.docComment == nil }
for symbol in missing { print("\(symbol.place): \(symbol.pathComponents.joined(separator: ".")) has no comment") }
let documented = symbols.count - missing.count
let share = String(format: "%.1f", (1000 * Double(documented) / Double(symbols.count)).rounded(.down) / 10)
print("documented public symbols: \(documented) of \(symbols.count) (\(share) %)")

var differences = 0
for (module, graphs) in Dictionary(grouping: graphs, by: \.module).sorted(by: { $0.key < $1.key }) {
  let lines = Set(graphs.flatMap(\.symbols).map(\.line)).sorted()
  guard !lines.isEmpty else { continue }
  let file = lists.appendingPathComponent(module + ".txt")
  if ProcessInfo.processInfo.environment["UPDATE_SYMBOLS"] != nil {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file, options: .atomic)
    continue
  }
  let known = Set(((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init))
  let changes = known.subtracting(lines).map { "- " + $0 } + Set(lines).subtracting(known).map { "+ " + $0 }
  for change in changes.sorted() { print("\(module): \(change)") }
  differences += changes.count
}
if differences > 0 {
  print(
    "the public surface differs from \(lists.relativePath) by \(differences) lines: if that is meant, run `make symbols`, "
      + "and tell it in the changelog")
}
exit(missing.isEmpty && differences == 0 ? 0 : 1)

import CommandSupport
import Foundation
import Mixtures
import Testing

/// Every block of code in the book is compiled, run or read; the files in `Examples` are where Swift is compiled.
@Suite struct CodeTests {
  /// What may stand behind an opening fence.
  enum Language: String, CaseIterable {
    /// Compiled: its lines occur in a file in `Examples`, in a snippet, in a template, or in an example's package. A package manifest
    /// is evaluated instead.
    case swift
    /// Run; see `CommandBlockTests`.
    case sh
    /// Printed by the commands before it, or compared with a result in a file in `Examples`.
    case text
    /// Read as a formula, line by line.
    case formula
    /// Other programs' code, for comparison. It is not run: the tests do not need R or Python.
    case r, python
  }

  /// Blocks without a language: drawings.
  static let drawings = ["rows → tiles → responsibilities → additive statistics → updates → ELBO"]

  static func blocks(_ language: Language) throws -> [CodeBlock] {
    try Page.all.get().flatMap(\.blocks).filter { $0.language == language.rawValue }
  }

  @Test func everyBlockHasALanguage() throws {
    for block in try Page.all.get().flatMap(\.blocks) where Language(rawValue: block.language) == nil {
      let isDrawing = block.language.isEmpty && Self.drawings.contains(block.lines.joined(separator: "\n"))
      #expect(
        isDrawing,
        "\(block.place): no test knows the language \"\(block.language)\"; there are \(Language.allCases.map(\.rawValue))")
    }
  }

  @Test(arguments: try blocks(.swift).filter { !$0.isManifest })
  func swiftIsCompiled(_ block: CodeBlock) throws {
    #expect(
      try ExampleFile.all.get().contains { $0.contains(block) },
      """
      \(block.place): these lines are in no file of Tests/DocumentationTests/Examples, nor in a part of a user's own: add them to \
      one, where a test runs them, or change them there as well
      """)
  }

  /// `swift package dump-package` compiles a manifest; what it depends on must be products that there are.
  @Test(arguments: try blocks(.swift).filter(\.isManifest))
  func manifestsAreEvaluated(_ block: CodeBlock) throws {
    struct Manifest: Decodable {
      struct Product: Decodable { var name: String }
      var products: [Product]
    }
    func dump(_ folder: URL) throws -> String {
      let outcome = try CommandLineTool().run(
        "/usr/bin/env", ["swift", "package", "--package-path", folder.path, "dump-package"])
      #expect(outcome.status == 0, "\(block.place): \(outcome.errors)")
      return outcome.output
    }
    let folder = try TemporaryFolder()
    _ = try folder.write(block.lines.joined(separator: "\n"), to: "Package.swift")
    _ = try dump(folder.url)
    let own = try String(
      contentsOf: CommandLineTool.packageFolder.appendingPathComponent("Package.swift"), encoding: .utf8)
    let named = block.lines.joined().matches(of: /\.product\(name: "([^"]*)", package: "swift-mixtures"\)/).map(\.1)
    #expect(!named.isEmpty && named.allSatisfy { own.contains(".library(name: \"\($0)\"") }, "\(block.place): \(named)")
  }

  @Test(arguments: try blocks(.formula))
  func formulasAreRead(_ block: CodeBlock) throws {
    for line in block.lines { #expect(throws: Never.self, "\(block.place): \(line)") { try Formula(line) } }
  }

  /// Code within lines that has a `~`, and what the table of the language lists, is a formula or a term of one.
  @Test(arguments: try Page.all.get())
  func formulasWithinLinesAreRead(_ page: Page) throws {
    for (number, line) in page.lines.enumerated() {
      let isOfLanguage = line.hasPrefix("| `") && page.path.hasSuffix("Formulas.md")
      let code = line.matches(of: /`([^`]+)`/).map { $0.1.replacingOccurrences(of: "\\|", with: "|") }
      let cell = line.split(separator: " | ", maxSplits: 1).first.map { $0.matches(of: /`([^`]+)`/).count } ?? 0
      for (index, text) in code.enumerated() where text.contains("~") || (isOfLanguage && index < cell) {
        let formula = text.contains("~") ? text : "y ~ x + a:b \(text.first == "-" || text.first == "+" ? "" : "+ ")\(text)"
        let quoted = formula.firstMatch(of: /"([^"]*~[^"]*)"/).map { String($0.1) }
        #expect(throws: Never.self, "\(page.path):\(number + 1): \(formula)") { try Formula(quoted ?? formula) }
      }
    }
  }

  /// Links to files, as GitHub shows them; DocC checks those of the book itself.
  @Test(arguments: ["README.md", "CONTRIBUTING.md"])
  func linkedFilesExist(_ path: String) throws {
    for (number, line) in try Page(path).lines.enumerated() {
      for link in line.matches(of: /\]\(([^)#:]+)\)/).map({ String($0.1) }) {
        #expect(
          FileManager.default.fileExists(atPath: CommandLineTool.packageFolder.appendingPathComponent(link).path),
          "\(path):\(number + 1): no file \(link)")
      }
    }
  }
}

/// A source file in which code of the book is compiled.
struct ExampleFile {
  let name: String
  let lines: [String]

  /// The programs of the package's folder for snippets, each a file.
  static let snippets = Result { try files(in: "Snippets") }

  /// Parts of a user's own: what `new-component` writes, and packages that `Scripts/own-parts` builds and tests.
  private static let ownParts = [
    "Plugins/Templates/Sources", "Plugins/Templates/Tests",
    "Examples/GeometricExpert/Sources/GeometricCounts", "Examples/GeometricExpert/Tests/GeometricCountsTests",
    "Examples/ChangePointGate/Sources/ChangePoints", "Examples/ChangePointGate/Tests/ChangePointsTests",
  ]

  static let all = Result {
    try files(in: "Tests/DocumentationTests/Examples") + snippets.get() + ownParts.flatMap(files)
  }

  private static func files(in folder: String) throws -> [ExampleFile] {
    try FileManager.default.contentsOfDirectory(
      at: CommandLineTool.packageFolder.appendingPathComponent(folder), includingPropertiesForKeys: nil
    )
    .filter { $0.pathExtension == "swift" }
    .map {
      ExampleFile(
        name: $0.deletingPathExtension().lastPathComponent,
        lines: try String(contentsOf: $0, encoding: .utf8).components(separatedBy: "\n"))
    }
  }

  /// Whether the block's lines follow one another somewhere in the file, but for their common indentation. Imports, with which
  /// a block may begin, are among the file's.
  func contains(_ block: CodeBlock) -> Bool {
    let imports = block.lines.prefix { $0.hasPrefix("import ") }
    let code = withoutIndentation(block.lines.dropFirst(imports.count).drop { $0.isEmpty })
    guard imports.allSatisfy(lines.contains), code.count <= lines.count else { return false }
    return (0...(lines.count - code.count)).contains { start in
      code.first == lines[start].trimmingCharacters(in: .whitespaces)
        && code == withoutIndentation(lines[start..<(start + code.count)])
    }
  }
}

extension CodeBlock {
  /// Whether it is a whole `Package.swift`.
  var isManifest: Bool { lines.first?.hasPrefix("// swift-tools-version") ?? false }

  /// What runs it: itself if it is commands, the program's name if it is the whole of a snippet.
  var commands: String? {
    get throws {
      if language == "sh" { return lines.joined(separator: "\n") }
      return try ExampleFile.snippets.get().first { $0.lines == lines + [""] }?.name
    }
  }
}

import CommandSupport
import Foundation
import Testing

/// A page of the book, or another text of the repository with code in it.
struct Page: Sendable, CustomTestStringConvertible {
  /// The file, from the folder of the package.
  let path: String
  let lines: [String]
  let blocks: [CodeBlock]

  init(_ path: String) throws {
    let text = try String(contentsOf: CommandLineTool.packageFolder.appendingPathComponent(path), encoding: .utf8)
    self.path = path
    lines = text.components(separatedBy: "\n")
    blocks = try CodeBlock.blocks(of: lines, path: path)
  }

  var testDescription: String { path }

  /// All pages.
  static let all = Result { try (["README.md", "CONTRIBUTING.md"] + articles()).map { try Page($0) } }

  /// The articles of the book.
  private static func articles() throws -> [String] {
    let catalog = "Documentation/Documentation.docc"
    let folder = CommandLineTool.packageFolder.appendingPathComponent(catalog)
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return names.filter { $0.hasSuffix(".md") }.sorted().map { "\(catalog)/\($0)" }
  }
}

/// A fenced block of a page.
struct CodeBlock: Sendable, CustomTestStringConvertible {
  let path: String
  /// The number of the opening fence's line, from one.
  let line: Int
  /// What follows the opening fence.
  let language: String
  let lines: [String]

  /// Where it is, as compilers say it.
  var place: String { "\(path):\(line)" }
  var testDescription: String { place }

  /// The fenced blocks of a page.
  ///
  /// - Throws: for a fence that is not closed, and for a block by indentation, which would have no language.
  static func blocks(of lines: [String], path: String) throws -> [CodeBlock] {
    var blocks: [CodeBlock] = []
    var opening: Int?
    for (number, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        if let start = opening {
          blocks.append(
            CodeBlock(
              path: path, line: start + 1, language: String(lines[start].dropFirst(3)),
              lines: Array(lines[(start + 1)..<number])))
          opening = nil
        } else {
          opening = number
        }
      } else if opening == nil && line.hasPrefix("    ") && number > 0 && lines[number - 1].isEmpty {
        throw PageError("\(path):\(number + 1): a block by indentation; put it between fences, with its language")
      }
    }
    if let opening { throw PageError("\(path):\(opening + 1): this fence is not closed") }
    return blocks
  }
}

/// What is wrong with a page.
struct PageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Lines without the indentation that they have in common, and without blanks at their ends.
func withoutIndentation(_ lines: some Sequence<String>) -> [String] {
  let indentation = lines.filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
  return lines.map { line in
    let rest = line.dropFirst(indentation)
    return String(rest.prefix(rest.count - rest.reversed().prefix { $0 == " " }.count))
  }
}

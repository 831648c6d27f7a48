import CommandSupport
import Foundation
import Testing

/// Texts that users read call things by the field's words, one word for one thing: see the page `Glossary`.
@Suite struct WordTests {
  /// A word that does not appear, and what stands in its place.
  struct Banned: Sendable, CustomStringConvertible {
    /// What is looked for; it is no part of a flag, a key or a name in code.
    let pattern: String
    let instead: String
    /// Text in which the pattern may stand.
    var allowed = #"(?!)"#

    var description: String { pattern }
  }

  static let banned = [
    // Named laws of the test kit are laws.
    Banned(
      pattern: #"\blaws?\b"#, instead: "distribution",
      allowed:
        #"(?i)keeps? its laws|(?:named|their|the) laws|laws of \w+|laws? test|laws do not|held to laws|of its laws|a law asks|law gets|law that forbids"#
        + #"|law\.check|law: \w+Law|how laws are|less than a law|<doc:Laws>"#),
    Banned(pattern: #"\bknobs?\b"#, instead: "parameter"),
    Banned(pattern: #"\bregrets?\b"#, instead: "excess log loss", allowed: #"`regret`(?: in JSON|,| and)"#),
    Banned(pattern: #"\bnats an? row\b"#, instead: "nats per row"),
    Banned(
      pattern: #"\b(?:the|best|highest) bound\b(?! of (?:ln|the curv))"#, instead: "ELBO",
      allowed: #"Böhning|Jaakkola|bound must be positive"#),
    Banned(
      pattern: #"(?:^|[^-a-z`(])restarts?\b(?! (?:\d|<R>|\\\())"#, instead: "starts",
      allowed: "Anderson acceleration with restarts"),
    Banned(
      pattern: #"\bpasses, (?:not )?converged|\b(?:\d+|limit of|number of|fewer|many) passes\b"#, instead: "iterations",
      allowed: #"passes (?:over|that read)"#),
    Banned(pattern: #"\bsynthetic (?:data|truths?|rows)\b"#, instead: "simulated"),
    Banned(pattern: #"\bGSL status\b"#, instead: "what is out of range"),
    Banned(pattern: #"--weights\b"#, instead: "--row-weights", allowed: "say --row-weights"),
  ]

  /// A text that users read.
  struct UserText: Sendable {
    let name: String
    let text: String
  }

  /// The book but for the page of the laws and the glossary, the README, the changelog, and what the command prints. Code in the changelog
  /// has old names.
  static let texts: [UserText] = {
    let root = CommandLineTool.packageFolder
    let folders = ["Documentation/Documentation.docc", "Tests/CommandTests/Snapshots"].map(root.appendingPathComponent)
    let pages = folders.flatMap(files).filter {
      ["md", "txt"].contains($0.pathExtension) && !["Laws.md", "Glossary.md"].contains($0.lastPathComponent)
    }
    let own = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(root.appendingPathComponent)
    return (pages + own).compactMap { url in
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
      let name = url.lastPathComponent
      return UserText(name: name, text: name == "CHANGELOG.md" ? text.withoutCode : text)
    }
  }()

  /// The string literals and the documentation of the sources, but for those of the test kit. Literals of one word are keys.
  static let messages: [UserText] = {
    let sources = files(CommandLineTool.packageFolder.appendingPathComponent("Sources"))
    return sources.filter { $0.pathExtension == "swift" && !$0.path.contains("MixtureTestKit") }.compactMap { url in
      guard let code = try? String(contentsOf: url, encoding: .utf8) else { return nil }
      return UserText(name: url.lastPathComponent, text: readable(code))
    }
  }()

  private static func files(_ folder: URL) -> [URL] {
    FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
  }

  /// What a user reads of Swift code.
  static func readable(_ code: String) -> String {
    var isMultiline = false
    return code.split(separator: "\n").flatMap { line -> [String] in
      let text = line.trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("///") { return [text.withoutCode] }
      if text.hasPrefix("//") { return [] }
      let quotes = text.components(separatedBy: "\"\"\"").count - 1
      defer { if quotes == 1 { isMultiline.toggle() } }
      if isMultiline || quotes > 0 { return [text] }
      let parts = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      return parts.filter { $0.offset % 2 == 1 && $0.element.contains(" ") }.map { String($0.element) }
    }.joined(separator: "\n")
  }

  @Test(arguments: banned)
  func isNowhere(word: Banned) throws {
    let (pattern, allowed) = (try Regex(word.pattern).ignoresCase(), try Regex(word.allowed))
    #expect(Self.texts.count > 40 && Self.messages.count > 150)
    for text in Self.texts + Self.messages {
      for line in text.text.split(separator: "\n") where line.contains(pattern) {
        #expect(line.contains(allowed), "\(text.name) says \"\(line)\": say \(word.instead)")
      }
    }
  }

  /// Documentation, literals of one line and of several are read; code and comments are not.
  @Test func whatUsersReadIsFound() {
    let code = """
      /// The number of `passes`, of all restarts.
      // all restarts
      let x = restarts + "in all restarts" + "restarts"
      let y = \"\"\"
        of all restarts
        \"\"\"
      let z = restarts
      """
    let text = Self.readable(code).split(separator: "\n").filter { $0.contains("restarts") }
    #expect(text == ["/// The number of , of all restarts.", "in all restarts", "of all restarts"])
  }

  /// What is public is documented in words: a formula alone is none.
  @Test func documentationHasWords() throws {
    var documentation: [Substring] = []
    for source in Self.files(CommandLineTool.packageFolder.appendingPathComponent("Sources")).sorted(by: {
      $0.path < $1.path
    })
    where source.pathExtension == "swift" {
      for line in try String(contentsOf: source, encoding: .utf8).split(separator: "\n").map({ $0.drop { $0 == " " } }) {
        if line.hasPrefix("///") {
          documentation.append(line.dropFirst(3))
          continue
        }
        defer { documentation = [] }
        guard line.hasPrefix("public "), !documentation.isEmpty else { continue }
        let words = documentation.joined(separator: " ").matches(of: /[A-Za-z]{3,}(?![(_\w])/).count
        #expect(words > 0, "\(source.lastPathComponent): \(documentation.joined()) says too little of \(line)")
      }
    }
  }

  /// The patterns find what they are for.
  @Test(
    arguments: zip(
      banned.map(\.pattern),
      [
        "its predictive law", "turn a knob", "the regret of a fit", "0.1 nats a row", "the best bound wins",
        "s for all restarts",
        "the limit of passes", "a fit to synthetic data", "failed (GSL status 1)", "take --weights w",
      ]))
  func isFound(pattern: String, text: String) throws { #expect(text.contains(try Regex(pattern))) }
}

extension String {
  /// The text without what stands between backticks, the names in code.
  fileprivate var withoutCode: String { replacing(/`+[^`]*`+/, with: "") }
}

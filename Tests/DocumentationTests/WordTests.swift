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
      pattern: #"\ball restarts\b|\brestarts? (?:that|reached|failed|which)\b"#,
      instead: "starts"),
    Banned(
      pattern: #"\bpasses, (?:not )?converged|\b(?:\d+|limit of) passes\b"#, instead: "iterations",
      allowed: #"passes (?:over|that read)"#),
    Banned(pattern: #"--weights\b"#, instead: "--row-weights", allowed: "say --row-weights"),
  ]

  /// The book but for the page of the laws, the README, and what the command prints.
  static let texts: [(name: String, text: String)] = {
    let root = CommandLineTool.packageFolder
    let folders = ["Documentation/Documentation.docc", "Tests/CommandTests/Snapshots"].map(root.appendingPathComponent)
    let files = folders.flatMap { folder in
      (FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? [])
        .filter {
          ["md", "txt"].contains($0.pathExtension) && $0.lastPathComponent != "Laws.md"
            && $0.lastPathComponent != "Glossary.md"
        }
    }
    return (files + ["README.md", "CONTRIBUTING.md"].map(root.appendingPathComponent)).compactMap { url in
      (try? String(contentsOf: url, encoding: .utf8)).map { (url.lastPathComponent, $0) }
    }
  }()

  /// The string literals of the sources, but for those of the test kit: messages and help. Literals of one word are keys.
  static let messages: [(name: String, text: String)] = {
    let sources = CommandLineTool.packageFolder.appendingPathComponent("Sources")
    let files =
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return files.filter { $0.pathExtension == "swift" && !$0.path.contains("MixtureTestKit") }.compactMap { url in
      guard let code = try? String(contentsOf: url, encoding: .utf8) else { return nil }
      let lines = code.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      let literals = lines.flatMap { line in
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
          String($0.element)
        }
      }
      return (url.lastPathComponent, literals.filter { $0.contains(" ") }.joined(separator: "\n"))
    }
  }()

  @Test(arguments: banned)
  func isNowhere(word: Banned) throws {
    let (pattern, allowed) = (try Regex(word.pattern).ignoresCase(), try Regex(word.allowed))
    #expect(Self.texts.count > 40 && Self.messages.count > 150)
    for (name, text) in Self.texts + Self.messages {
      for line in text.split(separator: "\n") where line.contains(pattern) {
        #expect(line.contains(allowed), "\(name) says \"\(line)\": say \(word.instead)")
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
        "the limit of passes", "take --weights w",
      ]))
  func isFound(pattern: String, text: String) throws { #expect(text.contains(try Regex(pattern))) }
}

import ArgumentParser
import Foundation

/// A command, an option or an argument that the program does not know, with what to say instead.
///
/// ArgumentParser looks for these last, so that other mistakes would hide them, and takes short words for similar that are not.
struct UnknownWord: Error, CustomStringConvertible {
  let description: String

  private static var commands: [any ParsableCommand.Type] { MixturesCommand.configuration.subcommands }

  /// The command that the arguments of the program name, if there is no such command.
  static func command(in arguments: [String]) -> UnknownWord? {
    guard let word = arguments.first(where: { $0 != "help" }), !word.hasPrefix("-") else { return nil }
    let names = commands.compactMap { $0.configuration.commandName }
    guard !names.contains(word) else { return nil }
    let start = "mixtures has no command \(word.contains { !$0.isWhitespace } ? word : "\"\(word)\"")"
    if let answer = ForeignWord.answer(toCommand: word) { return UnknownWord(description: "\(start): \(answer)") }
    if let name = word.nearest(among: names) {
      return UnknownWord(description: "\(start); did you mean mixtures \(name)?")
    }
    return UnknownWord(description: "\(start); there are \(names.joined(separator: ", "))")
  }

  /// The first word among the arguments of the program that their command has no place for, or that another program takes where its command does
  /// not, if there is one.
  static func argument(in arguments: [String]) -> UnknownWord? {
    guard let first = arguments.first, first != "help" else { return nil }
    guard let command = commands.first(where: { $0.configuration.commandName == first }) else {
      return UnknownWord(
        description: "\(first) stands where a command must, as in mixtures fit data.csv --formula \"y ~ x\"; "
          + "mixtures --help lists the commands")
    }
    return Signature(of: command)?.answer(to: arguments.dropFirst(), of: first).map(UnknownWord.init)
  }
}

/// What a command takes, as ArgumentParser tells of it.
private struct Signature {
  private struct Tool: Decodable {
    struct Command: Decodable { var arguments: [Argument] }
    struct Argument: Decodable {
      var kind: String
      var names: [Name]?
      var valueName: String?
      var shouldDisplay: Bool
    }
    struct Name: Decodable { var name: String }

    var command: Command
  }

  /// What its arguments without a name are called.
  private let places: [String]
  /// The names of its options, of one letter and longer ones.
  private let names: Set<String>
  /// Those that it shows.
  private let shownNames: [String]
  /// The names of those options that have a value.
  private let namesWithValue: Set<String>

  init?(of command: any ParsableCommand.Type) {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(command._dumpHelp().utf8)) else { return nil }
    let arguments = tool.command.arguments
    places = arguments.filter { $0.kind == "positional" }.map { "<\($0.valueName ?? "")>" }
    func names(_ arguments: [Tool.Argument]) -> [String] { arguments.flatMap { $0.names?.map(\.name) ?? [] } }
    shownNames = names(arguments.filter(\.shouldDisplay)) + ["version"]
    self.names = Set(names(arguments) + shownNames)
    namesWithValue = Set(names(arguments.filter { $0.kind == "option" }))
  }

  /// What to say to the first word that is none of its options, or a foreign value of one, and to the first argument for which it has no place.
  func answer(to words: ArraySlice<String>, of command: String) -> String? {
    var (rest, values) = (words, [String]())
    while let word = rest.popFirst(), word != "--" {
      guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else {
        values.append(word)
        continue
      }
      let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
      let option: String
      if word.hasPrefix("--") {
        guard name.count > 1, names.contains(name) else { return answer(to: name, of: command, typed: "--\(name)") }
        option = name
      } else {
        let letters = name.map(String.init)
        guard let last = letters.last, letters.allSatisfy(names.contains) else {
          return answer(to: name, of: command, typed: "-\(name)")
        }
        option = last
      }
      guard namesWithValue.contains(option) else { continue }
      var value = word.firstIndex(of: "=").map { String(word[$0...].dropFirst()) }
      if value == nil, let next = rest.first, next.hasPrefix("--") {
        // What looks like an option is none's value, and two hyphens with something behind them end the options.
        if next == "--", rest.count > 1 {
          return "--\(option) takes what begins with two hyphens behind = only: say --\(option)=--"
        }
      } else if value == nil {
        value = rest.popFirst()
      }
      if let value, let answer = ForeignWord.answer(toValue: value, of: option, of: command) {
        return "mixtures \(command) has no --\(option) \(value): \(answer)"
      }
    }
    let extra = values.dropFirst(places.count).joined(separator: " ")
    guard values.count > places.count else { return nil }
    // A shell takes a formula without quotes apart.
    let formula = words.firstIndex(of: "--formula").flatMap { words[$0...].dropFirst().first }
    let advice =
      formula?.contains("~") == false
      ? "put the formula in quotes"
      : extra.contains("~") ? "say --formula \"\(extra)\"" : "leave it out, or name its option"
    return "mixtures \(command) takes \(places.joined(separator: " ")) and has no place for \(extra): \(advice)"
  }

  private func answer(to name: String, of command: String, typed: String) -> String {
    let start = "mixtures \(command) has no option \(typed)"
    let plain = name.lowercased().replacing(/[_.]/, with: "-")
    let (letter, value) = (String(name.prefix(1)), name.dropFirst())
    if names.contains(plain) { return "\(start): say \(plain.count > 1 ? "--" : "-")\(plain)" }
    if let answer = ForeignWord.answer(toOption: plain, of: command) { return "\(start): \(answer)" }
    if namesWithValue.contains(letter), Double(value) != nil { return "\(start): say -\(letter) \(value)" }
    if let near = plain.nearest(among: shownNames) { return "\(start); did you mean --\(near)?" }
    return "\(start); mixtures \(command) --help lists its options"
  }
}

extension String {
  /// The word that it begins, if it has three letters and there is one only; or else the one that differs least, in no more than a third of its
  /// letters.
  fileprivate func nearest(among words: [String]) -> String? {
    guard count < Self.mostLetters else { return nil }
    let longer = words.filter { count > 2 && $0.hasPrefix(self) }
    if longer.count == 1 { return longer[0] }
    let distances = words.filter { $0.count > 1 }.map { (word: $0, distance: edits(to: $0)) }
    return distances.filter { $0.distance <= count / 3 }.min { $0.distance < $1.distance }?.word
  }

  /// No option has as many.
  private static let mostLetters = 40

  /// How many letters must be put in, left out, changed, or swapped with the next, to make it another word.
  private func edits(to other: String) -> Int {
    let (own, goal) = (Array(self), Array(other))
    var table = (0...own.count).map { i in (0...goal.count).map { i == 0 ? $0 : $0 == 0 ? i : 0 } }
    for i in own.indices {
      for j in goal.indices {
        let changed = table[i][j] + (own[i] == goal[j] ? 0 : 1)
        table[i + 1][j + 1] = Swift.min(changed, table[i][j + 1] + 1, table[i + 1][j] + 1)
        if i > 0, j > 0, own[i] == goal[j - 1], own[i - 1] == goal[j] {
          table[i + 1][j + 1] = Swift.min(table[i + 1][j + 1], table[i - 1][j - 1] + 1)
        }
      }
    }
    return table[own.count][goal.count]
  }
}

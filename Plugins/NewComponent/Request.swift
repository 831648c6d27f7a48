import PackagePlugin

/// What the user asked for.
struct Request {
  /// The kinds of parts, each with the type that its template defines.
  enum Kind: String, CaseIterable {
    case family, expert, gate, prior, factor

    var templateName: String {
      switch self {
      case .family: "WaitFamily"
      case .expert: "LevelExpert"
      case .gate: "StepGate"
      case .prior: "SmoothPrior"
      case .factor: "LogNormal"
      }
    }
  }

  let kind: Kind
  /// The name of the new type.
  let name: String
  /// The name of the target that the part goes into, if it was given.
  let target: String?
  /// The name of the target that the test goes into, if it was given.
  let testTarget: String?

  static let usage = """
    USAGE: swift package new-component family|expert|gate|prior|factor NAME [--target TARGET] [--test-target TARGET]

    Writes NAME.swift, a part that compiles and keeps its laws as it is, and NAMETests.swift, the test of them.
    Comments in both say what to change.

      NAME                   what the new type is called, such as CountFamily
      --target TARGET        where the part goes: by default the first by name that is no test
      --test-target TARGET   where its test goes: by default the first by name that depends on it
    """

  /// Names that Swift keeps for itself.
  private static let reserved: Set = ["Any", "Protocol", "Self", "Type"]

  /// Reads the arguments; nil if they ask for help.
  ///
  /// - Throws: `NewComponentError` for anything but a kind, a name and the two options.
  init?(_ arguments: [String]) throws {
    func refuse(_ what: String) -> NewComponentError { NewComponentError("\(what)\n\n\(Self.usage)") }
    var extractor = ArgumentExtractor(arguments)
    if extractor.extractFlag(named: "help") > 0 { return nil }
    let targets = extractor.extractOption(named: "target")
    let testTargets = extractor.extractOption(named: "test-target")
    let words = extractor.remainingArguments
    if let option = words.first(where: { $0.hasPrefix("-") }) { throw refuse("there is no option \(option)") }
    guard targets.count <= 1, testTargets.count <= 1 else { throw refuse("give each option once") }
    guard words.count == 2 else { throw refuse("name a kind of part and the new type") }
    guard let kind = Kind(rawValue: words[0]) else { throw refuse("there is no kind of part called “\(words[0])”") }
    guard words[1].wholeMatch(of: /[A-Z][A-Za-z0-9_]*/) != nil, !Self.reserved.contains(words[1]) else {
      throw refuse(
        "“\(words[1])” cannot be the name of the type: take a capital letter, then letters, digits and underscores")
    }
    self.kind = kind
    name = words[1]
    target = targets.first
    testTarget = testTargets.first
  }
}

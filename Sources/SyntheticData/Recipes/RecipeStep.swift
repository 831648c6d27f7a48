import GSL

/// Something that recipes are made of.
protocol RecipeStep: Sendable {
  /// What recipes call it.
  var name: String { get }
  /// What it is, in one line.
  var summary: String { get }
  /// The number behind the colon, if it has one.
  var argument: StepArgument? { get }
}

extension RecipeStep {
  /// The name, and the number with its standard value.
  var usage: String { name + (argument.map { "[:\($0.meaning.uppercased())]" } ?? "") }
}

/// The number behind the colon of a step.
struct StepArgument: Sendable {
  /// What it is, in one word.
  var meaning: String
  /// What it must be, for messages.
  var need: String
  /// What it is unless given.
  var standard: Double
  /// Whether a number will do.
  var accepts: @Sendable (Double) -> Bool

  /// A number of things.
  static func count(_ meaning: String, standard: Int, atLeast least: Int = 1) -> StepArgument {
    StepArgument(meaning: meaning, need: "a whole number from \(least) to 1000000", standard: Double(standard)) {
      $0 == $0.rounded() && $0 >= Double(least) && $0 <= 1e6
    }
  }

  /// A number between two others, neither included.
  static func number(_ meaning: String, standard: Double, above low: Double, below high: Double = .infinity) -> StepArgument
  {
    StepArgument(
      meaning: meaning, need: "a number above \(low)" + (high < .infinity ? " and below \(high)" : ""), standard: standard
    ) { $0 > low && $0 < high }
  }
}

/// A generator to begin with.
struct BaseStep: RecipeStep {
  let name: String
  let summary: String
  var argument: StepArgument? = nil
  /// The parameters that it has, as they are unless others are given; it has no others.
  let parameters: RecipeParameters
  /// Draws the generator.
  let make: @Sendable (BaseSettings, inout RandomSource) throws -> any Generator

  /// The parameters as they are given.
  ///
  /// - Throws: ``SyntheticDataError`` for a number that makes no sense, or a parameter that the base does not have.
  func settings(_ given: RecipeParameters, argument number: Double?) throws -> BaseSettings {
    try given.validate()
    func value<Value>(_ parameter: KeyPath<RecipeParameters, Value?>, _ label: String, unused: Value) throws -> Value {
      guard let standard = parameters[keyPath: parameter] else {
        if given[keyPath: parameter] == nil { return unused }
        let hint = argument.map { ", or choose the \($0.meaning), as in \(name):\(Self.text($0.standard))" } ?? ""
        throw SyntheticDataError("\(name) has no \(label) to be chosen: leave it out\(hint)")
      }
      return given[keyPath: parameter] ?? standard
    }
    return try BaseSettings(
      features: value(\.features, "number of features", unused: 0),
      experts: value(\.experts, "number of experts", unused: 0),
      separation: value(\.separation, "separation", unused: 0), noise: value(\.noise, "noise", unused: 0),
      imbalance: value(\.imbalance, "imbalance", unused: 0), argument: number ?? argument?.standard ?? 0)
  }
}

extension BaseStep {
  /// A number without a point where it is whole.
  private static func text(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
}

/// RecipeParameters with a value each; zero where a base does not have them.
struct BaseSettings: Sendable {
  var features: Int
  var experts: Int
  var separation: Double
  var noise: Double
  var imbalance: Double
  var argument: Double
}

/// Something that is done to a generator.
struct ModifierStep: RecipeStep {
  let name: String
  let summary: String
  var argument: StepArgument? = nil
  /// Makes another generator of one.
  let apply: @Sendable (_ base: any Generator, _ argument: Double, inout RandomSource) throws -> any Generator
}

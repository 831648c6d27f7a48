import GSL

/// How to draw a generator by name: a base and what is done to it, such as `linear+softmax+irrelevant:3`.
///
/// Each step may have a number behind a colon. The parameters of the generator are drawn with a seed.
public struct Recipe: Sendable, CustomStringConvertible {
  /// The recipe as it was written.
  public let description: String
  private let base: (step: BaseStep, argument: Double?)
  private let modifiers: [(step: ModifierStep, argument: Double?)]

  /// Reads a recipe.
  ///
  /// - Throws: ``SyntheticDataError`` for a name that nobody knows, listing those that there are, or a number that does not fit.
  public init(_ text: String) throws {
    let steps = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    description = text
    base = try Self.find(steps[0], among: BaseStep.all, called: "generator")
    modifiers = try steps.dropFirst().map { try Self.find($0, among: ModifierStep.all, called: "modifier") }
  }

  /// The generator, with parameters drawn from the seed.
  ///
  /// - Throws: ``SyntheticDataError`` for a parameter that the recipe does not have, or steps that do not go together.
  public func generator(_ parameters: RecipeParameters = RecipeParameters(), seed: UInt64 = 1) throws -> any Generator {
    var source = RandomSource(seed: seed).split(Self.label)
    let settings = try base.step.settings(parameters, argument: base.argument)
    return try modifiers.reduce(base.step.make(settings, &source)) { generator, modifier in
      try modifier.step.apply(generator, modifier.argument ?? modifier.step.argument?.standard ?? 0, &source)
    }
  }

  /// Apart from the labels under which rows are drawn.
  private static let label: UInt64 = 1 << 32

  private static func find<Step: RecipeStep>(
    _ text: String, among steps: [Step], called kind: String
  ) throws -> (step: Step, argument: Double?) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let step = steps.first(where: { $0.name == parts[0] }) else {
      throw SyntheticDataError(
        "no \(kind) is called \"\(parts[0])\"; there are \(steps.map(\.name).joined(separator: ", "))")
    }
    guard parts.count > 1 else { return (step, nil) }
    guard let argument = step.argument else {
      throw SyntheticDataError("\(step.name) takes no number: leave out \":\(parts[1])\"")
    }
    guard let number = Double(parts[1]), argument.accepts(number) else {
      throw SyntheticDataError("\(text): \(argument.meaning) must be \(argument.need), not \(parts[1])")
    }
    return (step, number)
  }
}

extension Recipe {
  /// The names of all steps with what they are, for help texts.
  public static var guide: (generators: [(name: String, summary: String)], modifiers: [(name: String, summary: String)]) {
    (BaseStep.all.map { ($0.usage, $0.summary) }, ModifierStep.all.map { ($0.usage, $0.summary) })
  }
}

/// Collects the blocks of experts that are listed between braces.
///
/// ```swift
/// try MixtureModel(gate: DirichletGate()) {
///   Block(2, LinearExpert())
///   if hasOutliers { BackgroundExpert() }
/// }
/// ```
@resultBuilder
public enum BlockBuilder {
  /// A block of experts of one type.
  public static func buildExpression<Model>(_ experts: Block<Model>) -> [any AnyBlock] { [experts] }
  /// A block of one expert.
  public static func buildExpression<Model: LocalModel>(_ expert: Model) -> [any AnyBlock] { [Block(1, expert)] }
  /// Blocks made elsewhere.
  public static func buildExpression(_ blocks: [any AnyBlock]) -> [any AnyBlock] { blocks }
  /// The blocks in their order.
  public static func buildBlock(_ parts: [any AnyBlock]...) -> [any AnyBlock] { parts.flatMap(\.self) }
  /// The blocks of an `if` without `else`.
  public static func buildOptional(_ part: [any AnyBlock]?) -> [any AnyBlock] { part ?? [] }
  /// The blocks after `if`.
  public static func buildEither(first part: [any AnyBlock]) -> [any AnyBlock] { part }
  /// The blocks after `else`.
  public static func buildEither(second part: [any AnyBlock]) -> [any AnyBlock] { part }
  /// The blocks of a `for`.
  public static func buildArray(_ parts: [[any AnyBlock]]) -> [any AnyBlock] { parts.flatMap(\.self) }
}

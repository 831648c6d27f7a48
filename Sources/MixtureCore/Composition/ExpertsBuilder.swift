/// Collects the blocks of experts that are listed between braces.
///
/// ```swift
/// try GatedExperts(gate: DirichletGate()) {
///   Experts(2, LinearExpert())
///   if hasOutliers { Experts(1, BackgroundExpert(), named: "background") }
/// }
/// ```
@resultBuilder
public enum ExpertsBuilder {
  /// A block of experts of one type.
  public static func buildExpression<Model>(_ experts: Experts<Model>) -> [any AnyExperts] { [experts] }
  /// Blocks made elsewhere.
  public static func buildExpression(_ blocks: [any AnyExperts]) -> [any AnyExperts] { blocks }
  /// The blocks in their order.
  public static func buildBlock(_ parts: [any AnyExperts]...) -> [any AnyExperts] { parts.flatMap(\.self) }
  /// The blocks of an `if` without `else`.
  public static func buildOptional(_ part: [any AnyExperts]?) -> [any AnyExperts] { part ?? [] }
  /// The blocks after `if`.
  public static func buildEither(first part: [any AnyExperts]) -> [any AnyExperts] { part }
  /// The blocks after `else`.
  public static func buildEither(second part: [any AnyExperts]) -> [any AnyExperts] { part }
  /// The blocks of a `for`.
  public static func buildArray(_ parts: [[any AnyExperts]]) -> [any AnyExperts] { parts.flatMap(\.self) }
}

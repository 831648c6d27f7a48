import MixtureCore

/// A tree whose leaves are the experts of a mixture, by their numbers from zero.
///
/// As text, experts are numbered from one: `((1,2),3)`. A tree with the same number of branches everywhere, level by level, is `2x2` for
/// short, with the experts in order; `3` is one branch of three experts.
public indirect enum ExpertTree: Sendable, Equatable {
  /// More branches within each other would exhaust the stack.
  private static let greatestDepth = 100

  /// An expert.
  case leaf(Int)
  /// A choice between at least two subtrees.
  case branch([ExpertTree])

  /// The tree in which every branch of a level has the same number of children, the root's first; experts in order.
  ///
  /// - Throws: `ArgumentError` unless there is a level and each number is at least two; a single one leaves one expert.
  public static func balanced(_ childCounts: [Int]) throws -> ExpertTree {
    guard !childCounts.isEmpty, childCounts == [1] || childCounts.allSatisfy({ $0 >= 2 }) else {
      throw ArgumentError(
        HierarchicalGate.self, argument: "the balanced tree", value: childCounts,
        need: "one in which each branch has at least two children")
    }
    let (count, overflows) = childCounts.reduce((1, false)) { total, count in
      let (product, overflow) = total.0.multipliedReportingOverflow(by: count)
      return (product, total.1 || overflow)
    }
    guard !overflows, count <= 10_000 else {
      throw ArgumentError(
        HierarchicalGate.self, argument: "the balanced tree", value: childCounts,
        need: "one of at most 10,000 experts")
    }
    var trees = (0..<count).map { ExpertTree.leaf($0) }
    for width in childCounts.reversed() where width > 1 {
      trees = stride(from: 0, to: trees.count, by: width).map { .branch(Array(trees[$0..<($0 + width)])) }
    }
    return trees[0]
  }

  /// The tree of two children a branch over so many experts, in order, whose halves are as equal as can be.
  public static func binary(_ experts: Range<Int>) -> ExpertTree {
    guard experts.count > 1 else { return .leaf(experts.lowerBound) }
    let middle = experts.lowerBound + (experts.count + 1) / 2
    return .branch([binary(experts.lowerBound..<middle), binary(middle..<experts.upperBound)])
  }

  /// The experts at the leaves, from left to right.
  public var experts: [Int] {
    switch self {
    case .leaf(let expert): [expert]
    case .branch(let children): children.flatMap(\.experts)
    }
  }

  /// For each branch, the root first and each before those below it, the experts under each of its children.
  public var branches: [[[Int]]] {
    guard case .branch(let children) = self else { return [] }
    return [children.map(\.experts)] + children.flatMap(\.branches)
  }

  /// Whether there are at most so many branches within each other.
  private func isWithin(depth: Int) -> Bool {
    guard case .branch(let children) = self else { return true }
    return depth > 0 && children.allSatisfy { $0.isWithin(depth: depth - 1) }
  }

  private static var flatter: String { "flatter: of at most \(greatestDepth) branches within each other" }

  /// - Throws: `ArgumentError` unless each expert 0, 1, … is at one leaf, each branch has at least two children, and the tree is not too
  ///   deep.
  func validate() throws {
    guard isWithin(depth: Self.greatestDepth) else {
      throw ArgumentError(
        HierarchicalGate.self, argument: "the tree of experts", value: "deep", need: Self.flatter)
    }
    if branches.contains(where: { $0.count < 2 }) {
      throw ArgumentError(
        HierarchicalGate.self, argument: "the tree of experts", value: self,
        need: "a tree whose branches have at least two children")
    }
    guard experts.sorted() == Array(experts.indices) else {
      throw ArgumentError(
        HierarchicalGate.self, argument: "the tree of experts", value: self,
        need: "a tree that has each of 1, …, \(experts.count) at one leaf")
    }
  }
}

extension ExpertTree: CustomStringConvertible {
  /// The tree in brackets, experts numbered from one.
  public var description: String {
    switch self {
    case .leaf(let expert): "\(expert + 1)"
    case .branch(let children): "(" + children.map(\.description).joined(separator: ",") + ")"
    }
  }

  /// The tree that a text describes.
  ///
  /// - Throws: `ArgumentError` that says where the text is no tree.
  public init(_ text: String) throws {
    let characters = text.filter { !$0.isWhitespace }
    let counts = characters.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    if !counts.contains(nil) {
      self = try .balanced(counts.compactMap(\.self))
      return
    }
    var rest = Substring(characters)
    func refusal(_ what: String) -> ArgumentError {
      ArgumentError(
        HierarchicalGate.self, argument: "the tree of experts", value: "\"\(text.shortened)\"",
        need: "written as 2x2 or ((1,2),3): \(what) at " + (rest.isEmpty ? "the end" : "\"\(String(rest).shortened)\""))
    }
    func subtree(_ depth: Int = 0) throws -> ExpertTree {
      guard rest.first == "(" else {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else { throw refusal("a bracket or an expert's number is expected") }
        rest.removeFirst(digits.count)
        return .leaf(number - 1)
      }
      guard depth < Self.greatestDepth else {
        throw ArgumentError(
          HierarchicalGate.self, argument: "the tree of experts", value: "\"\(text.shortened)\"", need: Self.flatter)
      }
      var children: [ExpertTree] = []
      repeat {
        rest.removeFirst()
        children.append(try subtree(depth + 1))
      } while rest.first == ","
      guard rest.first == ")" else { throw refusal("a comma or a closing bracket is expected") }
      rest.removeFirst()
      return .branch(children)
    }
    let tree = try subtree()
    guard rest.isEmpty else { throw refusal("the end is expected") }
    try tree.validate()
    self = tree
  }
}

extension ExpertTree: Codable {
  /// Decodes the text.
  ///
  /// - Throws: `DecodingError` for a text that is no tree.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    self = try decoder.checking { try ExpertTree(text) }
  }

  /// Encodes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Sequence where Element: Hashable {
  /// The first element that occurs again later, such as a name that two things have; nil if all differ.
  package var firstRepeated: Element? {
    let counts = Dictionary(map { ($0, 1) }, uniquingKeysWith: +)
    return first { counts[$0, default: 0] > 1 }
  }

  /// Each element once, where it is met first.
  package var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

/// A sum of terms as it is read, each term once.
struct FormulaSum {
  private(set) var terms: [Formula.Term] = []
  /// What is taken away from the columns for which `.` stands.
  var removed: [Formula.Term] = []
  var hasIntercept = true
  var offsets: [Formula.Expression] = []
  private var identities: Set<[Formula.Term: Int]> = []

  init(_ terms: [Formula.Term] = []) {
    for term in terms { add(term) }
  }

  /// Whether `.` is in some term.
  var hasOthers: Bool { terms.contains(where: \.mentionsOthers) }

  var side: Formula.Terms { Formula.Terms(terms, removing: removed, hasIntercept: hasIntercept) }

  /// Adds the term, unless it is there, perhaps with its variables in another order.
  mutating func add(_ term: Formula.Term) {
    if identities.insert(term.identity).inserted { terms.append(term) }
    removed.removeAll { $0.identity == term.identity }
  }

  /// Removes the term; false if it is not there. Whether it is among those for which `.` stands, only the data tell: outside
  /// parentheses, removal from these is put off.
  mutating func subtract(_ term: Formula.Term, isNested: Bool) -> Bool {
    let isHere = identities.remove(term.identity) != nil
    terms.removeAll { $0.identity == term.identity }
    guard hasOthers else { return isHere }
    if !removed.contains(where: { $0.identity == term.identity }) { removed.append(term) }
    return !isNested
  }
}

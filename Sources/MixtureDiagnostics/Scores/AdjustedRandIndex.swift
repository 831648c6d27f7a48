/// The adjusted Rand index of two divisions of the same objects (Hubert & Arabie 1985): one where they are equal but for the names of the
/// labels, zero on average where they have nothing to do with each other.
///
/// With n_ab objects that have label a and label b, C(n) = n (n − 1) / 2, and the expectation E = Σ_a C(n_a) Σ_b C(n_b) / C(n) under
/// divisions of the same sizes, it is (Σ_ab C(n_ab) − E) / (½ [Σ_a C(n_a) + Σ_b C(n_b)] − E). Two divisions that cannot differ, both into
/// one cluster or both into single objects, agree: one.
///
/// - Complexity: O(n).
public func adjustedRandIndex<First: Hashable, Second: Hashable>(
  of first: [First], and second: [Second]
) -> Double {
  precondition(first.count == second.count, "two labels of each object")
  let joint = pairCount(zip(first, second).map { LabelPair(first: $0, second: $1) })
  let (one, other) = (pairCount(first), pairCount(second))
  let all = Double(first.count) * Double(first.count - 1) / 2
  let expected = all > 0 ? one * other / all : 0
  let greatest = (one + other) / 2
  // Sums of pairs are exact, so that equal divisions are told without rounding.
  return joint == one && joint == other ? 1 : (joint - expected) / (greatest - expected)
}

/// Σ_a C(n_a): how many pairs of objects share a label.
private func pairCount<Label: Hashable>(_ labels: [Label]) -> Double {
  let sizes = labels.reduce(into: [Label: Int]()) { $0[$1, default: 0] += 1 }
  return sizes.values.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 }
}

private struct LabelPair<First: Hashable, Second: Hashable>: Hashable {
  let first: First
  let second: Second
}

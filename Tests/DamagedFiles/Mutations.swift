import Foundation

/// A file of which one thing is changed.
package struct Mutation: Sendable {
  /// The keys that lead to what is changed.
  package let place: [String]
  /// What stands there instead.
  package let value: JSON

  /// The changed file.
  package func applied(to file: JSON) -> JSON { file.replacing(place[...], by: value) }

  /// Where, and what, cut short.
  package var description: String { "\(place.joined(separator: ".")) = \("\(value)".prefix(100))" }
}

extension JSON {
  /// Every change of one thing: numbers, texts, lists and objects in each place, replaced by all that does not belong there.
  package func mutations() -> [Mutation] { mutations(at: []) }

  /// Some of the changes, the same for a seed: each with the given probability.
  package func mutations(share: Double, seed: UInt64) -> [Mutation] {
    var random = SplitMix(state: seed)
    return mutations().filter { _ in Double(random.next() >> 11) < share * 0x1p53 }
  }

  private func mutations(at place: [String]) -> [Mutation] {
    var here = Self.strangers
    var below: [Mutation] = []
    switch self {
    case .null, .raw: break
    case .bool(let value): here += [.bool(!value)]
    case .number(let value): here += Self.numbers + [.number(-value), .number(value + 1), .number(value / 1024)]
    case .string: here += Self.texts
    case .array(let values):
      let lists: [[JSON]] = [
        values.dropLast(), Array(values.dropFirst()), values + values.suffix(1), values + values, values.reversed(),
      ]
      here += lists.map { JSON.array($0) }
      below = values.enumerated().flatMap { $1.mutations(at: place + [String($0)]) }
    case .object(let values):
      let sorted = values.sorted { $0.key < $1.key }
      for (key, value) in sorted {
        here.append(.object(values.filter { $0.key != key }))
        for last in [value, .null] { here.append(.raw(repeating(key, in: sorted, last: last))) }
      }
      below = sorted.flatMap { $1.mutations(at: place + [$0]) }
    }
    return here.map { Mutation(place: place, value: $0) } + below
  }

  /// An object with a key twice.
  private func repeating(_ key: String, in values: [(key: String, value: JSON)], last: JSON) -> String {
    "{" + (values + [(key, last)]).map { "\"\($0.key)\":\($0.value.text)" }.joined(separator: ",") + "}"
  }

  private static let strangers: [JSON] = [
    .null, .bool(true), .number(1), .string(""), .array([]), .object([:]),
    .raw(String(repeating: "[", count: 600) + String(repeating: "]", count: 600)),
  ]
  private static let numbers: [JSON] = [
    "0", "-1", "-0.0", "1e308", "-1e308", "1e-308", "1.5", "1000000000", "9223372036854775807", "-9223372036854775808",
    "18446744073709551615", "1e400", "\"NaN\"", "\"∞\"", "\"-∞\"",
  ].map { .raw($0) }
  private static let texts: [JSON] = [
    .string("other"), .string(String(repeating: "a", count: 1_000_000)),
    .string("a" + String(repeating: "\u{301}", count: 500_000)),
    .string("\u{0}\u{1B}[2J\n"), .string(String(repeating: "(", count: 40_000)),
    .string("y ~ " + String(repeating: "(", count: 40_000)),
    .string("Gates.DirichletGate"), .string("Experts.LinearExpert"), .string("SyntheticData.NormalNoise"),
  ]
}

/// Vigna's generator of random numbers, of which a test needs no more than that they are always the same.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

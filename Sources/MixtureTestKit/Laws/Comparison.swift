import Foundation

/// |a − b| ≤ tolerance · scale for all entries, else what differs; a number that is not finite differs from all others.
func differences(
  _ what: String, _ a: [Double], _ b: [Double], tolerance: Double, scale: [Double]? = nil
) -> [String] {
  guard a.count == b.count else { return ["\(what): \(a.count) numbers and \(b.count)"] }
  let size = (a + b).filter(\.isFinite).reduce(0) { max($0, abs($1)) }
  let wrong = a.indices.filter { i in
    a[i] != b[i] && !(abs(a[i] - b[i]) <= tolerance * (scale?[i] ?? size))
  }
  guard let first = wrong.first else { return [] }
  return ["\(what): \(wrong.count) of \(a.count) numbers differ, the first, number \(first): \(a[first]) and \(b[first])"]
}

/// What differs between two columns of numbers in their bits.
func differencesInBits(_ what: String, _ a: [Double], _ b: [Double]) -> [String] {
  guard a.map(\.bitPattern) != b.map(\.bitPattern) else { return [] }
  let pair = zip(a, b).first { $0.bitPattern != $1.bitPattern }
  return ["\(what): \(pair.map { "\($0) and \($1)" } ?? "\(a.count) numbers and \(b.count)")"]
}

/// JSON with its keys in order, so that equal values give equal bytes.
func json<Value: Encodable>(_ value: Value) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return try encoder.encode(value)
}

/// What a way through JSON changes: the bytes of a second encoding, or one of the numbers that `numbers` computes.
func roundTripViolations<Value: Codable>(
  _ value: Value, numbers: (Value) throws -> [Double]
) throws -> [String] {
  let data = try json(value)
  let decoded = try JSONDecoder().decode(Value.self, from: data)
  let bytes = try json(decoded) == data ? [] : ["encoding again what was decoded gives other bytes"]
  return try bytes + differencesInBits("computed before and after", try numbers(value), try numbers(decoded))
    + awkwardNumberViolations(Value.self, data)
}

/// What a way through JSON makes of numbers that few programs write: each number of `data` in turn is replaced by one of seventeen digits, by the
/// smallest normal number and by a subnormal one. A type may refuse it, or compute what it had there anew.
private func awkwardNumberViolations<Value: Codable>(_ type: Value.Type, _ data: Data) throws -> [String] {
  let text = String(decoding: data, as: UTF8.self)
  let places = numbers(in: text)
  for (index, place) in places.enumerated() {
    for number in [1.0 / 3, 0.1 + 0.2, Double.leastNormalMagnitude, 3 * Double.leastNonzeroMagnitude] {
      let changed = text.replacingCharacters(in: place, with: "\(number)")
      guard let value = try? JSONDecoder().decode(Value.self, from: Data(changed.utf8)) else { continue }
      let again = String(decoding: try json(value), as: UTF8.self)
      let found = numbers(in: again)
      // With another number of numbers it was another kind of value.
      guard found.count == places.count, let now = Double(again[found[index]]) else { continue }
      if now != number && now != Double(text[place]) {
        return ["\(number), read as number \(index) of the JSON, is written as \(now)"]
      }
    }
  }
  return []
}

/// Where the numbers of a JSON text are.
private func numbers(in text: String) -> [Range<String.Index>] {
  text.ranges(of: /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/).filter { text[$0.lowerBound] != "\"" }
}

/// The permutations of 0, …, count − 1.
func permutations(_ count: Int) -> [[Int]] {
  guard count > 0 else { return [[]] }
  return permutations(count - 1).flatMap { rest in
    (0...rest.count).map { place in Array(rest[..<place]) + [count - 1] + Array(rest[place...]) }
  }
}

/// The rotation 1, 2, …, 0: every expert gets another number.
func rotation(_ count: Int) -> [Int] { (0..<count).map { ($0 + 1) % count } }

import Foundation
import GSL

/// A tree of JSON, with its numbers as they are written, and with names that may stand there twice.
indirect enum JSONTree: Decodable {
  case literal(String)
  case text(String)
  case list([JSONTree])
  case object([(name: String, value: JSONTree)])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .literal("null")
    } else if let value = try? container.decode(Bool.self) {
      self = .literal("\(value)")
    } else if let value = try? container.decode(Int.self) {
      self = .literal("\(value)")
    } else if let value = try? container.decode(Double.self) {
      self = .literal("\(value)")
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONTree].self) {
      self = .list(value)
    } else {
      let members = try container.decode([String: JSONTree].self)
      self = .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  /// The text of the tree.
  var description: String {
    switch self {
    case .literal(let text): text
    case .text(let text): Self.quoted(text)
    case .list(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.name) + ":" + $0.value.description }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map {
        $0 == "\"" || $0 == "\\" || $0.value < 0x20 ? "\\u" + ("000" + String($0.value, radix: 16)).suffix(4) : String($0)
      }.joined() + "\""
  }

  /// How many values it has, itself among them.
  private var count: Int {
    switch self {
    case .literal, .text: 1
    case .list(let values): values.reduce(1) { $0 + $1.count }
    case .object(let members): members.reduce(1) { $0 + $1.value.count }
    }
  }

  /// JSON of which some values are others.
  static func mutated(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    guard var tree = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else {
      return Bytes.mutated(bytes, &random)
    }
    if random.isOnce(in: 8) { return Bytes.mutated(bytes, &random) }
    for _ in 0...(random.isOnce(in: 3) ? random.integer(below: 3) : 0) {
      tree.changeOne(random.integer(below: tree.count), &random)
    }
    return Array(tree.description.utf8)
  }

  /// Changes the value of that number, in the order in which they are written.
  private mutating func changeOne(_ number: Int, _ random: inout RandomSource) {
    guard number > 0 else { return change(&random) }
    var rest = number - 1
    switch self {
    case .literal, .text: break
    case .list(var values):
      for i in values.indices {
        if rest < values[i].count {
          values[i].changeOne(rest, &random)
          break
        }
        rest -= values[i].count
      }
      self = .list(values)
    case .object(var members):
      for i in members.indices {
        if rest < members[i].value.count {
          members[i].value.changeOne(rest, &random)
          break
        }
        rest -= members[i].value.count
      }
      self = .object(members)
    }
  }

  private mutating func change(_ random: inout RandomSource) {
    if random.isOnce(in: 5) {
      self = random.element(of: [
        .literal("null"), .literal("true"), .literal(random.element(of: oddNumbers)), .text(random.element(of: oddTexts)),
        .list([]), .list([self]), .list([self, self]), .object([]), .object([(random.element(of: oddTexts), self)]),
        .literal(String(repeating: "[", count: 40_000)),
        .literal(String(repeating: "[", count: 600) + String(repeating: "]", count: 600)),
        .literal(String(repeating: "{\"a\":", count: 5000) + "1" + String(repeating: "}", count: 5000)),
      ])
      return
    }
    switch self {
    case .literal(let text):
      if let number = Double(text), random.isOnce(in: 3) {
        self = .literal(
          random.element(of: [
            "\(-number)", "\(number + 1)", "\(number - 1)", "\(number / 2)", "\(number * 1e300)", "\"\(text)\"",
          ]))
      } else {
        self = .literal(random.element(of: oddNumbers.filter { !$0.isEmpty }))
        if random.isOnce(in: 4) { self = .text(random.element(of: ["NaN", "Infinity", "-Infinity", "nan", "inf"])) }
      }
    case .text(let text):
      self = .text(random.isOnce(in: 2) ? random.element(of: oddTexts) : text + random.element(of: oddTexts))
    case .list(var values):
      let index = values.isEmpty ? 0 : random.integer(below: values.count)
      switch random.integer(below: 5) {
      case 0: values = []
      case 1: if !values.isEmpty { values.remove(at: index) }
      case 2: if !values.isEmpty { values.insert(values[index], at: index) }
      case 3: values += values
      default: values.reverse()
      }
      self = .list(values)
    case .object(var members):
      guard !members.isEmpty else { return self = .object([("a", .literal("1"))]) }
      let index = random.integer(below: members.count)
      switch random.integer(below: 5) {
      case 0, 1: members.remove(at: index)
      case 2: members.insert(members[index], at: 0)
      case 3: members[index].name = random.element(of: oddTexts + members.map(\.name))
      default: members[index].value = random.element(of: members).value
      }
      self = .object(members)
    }
  }
}

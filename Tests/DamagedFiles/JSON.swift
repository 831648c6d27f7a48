import Foundation

/// Any JSON, and what is none.
package indirect enum JSON: Sendable, Decodable {
  case null, bool(Bool), number(Double), string(String), array([JSON]), object([String: JSON])
  /// Text that stands in the place of a value.
  case raw(String)

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  /// Reads a file.
  package init(contentsOf url: URL) throws { self = try JSONDecoder().decode(JSON.self, from: Data(contentsOf: url)) }

  /// Reads a text.
  package init(_ text: String) throws { self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

  /// Writes a file.
  package func write(to url: URL) throws {
    try Data(text.utf8).write(to: url)
  }

  /// The text.
  package var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += "\(value)"
    case .number(let value): text += Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .string(let value): text += Self.quoted(value)
    case .raw(let value): text += value
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        text += index > 0 ? "," : ""
        value.write(to: &text)
      }
      text += "]"
    case .object(let values):
      text += "{"
      for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
        text += (index > 0 ? "," : "") + Self.quoted(key) + ":"
        value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      scalar == "\"" || scalar == "\\"
        ? "\\\(scalar)" : scalar.value < 32 ? String(format: "\\u%04x", scalar.value) : "\(scalar)"
    }
    return "\"" + escaped.joined() + "\""
  }

  /// The same with another value at a place such as `experts.0.value`.
  package func replacing(_ place: ArraySlice<String>, by new: JSON) -> JSON {
    guard let key = place.first else { return new }
    switch self {
    case .array(var values):
      guard let index = Int(key), values.indices.contains(index) else { return self }
      values[index] = values[index].replacing(place.dropFirst(), by: new)
      return .array(values)
    case .object(var values):
      values[key] = (values[key] ?? .null).replacing(place.dropFirst(), by: new)
      return .object(values)
    default: return self
    }
  }

  /// The same, with the place between points.
  package func replacing(_ place: String, by new: JSON) -> JSON {
    replacing(place.split(separator: ".").map(String.init)[...], by: new)
  }
}

import Foundation

extension JSONDecoder {
  /// Decodes, and tells the place of every error, and what may stand there: Foundation does not say where it found a number that is not
  /// whole, or negative, in the place of one that is, nor what a value that is one of a few may be.
  package func decodeWithPlace<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    do { return try decode(type, from: data) } catch let error as DecodingError where error.saysTooLittle {
      // Once more, and slower, for the place; the first error stands where there is none.
      do { return try decode(Placed<Value>.self, from: data).value } catch let placed as DecodingError {
        throw placed.saysTooLittle ? error : placed
      }
    }
  }
}

extension DecodingError {
  /// Whether it is about a number, and does not say which, or about a value that is one of a few, and does not say which these are.
  fileprivate var saysTooLittle: Bool {
    if case .dataCorrupted(let context) = self {
      context.underlyingError == nil && (context.codingPath.isEmpty || isAboutOneOfAFew)
    } else {
      false
    }
  }

  /// Whether the compiler's own decoding refused a value that is one of a few.
  fileprivate var isAboutOneOfAFew: Bool {
    if case .dataCorrupted(let context) = self { context.debugDescription.hasPrefix("Cannot initialize ") } else { false }
  }
}

/// A value whose errors say where they are.
private struct Placed<Value: Decodable>: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    guard Value.self is any Numeric.Type else {
      do { value = try Value(from: PlacingDecoder(base: decoder)) } catch let error as DecodingError
        where error.isAboutOneOfAFew
      {
        throw (Value.self as? any (CaseIterable & RawRepresentable).Type).map { unlisted($0, in: decoder) } ?? error
      }
      return
    }
    // What Foundation throws here becomes a `DecodingError` only where decoding ends.
    do { value = try Value(from: decoder) } catch let error where !(error is DecodingError) {
      throw DecodingError.typeMismatch(
        Value.self, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no such number"))
    }
  }
}

/// What there is in place of one of the values of a type, and what these are.
private func unlisted<Value: CaseIterable & RawRepresentable>(_ type: Value.Type, in decoder: any Decoder) -> DecodingError
{
  let found = (try? decoder.singleValueContainer().decode(String.self)) ?? ""
  let values = Value.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
  return .dataCorrupted(
    DecodingError.Context(
      codingPath: decoder.codingPath, debugDescription: "\"\(found)\" must be one of \(values)"))
}

/// A decoder whose containers decode every value as ``Placed``.
private struct PlacingDecoder: Decoder {
  let base: any Decoder

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(PlacingKeyedContainer(base: try base.container(keyedBy: type)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    PlacingUnkeyedContainer(base: try base.unkeyedContainer())
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { try base.singleValueContainer() }
}

private struct PlacingKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let base: KeyedDecodingContainer<Key>

  var codingPath: [any CodingKey] { base.codingPath }
  var allKeys: [Key] { base.allKeys }
  func contains(_ key: Key) -> Bool { base.contains(key) }
  func decodeNil(forKey key: Key) throws -> Bool { try base.decodeNil(forKey: key) }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try base.decode(Placed<T>.self, forKey: key).value
  }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try base.decode(type, forKey: key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try base.decode(type, forKey: key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try base.decode(Placed.self, forKey: key).value }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try base.decode(Placed.self, forKey: key).value }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    KeyedDecodingContainer(PlacingKeyedContainer<Nested>(base: try base.nestedContainer(keyedBy: type, forKey: key)))
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    PlacingUnkeyedContainer(base: try base.nestedUnkeyedContainer(forKey: key))
  }

  func superDecoder() throws -> any Decoder { PlacingDecoder(base: try base.superDecoder()) }
  func superDecoder(forKey key: Key) throws -> any Decoder { PlacingDecoder(base: try base.superDecoder(forKey: key)) }
}

private struct PlacingUnkeyedContainer: UnkeyedDecodingContainer {
  var base: any UnkeyedDecodingContainer

  var codingPath: [any CodingKey] { base.codingPath }
  var count: Int? { base.count }
  var isAtEnd: Bool { base.isAtEnd }
  var currentIndex: Int { base.currentIndex }
  mutating func decodeNil() throws -> Bool { try base.decodeNil() }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try base.decode(Placed<T>.self).value }
  mutating func decode(_ type: Bool.Type) throws -> Bool { try base.decode(type) }
  mutating func decode(_ type: String.Type) throws -> String { try base.decode(type) }
  mutating func decode(_ type: Double.Type) throws -> Double { try base.decode(Placed.self).value }
  mutating func decode(_ type: Float.Type) throws -> Float { try base.decode(Placed.self).value }
  mutating func decode(_ type: Int.Type) throws -> Int { try base.decode(Placed.self).value }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try base.decode(Placed.self).value }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try base.decode(Placed.self).value }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try base.decode(Placed.self).value }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try base.decode(Placed.self).value }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try base.decode(Placed.self).value }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try base.decode(Placed.self).value }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try base.decode(Placed.self).value }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try base.decode(Placed.self).value }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try base.decode(Placed.self).value }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    KeyedDecodingContainer(PlacingKeyedContainer<Nested>(base: try base.nestedContainer(keyedBy: type)))
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    PlacingUnkeyedContainer(base: try base.nestedUnkeyedContainer())
  }

  mutating func superDecoder() throws -> any Decoder { PlacingDecoder(base: try base.superDecoder()) }
}

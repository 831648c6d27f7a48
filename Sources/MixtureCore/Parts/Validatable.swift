import GSL

/// A value that knows what its numbers, lists and names must be: a part, or what parts are made of.
///
/// Values come from code and from files that people edit, or that were damaged. So ``validate()`` is called wherever a part is read,
/// for it and for all values within it, those inside first; whatever else uses them can rely on it.
public protocol Validatable: Sendable {
  /// Checks the values; by default all are right.
  ///
  /// - Throws: ``UnfitValue``, or another error that says which value is wrong, and what it must be.
  func validate() throws
}

extension Validatable {
  /// Accepts all values, for a type that has no wrong ones.
  public func validate() throws {}
}

/// A value that makes no sense where it is: which one, and what it must be.
public struct UnfitValue: DescribedError, Equatable {
  /// The keys that lead to the value.
  public private(set) var path: [String]
  /// What it is, and what it must be.
  public let need: String

  /// A value under a key; none for the whole.
  public init(_ key: String? = nil, need: String) {
    path = key.map { [$0] } ?? []
    self.need = need
  }

  /// The place and the need.
  public var description: String {
    let place = path.isEmpty ? "" : path.joined(separator: " › ") + ": "
    return (place + need).shortened
  }

  /// Runs a check, and has its errors say that they are about what is under some keys.
  public static func at(_ keys: String..., check: () throws -> Void) throws { try at(keys, check) }

  static func at(_ keys: [String], _ check: () throws -> Void) throws {
    do { try check() } catch var error as UnfitValue {
      error.path = keys + error.path
      throw error
    } catch {
      var fault = UnfitValue(nil, need: "\(error)")
      fault.path = keys
      throw fault
    }
  }

  /// - Throws: a fault of the value under a key, unless `isFit`.
  public static func check(_ key: String?, that isFit: Bool, need: @autoclosure () -> String) throws {
    if !isFit { throw UnfitValue(key, need: need()) }
  }

  /// - Throws: a fault for the first of the numbers under a key that is not finite.
  public static func checkFinite(_ key: String?, numbers: some Sequence<Double>) throws {
    if let number = numbers.first(where: { !$0.isFinite }) {
      throw UnfitValue(key, need: "\(number) is no finite number")
    }
  }

  /// The greatest magnitude of numbers that are multiplied with each other: the squares of some hundreds add up to a finite number.
  static let greatestMagnitude = 1e153

  /// - Throws: a fault for the first of the numbers under a key that is not finite, or so large that its square would not be.
  public static func checkMagnitude(_ key: String?, numbers: some Sequence<Double>) throws {
    if let number = numbers.first(where: { !(abs($0) <= greatestMagnitude) }) {
      throw UnfitValue(key, need: "\(number) must be a number of magnitude \(greatestMagnitude) at most")
    }
  }

  /// - Throws: a fault unless the number under a key is positive and finite.
  public static func checkPositive(_ key: String?, number: Double) throws {
    try check(key, that: number > 0 && number.isFinite, need: "\(number) must be a finite number above 0")
  }

  /// - Throws: a fault unless the number under a key is finite and not negative.
  public static func checkNotNegative(_ key: String?, number: Double) throws {
    try check(key, that: number >= 0 && number.isFinite, need: "\(number) must be a finite number of at least 0")
  }

  /// - Throws: a fault unless a list under a key has as many entries as it must.
  public static func checkCount(_ key: String?, is count: Int, mustBe needed: Int, what: String) throws {
    try check(key, that: count == needed, need: "\(count) where there must be \(needed), \(what)")
  }
}

extension DecodingError {
  /// A fault that a check found of what stands under a key.
  package static func unfit<Key: CodingKey>(
    _ error: any Error, in container: KeyedDecodingContainer<Key>, forKey key: Key? = nil
  ) -> DecodingError {
    unfit(error, at: container.codingPath, forKey: key)
  }

  /// A fault that a check found of what is decoded at a place, under a key of it or within the whole.
  package static func unfit(_ error: any Error, at path: [any CodingKey], forKey key: (any CodingKey)? = nil)
    -> DecodingError
  {
    if let error = error as? DecodingError { return error }
    guard let fault = error as? UnfitValue else {
      return .dataCorrupted(
        Context(codingPath: path, debugDescription: "\(error)".shortened, underlyingError: error))
    }
    let keys = path + (key.map { [$0] } ?? []) + fault.path.map { PlaceKey(stringValue: $0) }
    return .dataCorrupted(
      Context(codingPath: keys, debugDescription: fault.need.shortened, underlyingError: error))
  }
}

extension Decoder {
  /// Makes a value of what was decoded, or checks it; what is wrong is told with the place.
  package func checking<Value>(_ make: () throws -> Value) throws -> Value {
    do { return try make() } catch { throw DecodingError.unfit(error, at: codingPath) }
  }
}

private struct PlaceKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

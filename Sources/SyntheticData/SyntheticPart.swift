import MixtureCore

/// A generator or a part of one, which knows what its parameters must be.
///
/// Parameters come from code and from files that people edit. So `validate()`, which throws an `ArgumentError` for a parameter that is
/// wrong and a ``SyntheticDataError`` for parts that do not go together, is called wherever a part is read by its name (`CodedByName`),
/// composed into a ``SyntheticMixture``, or drawn from by a ``SyntheticDataSet``; what draws can rely on it.
public protocol SyntheticPart: Part {}

/// The greatest magnitude of a parameter: what is drawn and added up of such numbers is finite.
private let greatestMagnitude = 1e100

extension Validatable {
  /// - Throws: `ArgumentError` for the first number that is not finite, or beyond 10¹⁰⁰.
  static func requireFinite(_ numbers: some Sequence<Double>, argument: String) throws {
    if let number = numbers.first(where: { !(abs($0) <= greatestMagnitude) }) {
      throw ArgumentError(Self.self, argument: argument, value: number, need: "a finite number of at most 1e100 in size")
    }
  }

  /// - Throws: `ArgumentError` unless the number is positive, and at most 10¹⁰⁰.
  static func requirePositive(_ number: Double, argument: String) throws {
    guard number > 0, number <= greatestMagnitude else {
      throw ArgumentError(Self.self, argument: argument, value: number, need: "a number above 0 and of at most 1e100")
    }
  }

  /// Checks a number of things of which a thousand rows must fit into the memory.
  ///
  /// - Throws: `ArgumentError` unless it lies between `least` and a million.
  static func requireCount(_ count: Int, atLeast least: Int = 0, argument: String) throws {
    try require(
      (least...1_000_000).contains(count), argument: argument, value: count, need: "from \(least) to 1000000")
  }

  /// - Throws: `ArgumentError` about the argument unless the condition holds.
  static func require(
    _ condition: Bool, argument: String, value: @autoclosure () -> Any, need: @autoclosure () -> String
  ) throws {
    guard condition else { throw ArgumentError(Self.self, argument: argument, value: value(), need: need()) }
  }
}

extension SyntheticDataError {
  /// Runs a check, and has its error say which of several things it is about.
  static func at(_ place: String, _ check: () throws -> Void) throws {
    do { try check() } catch let error as SyntheticDataError { throw SyntheticDataError("\(place): \(error)") } catch let
      error as ArgumentError
    { throw error.of(place) }
  }
}

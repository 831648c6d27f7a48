import MixtureCore

/// A generator or a part of one, which knows what its parameters must be.
///
/// Parameters come from code and from files that people edit. So `validate()`, which throws a ``SyntheticDataError`` for a parameter that
/// is wrong, is called wherever a part is read by its name (`CodedByName`), composed into a ``SyntheticMixture``, or drawn from by a
/// ``SyntheticDataSet``; what draws can rely on it.
public protocol SyntheticPart: Part {}

/// The greatest magnitude of a parameter: what is drawn and added up of such numbers is finite.
private let greatestMagnitude = 1e100

extension Sequence<Double> {
  /// Checks that these are numbers to reckon with.
  ///
  /// - Throws: ``SyntheticDataError`` for the first that is not finite, or beyond 10¹⁰⁰.
  func validateNumbers(_ name: String) throws {
    if let number = first(where: { !(abs($0) <= greatestMagnitude) }) {
      throw SyntheticDataError("\(name): \(number) is too large, or no number; give at most \(greatestMagnitude)")
    }
  }
}

extension Double {
  /// Checks that this is a number to divide by.
  ///
  /// - Throws: ``SyntheticDataError`` unless it is positive, and at most 10¹⁰⁰.
  func validatePositive(_ name: String) throws {
    guard self > 0, self <= greatestMagnitude else {
      throw SyntheticDataError("\(name) of \(self): give a number above 0, and at most \(greatestMagnitude)")
    }
  }
}

extension Int {
  /// Checks that this is a number of things of which a thousand rows fit into the memory.
  ///
  /// - Throws: ``SyntheticDataError`` unless it lies between `least` and a million.
  func validateCount(_ name: String, atLeast least: Int = 0) throws {
    guard (least...1_000_000).contains(self) else {
      throw SyntheticDataError("\(self) \(name): give from \(least) to 1000000")
    }
  }
}

extension SyntheticDataError {
  /// Runs a check, and has its error say which of several things it is about.
  static func at(_ place: String, _ check: () throws -> Void) throws {
    do { try check() } catch let error as SyntheticDataError { throw SyntheticDataError("\(place): \(error)") }
  }
}

import GSL

/// An argument that a part cannot take: which part, which argument, its value, and what it must be.
///
/// Every part throws this one error, whatever the argument: from initialisers, from methods that take something over, and in an update where
/// its numbers have gone out of range. What is wrong with *data* is a ``DataError``, and with a value in a file an ``UnfitValue``.
public struct ArgumentError: DescribedError, Equatable {
  /// The part, by the name of its type.
  public let part: String
  /// The name of the argument.
  public let argument: String
  /// Its value, in words.
  public let value: String
  /// What it must be.
  public let need: String

  /// An error about an argument of a part.
  ///
  /// - Parameters:
  ///   - part: the type of the part.
  ///   - argument: the name of the argument.
  ///   - value: what it is.
  ///   - need: what it must be, such as `a finite number above 0`.
  public init(_ part: Any.Type, argument: String, value: Any, need: String) {
    self.part = (part as? any Part.Type)?.partName ?? String(describing: part)
    self.argument = argument
    self.value = "\(value)"
    self.need = need
  }

  private init(part: String, argument: String, value: String, need: String) {
    (self.part, self.argument, self.value, self.need) = (part, argument, value, need)
  }

  /// The same error, which also says which of several parts it is about: `expert 2`.
  package func of(_ place: String) -> ArgumentError {
    ArgumentError(part: "\(place), \(part)", argument: argument, value: value, need: need)
  }

  /// The part, the argument, its value and the need.
  public var description: String { "\(part): \(argument) is \(value.shortened), but must be \(need)".shortened }

  /// - Throws: an error about the argument unless it is positive and finite.
  public static func requirePositive(_ number: Double, of part: Any.Type, argument: String) throws {
    guard number > 0, number.isFinite else {
      throw ArgumentError(part, argument: argument, value: number, need: "a finite number above 0")
    }
  }

  /// - Throws: an error about the argument unless it is finite and not negative.
  public static func requireNotNegative(_ number: Double, of part: Any.Type, argument: String) throws {
    guard number >= 0, number.isFinite else {
      throw ArgumentError(part, argument: argument, value: number, need: "a finite number of at least 0")
    }
  }
}

extension Cholesky {
  /// Factorises a matrix. O(d³).
  ///
  /// - Throws: ``ArgumentError`` unless the matrix is square and positive definite, and all its numbers are finite.
  public init(_ matrix: Matrix) throws { try self.init(matrix, Cholesky.self, argument: "matrix") }

  /// Factorises a matrix that is an argument of a part.
  ///
  /// - Throws: ``ArgumentError`` unless the matrix is positive definite.
  package init(_ matrix: Matrix, _ part: Any.Type, argument: String) throws {
    do { try self.init(factorizing: matrix) } catch {
      let diagonal = matrix.diagonal.map { "\($0)" }.joined(separator: ", ")
      throw ArgumentError(
        part, argument: argument, value: "\(matrix.rows) × \(matrix.columns) with the diagonal \(diagonal)",
        need: "positive definite")
    }
  }
}

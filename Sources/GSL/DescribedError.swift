import Foundation

/// An error whose description says what is wrong, where, and what to do; `localizedDescription` says the same.
public protocol DescribedError: LocalizedError, CustomStringConvertible {}

extension DescribedError {
  /// The description.
  public var errorDescription: String? { description }
}

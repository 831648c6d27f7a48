import GSL
import MixtureCore

/// What is wrong with a request for simulated data, and what to do.
public struct SyntheticDataError: DescribedError, Equatable {
  /// What is wrong, where, and what to do.
  public let description: String

  /// An error with the given message.
  public init(_ description: String) { self.description = description.shortened }
}

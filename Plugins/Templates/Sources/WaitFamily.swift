import Foundation
import Mixtures

// Change this: say what the response is, and how it depends on the linear predictor η.
/// Waiting times at a constant rate: y is exponential, with mean exp η.
public struct WaitFamily: ResponseFamily {
  /// The family.
  public init() {}
  // Change this: `.counting` for counts, which need no check of values; then the log density, with every constant, and the rest.
  /// The density is per unit of the response.
  public static var measure: Measure { .lebesgue }
  /// −η − y exp(−η).
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double { -eta - cell.value * exp(-eta) }
  /// exp η.
  public func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(eta) }
  /// exp 2η.
  public func variance(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(2 * eta) }
  /// 1 − exp(−y exp(−η)).
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    -expm1(-max(0, cell.value) * exp(-eta))
  }
  /// By inversion.
  public func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    -exp(eta) * log1p(-source.uniform())
  }
  // Change this: which values a response can have; leave both out if it can be any number.
  /// A time is not negative.
  public func has(_ cell: ResponseCell) -> Bool { cell.value >= 0 }
  /// A time is not negative.
  public func check(_ response: DataSummary.Response, for model: (some Part).Type) throws {
    _ = try Self.measure.checked(on: response, for: model)
    guard let first = response.firstNegative else { return }
    throw DataError(row: first.row, "\(response.name) is \(first.value), but a time is not negative: correct the row")
  }
}

import Foundation
import GSL

extension TruthScore {
  /// Whether the fit has found the distribution that its rows are from: whether it loses no more to the truth than a sound one does by chance.
  ///
  /// What is known of the loss is a mean over the rows scored, with a standard error. So the limit is ``lossBound(ofRows:parameters:deviations:)`` and
  /// as many standard errors beyond. Experts that have taken each other's rows, or of which one is missing, lose far more, unless
  /// nobody could tell.
  ///
  /// - Parameters:
  ///   - count: the number of rows that the fit was made from.
  ///   - parameters: the number of free parameters, weights among them.
  ///   - deviations: which quantile, as that of a standard normal distribution.
  /// - Returns: nil where densities could not be compared.
  public func isRecovery(fromRows count: Int, parameters: Int, deviations: Double = 3.72) -> Bool? {
    guard let loss = logDensity?.excessLogLoss else { return nil }
    let bound = Self.lossBound(ofRows: count, parameters: parameters, deviations: deviations)
    return loss.mean <= bound + deviations * loss.standardError
  }

  /// What a sound fit may lose to the truth by chance, in nats per row.
  ///
  /// An estimate of p parameters by maximum likelihood from N rows loses KL(truth ‖ model) a row, and 2N times that is about χ² with p degrees
  /// of freedom (Wilks 1938); a posterior distribution under a wide prior loses hardly more.
  ///
  /// - Parameters:
  ///   - count: the number of rows that the fit was made from.
  ///   - parameters: the number of free parameters, weights among them.
  ///   - deviations: which quantile of χ², as that of a standard normal distribution: 3.72 is exceeded with a probability of 10⁻⁴.
  public static func lossBound(ofRows count: Int, parameters: Int, deviations: Double = 3.72) -> Double {
    // Wilson & Hilferty 1931.
    let spread = 2 / (9 * Double(parameters))
    return Double(parameters) * pow(1 - spread + deviations * spread.squareRoot(), 3) / (2 * Double(count))
  }
}

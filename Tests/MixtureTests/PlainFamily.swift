import Experts
import Foundation
import GSL
import MixtureCore

/// A family that says no more than it must, as a stranger writes it.
struct PlainFamily<Base: ResponseFamily>: ResponseFamily {
  typealias Scale = Base.Scale
  var base: Base

  init() { base = Base() }
  init(_ base: Base) { self.base = base }

  static var measure: Measure { Base.measure }
  func logDensity(_ cell: ResponseCell, eta: Double, scale: Scale) -> Double {
    base.logDensity(cell, eta: eta, scale: scale)
  }
  func mean(eta: Double, trials: Double, scale: Scale) -> Double { base.mean(eta: eta, trials: trials, scale: scale) }
  func variance(eta: Double, trials: Double, scale: Scale) -> Double {
    base.variance(eta: eta, trials: trials, scale: scale)
  }
  func cumulative(_ cell: ResponseCell, eta: Double, scale: Scale) -> Double {
    base.cumulative(cell, eta: eta, scale: scale)
  }
  func sample(eta: Double, trials: Double, scale: Scale, using source: inout RandomSource) -> Double {
    base.sample(eta: eta, trials: trials, scale: scale, using: &source)
  }
}

import Foundation
import MixtureCore

extension PartTerm {
  /// The precision of the prior of coefficients; zero is none.
  init(penalty: Double) { self.init("penalty", value: penalty > 0 ? String(format: "%g", penalty) : "none") }
}

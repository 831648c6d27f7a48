import Foundation

/// A way to move one free parameter of a part, to see whether an update has left it where the ELBO is highest.
public struct Variation<Part>: Sendable {
  /// The parameter's name.
  public let name: String
  /// The size of the step that is tried in both directions.
  public let step: Double
  /// Whether the update's last step is the exact maximum over this parameter, so that one update must make it stationary.
  public let isUpdatedLast: Bool
  /// Moves the parameter of a part by a step of either sign.
  public let move: @Sendable (inout Part, _ step: Double) throws -> Void

  /// A variation of one parameter.
  ///
  /// - Parameters:
  ///   - name: what the parameter is called in messages.
  ///   - step: the step's size, in whatever unit `move` takes it; such that it moves the parameter by about a thousandth of
  ///     its size or of its uncertainty. A step that does not change the ELBO beyond rounding counts as a violation.
  ///   - isUpdatedLast: whether one update alone must make the parameter stationary. An update that takes several factors
  ///     one after another does so for the last of them only; all others are examined once updates change nothing more.
  ///   - move: moves the parameter.
  public init(
    _ name: String, step: Double = 1e-3, isUpdatedLast: Bool = false,
    move: @escaping @Sendable (inout Part, _ step: Double) throws -> Void
  ) {
    self.name = name
    self.step = step
    self.isUpdatedLast = isUpdatedLast
    self.move = move
  }
}

/// A value of the ELBO, and the sum of the absolute values of its terms, from which its rounding follows.
struct ELBOValue {
  var total: Double
  var absolute: Double

  /// What rounding may take from the ELBO: 64 ε × the sum of the absolute values of its terms.
  var rounding: Double { 64 * Double.ulpOfOne * absolute }

  /// Whether the ELBO lies below `other` beyond rounding, or is not a number.
  func isBelow(_ other: ELBOValue) -> Bool { !(total >= other.total - max(rounding, other.rounding)) }
}

extension Variation {
  /// How the ELBO shows that the parameter is not at its maximum in `part`.
  ///
  /// At a maximum the ELBO falls to both sides, and alike: f(h) − f(−h) = 2 h f′ + O(h³) is small beside the curvature
  /// 2 f(0) − f(h) − f(−h) = −h² f″. Allowed is a twentieth of it, which is a distance of h / 40 from the maximum.
  func violations(at part: Part, elbo: (Part) throws -> ELBOValue) throws -> [String] {
    func value(_ step: Double) throws -> ELBOValue {
      var moved = part
      try move(&moved, step)
      return try elbo(moved)
    }
    let (down, best, up) = (try value(-step), try elbo(part), try value(step))
    let rounding = max(best.rounding, up.rounding, down.rounding)
    let curvature = 2 * best.total - up.total - down.total
    let slope = up.total - down.total
    if abs(curvature) <= rounding && abs(slope) <= rounding {
      return ["\(name): steps of ±\(step) do not change the ELBO beyond rounding, so nothing is shown; take larger ones"]
    }
    if best.isBelow(up) || best.isBelow(down) || !(abs(slope) <= 0.05 * abs(curvature) + rounding) {
      let changes = "\(up.total - best.total) and \(down.total - best.total)"
      return ["\(name): steps of ±\(step) change the ELBO by \(changes), so it is not at its maximum"]
    }
    return []
  }
}

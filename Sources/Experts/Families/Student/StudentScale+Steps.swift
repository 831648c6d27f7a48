import Foundation
import GSL
import MixtureCore

/// The rows' part of the ELBO of an expert, L = Σ r s, near the scale at which its rows were scored, as a function of ln E β and κ = 1/ν.
///
/// With u = ½(ν+1) / b the mean precision of a row, b = ½(ν + E β e), the derivatives of the score need no sums over rows but those of u, u²
/// and E ln u − u. In κ and not in ν, L is nearly quadratic, up to normal tails at κ = 0.
struct StudentDerivatives {
  /// ∂L / ∂κ.
  let slope: Double
  /// ∂²L / ∂κ².
  let curvature: Double
  /// ∂L / ∂ ln E β.
  let slopeOfPrecision: Double
  /// ∂²L / ∂ (ln E β)².
  let curvatureOfPrecision: Double
  /// ∂²L / ∂κ ∂ ln E β.
  let mixed: Double

  /// - Parameter terms: Σ r (E ln u − u), Σ r u and Σ r u².
  init(degreesOfFreedom freedom: Double, weight: Double, terms: [Double]) throws {
    let (half, next, ofWeights, ofSquares) = (0.5 * freedom, freedom + 1, terms[1], terms[2])
    let slopeInFreedom = 0.5 * (weight * (log(half) + 1 - (try digamma(half))) + terms[0])
    let curvatureInFreedom =
      weight * (0.25 / half - 0.25 * (try trigamma(half)) + 0.25 * (try trigamma(0.5 * next)))
      - (ofWeights - 0.5 * ofSquares) / next
    let square = freedom * freedom
    slope = -square * slopeInFreedom
    curvature = square * (square * curvatureInFreedom + 2 * freedom * slopeInFreedom)
    slopeOfPrecision = half * (ofWeights - weight)
    curvatureOfPrecision = -half * (ofWeights - freedom * ofSquares / next)
    mixed = -square * (0.5 * (ofWeights - weight) + half * (ofWeights - ofSquares) / next)
  }
}

extension StudentScale {
  /// The safe update, but ν where Newton's step in κ = 1/ν leads, with ln E β where it is best for each κ, and E β moved along. Where L is not
  /// concave, or no rows tell, ν is that of the safe update.
  ///
  /// The safe update of ν, EM's, knows little: nearly all of what rows say of it is in their own precisions, and where tails are light it creeps for
  /// thousands of iterations (Liu & Rubin 1994 maximise the likelihood itself, ECME, which takes a pass for each trial of ν).
  public static func updateUnchecked(
    _ scales: inout [StudentScale], _ terms: StudentTerms, estimate: Estimate, from sums: [ScaleSums]
  ) throws {
    let before = scales
    try update(&scales, terms, estimate: estimate, from: sums)
    guard terms.degreesOfFreedom == .estimated else { return }
    let seen = scales.indices.filter { sums[$0].weight >= 1e-8 }
    let derivatives = try seen.map {
      try StudentDerivatives(degreesOfFreedom: before[$0].degreesOfFreedom, weight: sums[$0].weight, terms: sums[$0].terms)
    }
    let experts = zip(seen, derivatives).map { (number: $0, derivatives: $1) }
    if terms.noise.noise.isShared {
      move(&scales, experts, ofNoise: Array(scales.indices), from: before, terms, estimate)
    } else {
      for expert in experts { move(&scales, [expert], ofNoise: [expert.number], from: before, terms, estimate) }
    }
  }

  /// Newton's step of the experts of one noise, of which `experts` have rows.
  private static func move(
    _ scales: inout [StudentScale], _ experts: [(number: Int, derivatives: StudentDerivatives)], ofNoise all: [Int],
    from before: [StudentScale], _ terms: StudentTerms, _ estimate: Estimate
  ) {
    let first = all[0]
    let isKnown = terms.noise.fixesNoise(ofExpert: first)
    var (slopeOfPrecision, curvatureOfPrecision) = (0.0, -1.0)
    if !isKnown {
      // ln p of ln E β with q(β) of a given shape, or of the point.
      let prior = terms.noise.prior.map {
        ($0.shape - (estimate == .variational ? 0 : 1), $0.rate * before[first].precision)
      }
      slopeOfPrecision = experts.reduce(prior.map { $0.0 - $0.1 } ?? 0) { $0 + $1.derivatives.slopeOfPrecision }
      curvatureOfPrecision = experts.reduce(-(prior?.1 ?? 0)) { $0 + $1.derivatives.curvatureOfPrecision }
    }
    // An expert that its rows hold at an end of the range takes no part: where it cannot go must not move the others.
    let members = experts.filter {
      $0.derivatives.curvature < 0 && !isHeld(at: before[$0.number].degreesOfFreedom, slope: $0.derivatives.slope)
    }
    let mixed = members.map { isKnown ? 0 : $0.derivatives.mixed }
    guard !members.isEmpty, curvatureOfPrecision < 0,
      let factor = try? Cholesky(
        Matrix(symmetricOfOrder: members.count) { a, b in
          (a == b ? -members[a].derivatives.curvature : 0) + mixed[a] * mixed[b] / curvatureOfPrecision
        })
    else { return }
    let steps = factor.solve(
      zip(members, mixed).map { $0.derivatives.slope - $1 * slopeOfPrecision / curvatureOfPrecision })
    var change = 0.0
    for (a, member) in members.enumerated() {
      let inverse = min(max(1 / before[member.number].degreesOfFreedom, 1 / range.upperBound), 1 / range.lowerBound)
      // Far from the maximum, L is not quadratic.
      let allowed = max(1 / range.upperBound, inverse / farthest)...min(1 / range.lowerBound, inverse * farthest)
      let moved = min(max(inverse + steps[a], allowed.lowerBound), allowed.upperBound)
      // An end is the end itself, not what is left of it by its inverse.
      scales[member.number].degreesOfFreedom =
        moved >= 1 / range.lowerBound ? range.lowerBound : moved <= 1 / range.upperBound ? range.upperBound : 1 / moved
      change -= mixed[a] * (moved - inverse) / curvatureOfPrecision
    }
    if !isKnown {
      for k in all {
        scales[k].noise.multiplyPrecision(by: exp(min(max(change, -1), 1)), floor: terms.noise.varianceFloor)
      }
    }
  }

  /// Whether ν is at an end of its range, beyond which L rises; `slope` is that in κ.
  private static func isHeld(at freedom: Double, slope: Double) -> Bool {
    (freedom >= range.upperBound && slope <= 0) || (freedom <= range.lowerBound && slope >= 0)
  }

  /// By what factor ν may change in a step of Newton's.
  private static var farthest: Double { 4 }

  /// Moves the terms to first order in κ and ln E β: u falls with E β as u − ν u² / (ν+1).
  public static func rebase(
    _ terms: inout MutableSpan<Double>, weight: Double, from earlier: StudentScale, to later: StudentScale
  ) {
    let (freedom, next) = (earlier.degreesOfFreedom, earlier.degreesOfFreedom + 1)
    // In κ, in which what is far is nearly linear.
    let byFreedom = freedom * (1 - freedom / later.degreesOfFreedom)
    let byPrecision = log(later.precision / earlier.precision)
    let (ofWeights, ofSquares) = (terms[1], terms[2])
    let slope = (try? trigamma(0.5 * next)) ?? 0
    let fall = ofWeights - freedom * ofSquares / next
    terms[0] +=
      byFreedom * (0.5 * weight * slope - (2 * ofWeights - ofSquares) / next)
      - byPrecision * (weight - freedom * ofWeights / next - fall)
    terms[1] += byFreedom * (ofWeights - ofSquares) / next - byPrecision * fall
  }
}

extension NoiseScale {
  /// Multiplies the precision, as far as the variance stays above its floor, in the units of the fit.
  fileprivate mutating func multiplyPrecision(by factor: Double, floor: Double) {
    switch precisionOfFit {
    case .value(let precision):
      precisionOfFit = .value(floor > 0 ? min(precision * factor, max(1 / floor, precision)) : precision * factor)
    case .gamma(let distribution): precisionOfFit = .gamma(distribution.scaled(by: factor))
    }
  }
}

extension NoiseTerms {
  /// Whether an expert's noise is given.
  fileprivate func fixesNoise(ofExpert expert: Int) -> Bool {
    if case .fixed = noise { return true }
    return fixedVariances[expert] != nil
  }
}

import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import ConjugateFamilies

/// A way to find the covariance, with one to find the mean.
struct GaussianPriorCase: Sendable, CustomTestStringConvertible {
  var name: String
  var covariance: GaussianPrior.Covariance
  var mean: GaussianPrior.Mean
  var testDescription: String { name }

  static func all() -> [GaussianPriorCase] {
    let matrix = Matrix(rows: 2, columns: 2, elements: [1, 0.25, 0.25, 3])
    let covariances: [(String, GaussianPrior.Covariance)] = [
      ("Cauchy", .cauchy), ("fixed", .fixed(variance: 4)), ("given", .given(matrix)), ("isotropic", .isotropic),
      ("diagonal", .diagonal),
      ("full", .full),
    ]
    var means: [(String, GaussianPrior.Mean)] = [
      ("zero", .zero), ("given", .given([[1, -2], [0, 0.5], [3, 1]])), ("learned", .learned), ("common", .common),
    ]
    if let all = try? MeanCoupling(matrix: matrix), let one = try? MeanCoupling(matrix: .identity(1), coefficients: [1]) {
      means.append(("coupled", .coupled(all, startingAt: [[0.5, 1]])))
      means.append(("partly coupled", .coupled(one, startingAt: [[0, 1], [1, 1], [2, -1]])))
    }
    return [GaussianPriorCase(name: "flat", covariance: .flat, mean: .zero)]
      + covariances.flatMap { covariance in
        means.map {
          GaussianPriorCase(
            name: "\(covariance.0) covariance, \($0.0) mean", covariance: covariance.1, mean: $0.1)
        }
      }
  }

  func subject() throws -> PriorSubject<GaussianPrior> {
    let prior = GaussianPrior(covariance: covariance, mean: mean)
    var subject = PriorSubject(
      prior, named: "GaussianPrior, \(name)", setting: PriorSetting(expertCount: 3, names: ["a", "b"], typicalVariance: 4),
      posteriors: try threePosteriors(), variations: gaussianPriorVariations(prior, expertCount: 3, dimension: 2))
    subject.penalty = { try $0.penalty }
    if covariance == .flat {
      subject.exceptions[.divergence] = .absent(
        reason: "under a flat prior the divergence is minus the entropy, of either sign")
    }
    if subject.variations.isEmpty { subject.exceptions[.stationary] = .absent(reason: "nothing is learned") }
    return subject
  }
}

/// A variation for each learned number of the prior; those of the covariance are settled last.
func gaussianPriorVariations(
  _ prior: GaussianPrior, expertCount: Int, dimension: Int, hasIntercept: Bool = false
) -> [Variation<GaussianPrior>] {
  var variations: [Variation<GaussianPrior>] = []
  let learned = hasIntercept && prior.learnsCovariance && prior.intercept != .same ? 1..<dimension : 0..<dimension
  for k in 0..<expertCount {
    switch prior.covariance {
    case .isotropic:
      variations.append(
        Variation("precision of expert \(k)", isUpdatedLast: true) { prior, step in
          for j in learned { prior.precisions[k][j, j] *= 1 + step }
        })
    case .cauchy:
      variations.append(
        Variation("precision of expert \(k)", isUpdatedLast: true) { $0.precisions[k] = (1 + $1) * $0.precisions[k] })
    case .diagonal:
      for j in learned {
        variations.append(
          Variation("precision \(j) of expert \(k)", isUpdatedLast: true) { $0.precisions[k][j, j] *= 1 + $1 })
      }
    case .full:
      for i in 0..<dimension {
        for j in 0...i {
          variations.append(
            // L (I + step E) Lᵀ, so that steps are small beside the narrowest direction.
            Variation("precision \(i), \(j) of expert \(k)", isUpdatedLast: true) { prior, step in
              let factor = try Cholesky(prior.precisions[k]).lower
              var change = Matrix.identity(dimension)
              change[i, j] += step
              if i != j { change[j, i] += step }
              prior.precisions[k] = factor * change * factor.transposed
            })
        }
      }
    case .flat, .fixed, .given: break
    }
    for j in 0..<dimension {
      switch prior.mean {
      case .learned: variations.append(Variation("mean \(j) of expert \(k)") { $0.means[k][j] += $1 })
      case .common where k == 0:
        variations.append(Variation("mean \(j)") { for k in $0.means.indices { $0.means[k][j] += $1 } })
      case .coupled(let coupling, _) where (coupling.coefficients ?? [0, 1]).contains(j):
        variations.append(
          Variation("mean \(j) of expert \(k)") { prior, step in
            var mean = prior.coordinates.inverse(prior.means[k])
            mean[j] += step
            prior.means[k] = prior.coordinates(mean)
          })
      default: break
      }
    }
  }
  return variations
}

@Suite struct GaussianPriorLawTests {
  @Test(arguments: GaussianPriorCase.all(), PriorLaw.allCases)
  func keeps(kind: GaussianPriorCase, law: PriorLaw) throws { law.check(try kind.subject()) }

  @Test func allCasesAreThere() { #expect(GaussianPriorCase.all().count == 37) }
}

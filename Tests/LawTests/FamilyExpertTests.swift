import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts

/// The treatments that every family shares.
enum RegressionCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case cauchy = "Cauchy prior"
  case isotropic = "isotropic prior, the intercept included"
  case diagonal = "diagonal prior"
  case common = "fixed prior about a common mean"
  case withoutIntercept = "no intercept, prior of the features as they are"
  case fixedCoefficient = "a coefficient fixed"
  case offset = "an offset"
  case maximumLikelihood = "maximum likelihood"
  case maximumAPosteriori = "maximum a posteriori"

  var testDescription: String { rawValue }

  func block<Family: ResponseFamily>(_ family: Family, _ scale: Family.Scale.Terms) -> Block<Regression<Family>> {
    func block(
      _ estimate: Estimate = .variational, _ prior: GaussianPrior = GaussianPrior(), hasIntercept: Bool = true,
      standardizes: Bool = true
    ) -> Block<Regression<Family>> {
      Block(
        2,
        Regression(
          family, estimate: estimate, prior: prior, scale: scale, hasIntercept: hasIntercept, standardizes: standardizes))
    }
    switch self {
    case .cauchy, .offset: return block()
    case .isotropic: return block(.variational, GaussianPrior(covariance: .isotropic, intercept: .same))
    case .diagonal: return block(.variational, GaussianPrior(covariance: .diagonal))
    case .common: return block(.variational, GaussianPrior(covariance: .fixed(variance: 5), mean: .common))
    case .withoutIntercept: return block(hasIntercept: false, standardizes: false)
    case .fixedCoefficient:
      var block = block()
      block.fix("x", ofExpert: 0, at: 1)
      return block
    case .maximumLikelihood: return block(.maximumLikelihood)
    case .maximumAPosteriori: return block(.maximumAPosteriori, GaussianPrior(covariance: .fixed(variance: 5)))
    }
  }

  var exceptions: [ModelLaw: LawException] {
    switch self {
    case .maximumAPosteriori:
      [
        .divergence: .absent(reason: "a point takes minus its log prior density from the ELBO, of either sign"),
        .units: .absent(reason: "the prior is given in the units of the data"),
      ]
    case .fixedCoefficient:
      [
        .divergence: .absent(reason: "a fixed coefficient takes minus its log prior density from the ELBO, of either sign"),
        .units: .absent(reason: "the coefficient is given in the units of the data"),
      ]
    case .withoutIntercept:
      [.units: .absent(reason: "the prior's scale is the family's, whatever the unit of a feature that is taken as it is")]
    case .common:
      [.units: .absent(reason: "the prior is given in the units of the data")]
    default: [:]
    }
  }
}

/// A family with its terms, and experts far from each other.
struct FamilySubject<Family: ResponseFamily>: Sendable {
  var family = Family()
  var terms = Family.Scale.Terms()
  /// The scale that makes the rows.
  var scale = Family.Scale()
  /// Intercept and slope of the two experts that make the rows; without an intercept the slopes alone count.
  var truth: [(intercept: Double, slope: Double)]
  var rowCount = 120
  /// Whether rows have trials, 5 to 11 of them.
  var hasTrials = false
  var exceptions: [ModelLaw: LawException] = [:]
  /// ln p(y | η) of the draws, where the scale is drawn as well.
  var moreVariations: [Variation<Block<Regression<Family>>>] = []

  func subject(_ kind: RegressionCase) throws -> ModelSubject<Regression<Family>> {
    var source = RandomSource(seed: 3)
    let labels = (0..<rowCount).map { _ in source.integer(below: 2) }
    let x = labels.map { _ in source.uniform() * 2 + (kind == .withoutIntercept ? 0.5 : -1) }
    let offset = kind == .offset ? x.indices.map { sin(Double($0)) } : nil
    let trials = hasTrials ? x.indices.map { Double(5 + $0 % 7) } : nil
    let y = x.indices.map { i in
      let (intercept, slope) = truth[labels[i]]
      let eta =
        kind == .withoutIntercept ? (labels[i] == 0 ? abs(slope) + 1 : -abs(slope) - 1) * x[i] : intercept + slope * x[i]
      return family.sample(eta: eta + (offset?[i] ?? 0), trials: trials?[i] ?? 1, scale: scale, using: &source)
    }
    let block = kind.block(family, terms)
    let rows = try Observations(
      features: [("x", x)], responses: [("y", y)], trials: trials.map { ["y": $0] } ?? [:], offset: offset)
    let typicalVariance = family.start(for: try DataSummary(rows)).variance
    var subject = ModelSubject(
      block, named: "\(Family.expertName), \(kind.rawValue)", rows: rows, labels: labels,
      variations: coefficientVariations(block) + moreVariations + priorVariations(block),
      exceptions: exceptions.merging(kind.exceptions) { $1 })
    @Sendable func draw(
      _ block: Block<Regression<Family>>, _ source: inout RandomSource, isPredicted: Bool
    ) throws -> ParameterDraw {
      let (divergence, coefficients) = try drawCoefficients(block, &source, typicalVariance: typicalVariance)
      let ofScale = Family.Scale.divergence(of: block.experts.map(\.scale), block.shared.scale)
      // For predictions what an estimated scale is uncertain by, too.
      let scales = block.experts.map { isPredicted ? $0.scale.drawn(using: &source) : $0.scale }
      return ParameterDraw(divergence: divergence + ofScale) { [family] k, tile in
        let (w, expert) = (coefficients[k], block.experts[k])
        let unit = expert.coordinates.unit
        return tile.rows.map { i in
          let eta = (w.count > 1 ? w[0] : 0) + w[w.count - 1] * tile.features[i] + (tile.offset?[i] ?? 0)
          return family.logDensity(
            ResponseCell(tile.response[i] / unit, trials: tile.trials?[i] ?? 1), eta: eta / unit, scale: scales[k])
            - (Family.acceptsUnits ? log(unit) : 0)
        }
      }
    }
    subject.drawParameters = { try draw($0, &$1, isPredicted: false) }
    subject.drawPredictions = { try draw($0, &$1, isPredicted: true) }
    subject.unitOfParameter = { name in
      switch name {
      case "x": ParameterUnit(response: Family.acceptsUnits ? 1 : 0, features: -1)
      case "(intercept)", "noise scale", "noise sd": ParameterUnit(response: Family.acceptsUnits ? 1 : 0)
      default: ParameterUnit()
      }
    }
    subject.penalty = { try ($0.shared.prior as? GaussianPrior)?.penalty ?? 0 }
    return subject
  }
}

/// Statistics of steps that are no maximum tell of slopes at the experts of the pass only.
private let ofSteps: [ModelLaw: LawException] = [
  .rebase: .absent(reason: "slopes at other coefficients are known to first order only")
]

@Suite struct FamilyExpertTests {
  private let poisson = FamilySubject<PoissonFamily>(truth: [(0.5, -1), (3, 0.5)], exceptions: ofSteps)
  private let bernoulli = FamilySubject<BernoulliFamily>(
    truth: [(3, 1), (-3, -1)],
    exceptions: ofSteps.merging([
      .recovery: .absent(reason: "one yes or no a row does not tell two experts apart")
    ]) { $1 })
  private let binomial = FamilySubject<BinomialFamily>(
    truth: [(2, 1), (-2, -1)], hasTrials: true, exceptions: ofSteps)
  private let student = FamilySubject<StudentFamily>(
    terms: StudentTerms(.perExpert, degreesOfFreedom: .estimated),
    scale: StudentScale(NoiseScale(.value(16)), degreesOfFreedom: 5),
    truth: [(3, 1), (-3, -1.5)],
    exceptions: [
      .rebase: .absent(reason: "the weights of rows at other coefficients are known to first order only"),
      .expectedLogLikelihood: .inequality(reason: "the bound has a precision of the noise of its own for each row"),
      .evidence: .absent(reason: "noise and degrees of freedom are points without a prior"),
    ])

  @Test(arguments: RegressionCase.allCases, ModelLaw.allCases)
  func poisson(kind: RegressionCase, law: ModelLaw) throws { law.check(try poisson.subject(kind)) }

  // What is written once for all families need not be tried with each: these are the treatments in which a family has a say.
  @Test(arguments: [RegressionCase.cauchy, .maximumLikelihood], ModelLaw.allCases)
  func bernoulli(kind: RegressionCase, law: ModelLaw) throws { law.check(try bernoulli.subject(kind)) }

  @Test(
    arguments: [RegressionCase.cauchy, .fixedCoefficient, .offset, .maximumLikelihood, .maximumAPosteriori],
    ModelLaw.allCases)
  func binomial(kind: RegressionCase, law: ModelLaw) throws { law.check(try binomial.subject(kind)) }

  @Test(
    arguments: [RegressionCase.cauchy, .diagonal, .offset, .maximumLikelihood, .maximumAPosteriori], ModelLaw.allCases)
  func student(kind: RegressionCase, law: ModelLaw) throws { law.check(try student.subject(kind)) }

  @Test(arguments: [RegressionCase.cauchy, .offset, .maximumLikelihood], PredictiveLaw.allCases)
  func predictions(kind: RegressionCase, law: PredictiveLaw) throws {
    law.check(try PredictiveSubject(predicting: poisson.subject(kind)))
    law.check(try PredictiveSubject(predicting: bernoulli.subject(kind)))
    law.check(try PredictiveSubject(predicting: binomial.subject(kind)))
    law.check(try PredictiveSubject(predicting: student.subject(kind)))
  }
}

import ArgumentParser
import Mixtures

/// Which families the experts are of, and what these have beside coefficients.
struct FitFamilyOptions: ParsableArguments {
  @Option(
    name: .customLong("family"),
    help: ArgumentHelp(
      """
      What the target is, given the features: normal (a line with noise, the default), student (a line with heavy tails), poisson (counts), \
      binomial (successes among trials, see --trials), bernoulli (0 or 1, or two words such as no and yes, of which the later one in the alphabet is 1), or background (one normal distribution for rows that no other \
      expert explains). Give one for all experts, or several with their numbers, as in --family normal:2 --family background:1.
      """, valueName: "family[:COUNT]"), completion: .list(ExpertFamily.allCases.map(\.rawValue)),
    transform: FamilyArgument.init)
  var families: [FamilyArgument] = []

  @Option(
    help: ArgumentHelp(
      """
      The noise of normal and student experts: shared (the default), per-expert, fixed:VARIANCE, gamma[:SHAPE,RATE] or \
      per-expert-gamma[:SHAPE,RATE]. The Gamma prior is that of the precision; without numbers, SHAPE is 1 and RATE is 0.01 times the \
      variance of the target.
      """, valueName: "noise"), completion: NoiseArgument.completion, transform: NoiseArgument.init)
  var noise: NoiseArgument?

  @Option(
    name: .customLong("dof"), parsing: .unconditional,
    help: ArgumentHelp(
      "The degrees of freedom of student experts: estimate (the default), or a number from 0.1 to 1000000.",
      valueName: "estimate|V"),
    transform: DegreesArgument.init)
  var degreesOfFreedom: DegreesArgument?

  func validate() throws {
    let names = families.map(\.family)
    if let twice = ExpertFamily.allCases.first(where: { family in names.count { $0 == family } > 1 }) {
      throw ValidationError("--family \(twice.rawValue) is given twice: give it once, with the number of its experts")
    }
    if let counts = names.first(where: { $0.measure == .counting }),
      let others = names.first(where: { $0.measure == .lebesgue })
    {
      throw ValidationError(
        "--family \(counts.rawValue) has probabilities of whole numbers, and \(others.rawValue) densities of real ones, which cannot be "
          + "compared: take families of one kind")
    }
    let ofNoise = names.isEmpty || names.contains { $0 == .normal || $0 == .student }
    if families.count > 1, let bare = families.first(where: { $0.count == nil }) {
      throw ValidationError(
        "of several families each needs its number of experts, as in --family \(bare.family.rawValue):2")
    }
    if noise != nil && !ofNoise {
      throw ValidationError(
        "--noise is of normal and student experts; \(names[0].rawValue) experts have none: leave it out")
    }
    if degreesOfFreedom != nil && !names.contains(.student) {
      throw ValidationError("--dof is of student experts: leave it out, or take --family student")
    }
  }

  /// The number of experts that the families say; nil where they leave it open.
  var expertCount: Int? {
    let counts = families.compactMap(\.count)
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  /// Whether the experts explain words, of which there are two.
  var explainsLevels: Bool { families.contains { $0.family == .bernoulli } }

  /// A block for each family.
  func blocks(experts: Int, estimate: Estimate, prior: GaussianPrior, standardizes: Bool) throws -> [any AnyBlock] {
    let families = families.isEmpty ? [FamilyArgument(family: .normal)] : families
    return families.map { argument in
      let count = argument.count ?? experts
      switch argument.family {
      case .normal:
        return Block(
          count,
          LinearExpert(estimate: estimate, prior: prior, noise: noise?.noise ?? .shared, standardizes: standardizes))
      case .student:
        return Block(
          count,
          StudentExpert(
            estimate: estimate, prior: prior, noise: noise?.noise ?? .shared,
            degreesOfFreedom: degreesOfFreedom?.treatment ?? .estimated, standardizes: standardizes))
      case .poisson: return Block(count, PoissonExpert(estimate: estimate, prior: prior, standardizes: standardizes))
      case .binomial: return Block(count, BinomialExpert(estimate: estimate, prior: prior, standardizes: standardizes))
      case .bernoulli: return Block(count, BernoulliExpert(estimate: estimate, prior: prior, standardizes: standardizes))
      case .background: return Block(count, BackgroundExpert(), named: "background")
      }
    }
  }
}

/// The families that the command knows.
enum ExpertFamily: String, CaseIterable {
  case normal, student, poisson, binomial, bernoulli, background

  /// What its densities are relative to.
  var measure: Measure {
    switch self {
    case .normal: NormalFamily.measure
    case .student: StudentFamily.measure
    case .poisson: PoissonFamily.measure
    case .binomial: BinomialFamily.measure
    case .bernoulli: BernoulliFamily.measure
    case .background: BackgroundExpert.measure
    }
  }
}

/// `--family NAME[:COUNT]`.
struct FamilyArgument {
  let family: ExpertFamily
  /// The number of experts; nil for all.
  var count: Int?

  init(family: ExpertFamily) { self.family = family }

  /// - Throws: `ValidationError` that says what there is.
  init(_ argument: String) throws {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let family = ExpertFamily(rawValue: parts[0]) else {
      throw ValidationError("there are \(ExpertFamily.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.family = family
    guard parts.count > 1 else { return }
    guard let count = Int(parts[1]), (1...10_000).contains(count) else {
      throw ValidationError("behind the colon goes the number of experts, from 1 to 10000, as in \(parts[0]):2")
    }
    self.count = count
  }
}

/// `--dof estimate|V`.
struct DegreesArgument {
  let treatment: DegreesOfFreedom

  /// - Throws: `ValidationError` unless it is `estimate`, or a number from 0.1 to 10⁶.
  init(_ argument: String) throws {
    if argument == "estimate" {
      treatment = .estimated
    } else if let number = Double(argument), DegreesOfFreedom.known.contains(number) {
      treatment = .fixed(number)
    } else {
      throw ValidationError("takes estimate, or a number from 0.1 to 1000000, as in 4")
    }
  }
}

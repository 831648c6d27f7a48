import ArgumentParser
import Mixtures

/// What weighs the experts.
struct FitGateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The gate. The same weights in each row: dirichlet, or stick-breaking, which takes as few experts as the data need. \
      Weights that depend on the row: softmax; softmax-bayes, with standard errors; perceptron[:H[,H...]], a network with H hidden \
      units a layer, 8 in one layer unless said; hierarchical[:SHAPE], a tree of softmax gates such as 2x2 or ((1,2),3), binary \
      unless said; gaussian, each expert where its features lie (the ELBO is then that of features and response together). \
      Weights of each group of rows: membership, with the groups' column behind | or in --gate-features.
      """, valueName: "gate"),
    completion: .list([
      "dirichlet", "stick-breaking", "softmax", "softmax-bayes", "perceptron", "hierarchical", "gaussian", "membership",
    ]))
  var gate = GateArgument(argument: "dirichlet")!

  @Option(
    help: ArgumentHelp(
      "The features of the gate, separated by commas (default: those of the experts), like the terms behind | in a formula.",
      valueName: "a,b"))
  var gateFeatures: FeaturesArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The precision of the prior of a gate's coefficients, for standardized features; 0 for none (default: 1).",
      valueName: "L"))
  var gatePenalty: Double?

  @Option(
    help: ArgumentHelp("The function of a perceptron's hidden units (default: tanh).", valueName: "function"))
  var activation: PerceptronGate.Activation?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The Dirichlet prior of constant weights: one number for all experts, or one each (default: 1).",
      valueName: "MU[,MU...]"))
  var concentration: ConcentrationArgument?

  func validate() throws {
    if let gatePenalty, gatePenalty < 0 || !gatePenalty.isFinite {
      throw ValidationError("--gate-penalty must be at least 0, not \(gatePenalty)")
    }
    if gatePenalty == 0, gate.kind == .softmaxBayes {
      throw ValidationError("--gate softmax-bayes needs a prior: give a --gate-penalty above 0, or take softmax")
    }
    if gateFeatures != nil && !gate.kind.readsFeatures {
      throw ValidationError(
        "--gate-features: \(gate.defaultValueDescription) has the same weights in each row; take softmax")
    }
    let name = gate.defaultValueDescription
    if gatePenalty != nil && !gate.kind.hasPenalty {
      throw ValidationError("--gate-penalty: the gate \(name) has no coefficients; leave it out")
    }
    if activation != nil && gate.kind != .perceptron {
      throw ValidationError("--activation: the gate \(name) is no perceptron; leave it out")
    }
    if concentration != nil && ![.dirichlet, .membership].contains(gate.kind) {
      throw ValidationError("--concentration: the gate \(name) takes none; leave it out")
    }
  }

  /// Refuses priors where there are none.
  ///
  /// - Throws: `ValidationError`.
  func check(_ estimate: Estimate) throws {
    guard estimate == .maximumLikelihood else { return }
    if concentration != nil && gate.kind == .dirichlet {
      throw ValidationError("--estimate ml knows no priors: leave out --concentration")
    }
    if gatePenalty ?? 0 > 0 && gate.kind != .softmaxBayes {
      throw ValidationError("--estimate ml knows no priors: leave out --gate-penalty, or take --gate softmax-bayes")
    }
  }

  /// The gate, for experts that are estimated as said.
  func makeGate(_ estimate: Estimate) throws -> any Gate {
    let penalty = gatePenalty ?? 1
    let hasPrior = estimate != .maximumLikelihood && penalty > 0
    let mu = concentration?.values ?? [1]
    switch gate.kind {
    case .dirichlet:
      return mu.count == 1
        ? try DirichletGate(concentration: mu[0], estimate: estimate)
        : try DirichletGate(concentration: mu, estimate: estimate)
    case .stickBreaking: return try StickBreakingGate()
    case .softmax:
      return try hasPrior
        ? SoftmaxGate(penalty: penalty, estimate: .maximumAPosteriori) : SoftmaxGate(estimate: .maximumLikelihood)
    case .softmaxBayes: return try SoftmaxGate(penalty: penalty, estimate: .variational)
    case .hierarchical:
      return try HierarchicalGate(gate.shape.map { try ExpertTree($0) }, penalty: hasPrior ? penalty : 0)
    case .gaussian: return try GaussianGate()
    case .membership:
      return try MembershipGate(concentration: mu.count == 1 ? .same(mu[0]) : .each(mu))
    case .perceptron:
      return try PerceptronGate(
        hiddenUnits: gate.hiddenUnits ?? [8], activation: activation ?? .tanh, penalty: hasPrior ? penalty : 0)
    }
  }
}

/// `--gate dirichlet|stick-breaking|softmax|softmax-bayes|perceptron[:H[,H…]]|hierarchical[:SHAPE]|gaussian|membership`.
struct GateArgument: ExpressibleByArgument {
  enum Kind: String {
    case dirichlet, softmax, perceptron, hierarchical, gaussian, membership
    case stickBreaking = "stick-breaking"
    case softmaxBayes = "softmax-bayes"

    var readsFeatures: Bool { self != .dirichlet && self != .stickBreaking }
    var hasPenalty: Bool { [.softmax, .softmaxBayes, .perceptron, .hierarchical].contains(self) }
  }

  let kind: Kind
  /// The units of a perceptron's hidden layers, if they were said.
  let hiddenUnits: [Int]?
  /// The shape of a tree, if it was said.
  let shape: String?
  let defaultValueDescription: String

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = Kind(rawValue: parts[0]) else { return nil }
    let detail = parts.count == 1 ? nil : parts[1]
    let units =
      kind == .perceptron
      ? detail?.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 } : nil
    guard detail == nil || kind == .perceptron || kind == .hierarchical, units?.allSatisfy({ $0 > 0 }) ?? true else {
      return nil
    }
    self.kind = kind
    hiddenUnits = units
    shape = kind == .hierarchical ? detail : nil
    defaultValueDescription = argument
  }
}

extension PerceptronGate.Activation: ExpressibleByArgument {}

import ArgumentParser
import Mixtures

/// What weighs the experts.
struct FitGateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The gate. The same weights in each row: dirichlet (the default), or stick-breaking, which uses as few experts as the data need. \
      Weights that depend on the row: softmax; softmax-bayes, with standard errors; perceptron[:H[,H...]], a network with H hidden \
      units in each layer, by default one layer of 8; hierarchical[:SHAPE], a tree of softmax gates such as 2x2 or ((1,2),3), by \
      default a binary one; gaussian, each expert where its features lie (the ELBO is then that of features and response together). \
      Weights of each group of rows: membership, with the groups' column behind | or in --gate-features.
      """, valueName: "gate"),
    completion: .list([
      "dirichlet", "stick-breaking", "softmax", "softmax-bayes", "perceptron", "hierarchical", "gaussian", "membership",
    ]), transform: GateArgument.init)
  var gate = GateArgument.dirichlet

  @Option(
    help: ArgumentHelp(
      "The features of the gate, separated by commas (default: those of the experts), like the terms behind | in a formula.",
      valueName: "a,b"), transform: FeaturesArgument.init)
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
      "The Dirichlet prior of constant weights: one number for all experts, or one for each (default: 1).",
      valueName: "MU[,MU...]"), transform: ConcentrationArgument.init)
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
        "--gate-features: the gate \(gate.text) has the same weights in each row; take --gate softmax")
    }
    let name = gate.text
    if gatePenalty != nil && !gate.kind.hasPenalty {
      throw ValidationError("--gate-penalty: the gate \(name) has no coefficients; leave it out")
    }
    if activation != nil && gate.kind != .perceptron {
      throw ValidationError("--activation: the gate \(name) is not a perceptron; leave it out")
    }
    if concentration != nil && ![.dirichlet, .membership].contains(gate.kind) {
      throw ValidationError("--concentration: the gate \(name) has no Dirichlet prior; leave it out")
    }
  }

  /// Refuses priors where there are none.
  ///
  /// - Throws: `ValidationError`.
  func check(_ estimate: Estimate) throws {
    guard estimate == .maximumLikelihood else { return }
    if concentration != nil && gate.kind == .dirichlet {
      throw ValidationError("--estimate ml uses no priors: leave out --concentration")
    }
    if gatePenalty ?? 0 > 0 && gate.kind != .softmaxBayes {
      throw ValidationError("--estimate ml uses no priors: leave out --gate-penalty, or take --gate softmax-bayes")
    }
  }

  /// Makes sure that the gate is for as many experts. A suite has models for any number.
  ///
  /// - Throws: `MixtureError`.
  func check(experts: Int) throws {
    if let count = gate.tree?.experts.count, count != experts {
      throw MixtureError.refused("--gate \(gate.text) has \(count) experts, but --experts says \(experts): make them equal")
    }
    let count = concentration?.values.count ?? 1
    guard count == 1 || count == experts else {
      throw MixtureError.refused("--concentration has \(count) numbers for \(experts) experts; give 1 or \(experts)")
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
      return try HierarchicalGate(gate.tree, penalty: hasPrior ? penalty : 0)
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
struct GateArgument {
  enum Kind: String, CaseIterable {
    case dirichlet, softmax, perceptron, hierarchical, gaussian, membership
    case stickBreaking = "stick-breaking"
    case softmaxBayes = "softmax-bayes"

    var readsFeatures: Bool { self != .dirichlet && self != .stickBreaking }
    var hasPenalty: Bool { [.softmax, .softmaxBayes, .perceptron, .hierarchical].contains(self) }
  }

  static let dirichlet = GateArgument(kind: .dirichlet, hiddenUnits: nil, tree: nil, text: "dirichlet")

  let kind: Kind
  /// The units of a perceptron's hidden layers, if they were said.
  let hiddenUnits: [Int]?
  /// The tree of a hierarchical gate, if it was said.
  let tree: ExpertTree?
  /// What was typed.
  let text: String
}

extension GateArgument {
  /// - Throws: `ValidationError` that says what there is.
  init(_ argument: String) throws {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = Kind(rawValue: parts[0]) else {
      throw ValidationError("there are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let detail = parts.count == 1 ? nil : parts[1]
    guard detail == nil || kind == .perceptron || kind == .hierarchical else {
      throw ValidationError("\(parts[0]) takes nothing behind a colon")
    }
    let units =
      kind == .perceptron
      ? detail?.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 } : nil
    guard units?.allSatisfy({ $0 > 0 }) ?? true else {
      throw ValidationError("each layer needs a number of units of at least 1, as in perceptron:8 or perceptron:8,4")
    }
    let tree: ExpertTree?
    do { tree = kind == .hierarchical ? try detail.map { try ExpertTree($0) } : nil } catch let error as ArgumentError {
      throw ValidationError("\(error.argument) must be \(error.need)")
    }
    self.init(kind: kind, hiddenUnits: units, tree: tree, text: argument)
  }
}

extension PerceptronGate.Activation: ExpressibleByArgument {}

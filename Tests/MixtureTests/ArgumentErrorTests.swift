import Mixtures
import Synchronization
import Testing

/// One fault is one error, whatever the part.
@Suite struct ArgumentErrorTests {
  /// Parts with a number that cannot be, and what is said of it.
  static let faults: [(make: @Sendable () throws -> Void, part: String, argument: String)] = [
    ({ _ = try SoftmaxGate(penalty: -1) }, "SoftmaxGate", "penalty"),
    ({ _ = try PerceptronGate(penalty: -1) }, "PerceptronGate", "penalty"),
    ({ _ = try HierarchicalGate(penalty: -1) }, "HierarchicalGate", "penalty"),
    ({ _ = try DirichletGate(concentration: -1) }, "DirichletGate", "concentration"),
    ({ _ = try StickBreakingGate(concentration: .fixed(-1)) }, "StickBreakingGate", "concentration"),
    ({ _ = try GaussianGate(concentration: -1) }, "GaussianGate", "concentration"),
    ({ _ = try MembershipGate(concentration: .same(-1)) }, "MembershipGate", "concentration"),
    ({ _ = try Gamma(shape: -1, rate: 1) }, "Gamma", "shape"),
    ({ _ = try Dirichlet(concentration: [-1]) }, "Dirichlet", "concentration"),
    ({ _ = try Categorical(weights: [-1]) }, "Categorical", "weights"),
  ]

  @Test(arguments: faults.indices)
  func saysPartArgumentValueAndNeed(index: Int) throws {
    let fault = Self.faults[index]
    let error = try #require(#expect(throws: ArgumentError.self) { try fault.make() })
    #expect(error.part == fault.part && error.argument == fault.argument)
    #expect(error.value.contains("-1.0") && error.need.contains("0"), "\(error)")
  }

  /// Arguments of other kinds, each with its value.
  static let misfits: [(make: @Sendable () throws -> Void, part: String, argument: String, value: String)] = [
    ({ _ = try Gaussian(mean: [0, 0, 0], covariance: .identity(2)) }, "Gaussian", "covariance", "2 × 2"),
    ({ _ = try Gaussian(mean: [0], precision: .identity(2)) }, "Gaussian", "precision", "2 × 2"),
    ({ _ = try Cholesky(Matrix(diagonal: [1, -1])) }, "Cholesky", "matrix", "2 × 2 with the diagonal 1.0, -1.0"),
    (
      { _ = try NormalWishart(location: [0], meanPrecision: 1, degreesOfFreedom: 3, inverseScale: .identity(2)) },
      "NormalWishart", "inverseScale", "2 × 2"
    ),
    (
      { _ = try Dirichlet.symmetric(dimension: 2, fittingMeanLog: -1, within: -1...1) }, "Dirichlet", "bounds", "-1.0...1.0"
    ),
    ({ _ = try Dirichlet(concentration: [1e308, 1]) }, "Dirichlet", "concentration", "[1e+308, 1.0]"),
    ({ _ = try Dirichlet(concentration: [0x1p-1030, 1]) }, "Dirichlet", "concentration", "[\(0x1p-1030), 1.0]"),
    ({ _ = try DirichletGate(concentration: 1e308) }, "DirichletGate", "concentration", "1e+308"),
    ({ _ = try MembershipGate(concentration: .same(0x1p-1030)) }, "MembershipGate", "concentration", "\(0x1p-1030)"),
    ({ _ = try Gamma(shape: 1e306, rate: 1) }, "Gamma", "shape", "1e+306"),
    ({ _ = try Self.mixed.quantile(0) }, "MixtureDistribution", "probability", "0.0"),
    ({ _ = try Self.mixed.interval(1.5) }, "MixtureDistribution", "probability", "1.5"),
    ({ _ = try Table([("x", .numbers([1, 2]))]).folds(0) }, "Table", "the number of folds", "0"),
    (
      {
        var gate = try DirichletGate(concentration: [1, 1])
        try gate.fixWeight(ofExpert: 9, at: 0.1)
      }, "DirichletGate", "ofExpert, of a fixed weight,", "9"
    ),
    (
      {
        var gate = try DirichletGate()
        try gate.fixWeight(ofExpert: 9, at: 0.1)
        _ = try MixtureModel(gate: gate) { Block(2, LinearExpert()) }
      }, "DirichletGate", "ofExpert, of a fixed weight,", "9"
    ),
    ({ _ = try ExpertTree.balanced([2, 0]) }, "HierarchicalGate", "the balanced tree", "[2, 0]"),
  ]

  private static let mixed = MixtureDistribution(weights: [1], components: [NormalDistribution(mean: 0, variance: 1)])

  @Test(arguments: misfits.indices)
  func saysWhatDoesNotFit(index: Int) throws {
    let misfit = Self.misfits[index]
    let error = try #require(#expect(throws: ArgumentError.self) { try misfit.make() })
    #expect(error.part == misfit.part && error.argument == misfit.argument && error.value == misfit.value, "\(error)")
  }

  /// What initialisers that do not throw take is checked before any start runs, and told as the user gave it.
  static let refusals: [(make: @Sendable () throws -> MixtureModel, part: String, argument: String, value: String)] = [
    ({ try model(LinearExpert(noise: .fixed(variance: -1))) }, "LinearExpert", "the noise variance", "-1.0"),
    ({ try model(LinearExpert(noise: .fixed(variance: 0x1p-1063))) }, "LinearExpert", "the noise variance", "\(0x1p-1063)"),
    ({ try model(LinearExpert(noise: .gamma(shape: 1e306, rate: 1))) }, "LinearExpert", "the shape of the noise", "1e+306"),
    ({ try model(LinearExpert(noise: .perExpertGamma(rate: 0))) }, "LinearExpert", "the rate of the noise", "0.0"),
    (
      { try model(LinearExpert(noise: .perExpert)) { $0.fixNoiseVariance(ofExpert: 0, at: -1) } }, "LinearExpert",
      "the fixed noise variance (ofExpert: 0)", "-1.0"
    ),
    (
      { try model(LinearExpert(noise: .perExpert)) { $0.fixNoiseVariance(ofExpert: 9, at: 1) } }, "LinearExpert",
      "ofExpert, of a fixed noise variance,", "9"
    ),
    (
      { try model(LinearExpert()) { $0.fix("x", ofExpert: 9, at: 1) } }, "LinearExpert",
      "ofExpert, of a fixed coefficient,",
      "9"
    ),
    (
      { try model(LinearExpert()) { $0.fix("x", ofExpert: 0, at: .nan) } }, "LinearExpert",
      "the fixed coefficient x (ofExpert: 0)", "nan"
    ),
    (
      { try model(LinearExpert()) { $0.fix("zz", ofExpert: 0, at: 1) } }, "LinearExpert",
      "the fixed coefficient (ofExpert: 0)", "zz"
    ),
    ({ try model(prior: GaussianPrior(covariance: .fixed(variance: -1))) }, "GaussianPrior", "the variance", "-1.0"),
    (
      { try model(prior: GaussianPrior(covariance: .fixed(variance: 0x1p-1063))) }, "GaussianPrior", "the variance",
      "\(0x1p-1063)"
    ),
    ({ try model(prior: GaussianPrior(covariance: .given(.identity(3)))) }, "GaussianPrior", "covariance", "3 × 3"),
    ({ try model(prior: GaussianPrior(mean: .given([[1, 2, 3]]))) }, "GaussianPrior", "mean", "1 vectors of 3 numbers"),
    ({ try model(prior: GaussianPrior(mean: .given([[1, .nan]]))) }, "GaussianPrior", "mean", "nan"),
    (
      {
        try model(
          prior: GaussianPrior(mean: .coupled(MeanCoupling(matrix: .identity(1), coefficients: [5]), startingAt: [])))
      }, "GaussianPrior", "the coupling of the means", "of coefficients [6]"
    ),
    (
      { try MixtureModel(gate: DirichletGate()) { BackgroundExpert(varianceFactor: -1) } }, "BackgroundExpert",
      "varianceFactor", "-1.0"
    ),
    (
      { try model(gate: GaussianGate(clusters: ClusterPrior(meanPrecision: -1))) }, "ClusterPrior", "meanPrecision", "-1.0"
    ),
    (
      { try model(gate: GaussianGate(clusters: ClusterPrior(degreesOfFreedom: -1))) }, "ClusterPrior", "degreesOfFreedom",
      "-1.0"
    ),
  ]

  private static func model(
    _ expert: LinearExpert = LinearExpert(), gate: (any Gate)? = nil,
    _ change: (inout Block<LinearExpert>) -> Void = { _ in }
  ) throws -> MixtureModel {
    var block = Block(2, expert)
    change(&block)
    return try MixtureModel(gate: gate ?? DirichletGate(), blocks: [block])
  }

  private static func model(prior: GaussianPrior) throws -> MixtureModel { try model(LinearExpert(prior: prior)) }

  private static func rows() throws -> Observations {
    let x = (0..<40).map { Double($0 % 7) }
    return try Observations(
      features: [("x", x)], responses: [("y", x.indices.map { Double($0 % 3) + x[$0] * Double($0 % 2) })])
  }

  @Test(arguments: refusals.indices)
  func isRefusedBeforeAnyStart(index: Int) throws {
    let refusal = Self.refusals[index]
    let iterations = Atomic(0)
    let error = try #require(
      #expect(throws: ArgumentError.self) {
        try refusal.make().fitBlocking(Self.rows()) { _ in iterations.add(1, ordering: .relaxed) }
      })
    #expect(iterations.load(ordering: .relaxed) == 0)
    #expect(error.part == refusal.part && error.argument == refusal.argument && error.value == refusal.value, "\(error)")
  }

  /// Numbers that leave the range in an update end in a sentence: the part, the iteration, what, and what to do.
  @Test func numbersOutOfRangeAreTold() throws {
    let coupling = try MeanCoupling(matrix: .identity(2, scale: 1e308))
    let model = try Self.model(
      prior: GaussianPrior(covariance: .given(Matrix(diagonal: [1e-300, 1e300])), mean: .coupled(coupling, startingAt: [])))
    do { _ = try model.fitBlocking(Self.rows()) } catch {
      let text = "\(error)"
      #expect(!text.contains("GSL") && text.contains("numbers went out of range") && text.contains("rescale it"), "\(text)")
    }
  }

  @Test func aStartForOtherExpertsIsAnArgument() throws {
    let table = try ResponsibilityTable(labels: (0..<40).map { $0 % 3 }, expertCount: 3)
    let error = #expect(throws: ArgumentError.self) {
      try Self.model().fitBlocking(Self.rows(), from: .responsibilities(table))
    }
    #expect(error?.description == "Start: the number of experts is 3, but must be 2, as many as the mixture has")
  }

  /// Options with a number that cannot be.
  static let badOptions: [(name: String, change: @Sendable (inout FitOptions) -> Void)] = [
    ("maximumIterations", { $0.maximumIterations = 0 }), ("starts", { $0.starts = 0 }), ("threads", { $0.threads = 0 }),
    ("tolerance", { $0.tolerance = .relative(-1) }),
  ]

  /// Options are called as in Swift, not by the keys of files.
  @Test(arguments: badOptions.indices)
  func optionsAreArguments(index: Int) throws {
    let (name, change) = Self.badOptions[index]
    var options = FitOptions()
    change(&options)
    let error = #expect(throws: ArgumentError.self) { try Self.model().fitBlocking(Self.rows(), options: options) }
    #expect(error?.part == "FitOptions" && error?.argument == name, "\(error?.description ?? "")")
  }

  /// A user's part may throw what it likes: the part and the iteration are told with it.
  @Test(arguments: [
    (Fault.ofItsOwn, "OddFault(size: 3)"), (.ofAMixture, "an expert of six legs"), (.ofData, "no such row"),
    (.outOfRange, "numbers went out of range: FailingExpert: legs is 6.0, but must be a number below 5; the noise"),
    (.ofATrial, "a trial of six legs"), (.ofDivergence, "a divergence of six legs"),
  ])
  func errorsInUpdatesKeepPartAndIteration(fault: Fault, text: String) throws {
    let mixture = try MixtureModel(gate: DirichletGate()) { Block(2, FailingExpert(fault: fault)) }
    let error = try #require(#expect(throws: MixtureError.self) { try mixture.fitBlocking(Self.rows()) })
    #expect("\(error)".contains("iteration 2: FailingExpert could not be updated: \(text)"), "\(error)")
    #expect("\(error)".hasPrefix("all 50 starts failed: "), "\(error)")
    let sound = try MixtureModel(gate: DirichletGate()) {
      Block(2, LinearExpert())
      FailingExpert(fault: nil)
    }
    #expect(try sound.fitBlocking(Self.rows()).starts.allSatisfy { $0.failure == nil })
  }

  /// What goes wrong in the second update of a part, or right after it.
  enum Fault: Sendable, Codable { case ofItsOwn, ofAMixture, ofData, outOfRange, ofATrial, ofDivergence }

  private struct OddFault: Error { var size: Int }

  /// A normal expert of mean zero whose second update goes wrong.
  private struct FailingExpert: IndependentModel, Equatable {
    var fault: Fault?
    var updates = 0

    static var measure: Measure { .lebesgue }
    var statisticsCount: Int { 1 }
    var divergence: Double { 0 }

    static func prepare(_ experts: [Self], sharing shared: Unshared) throws -> [Self] {
      if experts[0].fault == .ofATrial && experts[0].updates == 2 { throw DataError("a trial of six legs") }
      return experts
    }

    static func divergence(of experts: [Self], sharing shared: Unshared) throws -> Double {
      if experts[0].fault == .ofDivergence && experts[0].updates == 2 { throw DataError("a divergence of six legs") }
      return 0
    }

    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      for i in tile.rows { scores[i] = NormalDistribution(mean: 0, variance: 1).logDensity(at: tile.response[i]) }
    }

    func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      for i in tile.rows { statistics[0] += responsibilities[i] }
    }

    mutating func update(from statistics: Span<Double>, resum: Resum<FailingExpert>) throws {
      updates += 1
      guard updates == 2 else { return }
      switch fault {
      case nil, .ofDivergence: return
      case .ofItsOwn: throw OddFault(size: 3)
      case .ofAMixture: throw MixtureError.refused("an expert of six legs")
      case .ofData: throw DataError("no such row")
      case .outOfRange: throw ArgumentError(FailingExpert.self, argument: "legs", value: 6.0, need: "a number below 5")
      case .ofATrial: if resum.isPossible { _ = try resum(self) } else { throw DataError("a trial of six legs") }
      }
    }
  }
}

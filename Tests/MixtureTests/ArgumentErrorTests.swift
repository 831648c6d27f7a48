import Mixtures
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

  @Test(arguments: [\FitOptions.maximumIterations, \.threads])
  func optionsAreArguments(path: any WritableKeyPath<FitOptions, Int> & Sendable) throws {
    var options = FitOptions()
    options[keyPath: path] = 0
    let rows = try Observations(features: [], responses: [("y", [1, 2, 3, 4])])
    let mixture = try MixtureModel(gate: DirichletGate()) { LinearExpert() }
    let error = #expect(throws: ArgumentError.self) { try mixture.fitBlocking(rows, options: options) }
    #expect(error?.part == "FitOptions" && error?.value == "0" && error?.need == "at least 1")
  }

  /// A user's part may throw what it likes: the part and the iteration are told with it.
  @Test func errorsInUpdatesKeepPartAndIteration() throws {
    let rows = try Observations(features: [], responses: [("y", (0..<40).map { Double($0 % 2) })])
    let mixture = try MixtureModel(gate: DirichletGate()) { Block(2, FailingExpert()) }
    let error = try #require(#expect(throws: MixtureError.self) { try mixture.fitBlocking(rows) })
    #expect("\(error)".contains("iteration 2: FailingExpert could not be updated: OddFault(size: 3)"), "\(error)")
    let sound = try MixtureModel(gate: DirichletGate()) {
      Block(2, LinearExpert())
      FailingExpert(fails: false)
    }
    #expect(try sound.fitBlocking(rows).starts.allSatisfy { $0.failure == nil })
  }

  private struct OddFault: Error { var size: Int }

  /// A normal expert of mean zero whose second update throws.
  private struct FailingExpert: IndependentModel, Equatable {
    var fails = true
    var updates = 0

    static var responseSpace: ResponseSpace { .continuous }
    var statisticsCount: Int { 1 }
    var divergence: Double { 0 }

    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      for i in tile.rows { scores[i] = NormalDistribution(mean: 0, variance: 1).logDensity(at: tile.response[i]) }
    }

    func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      for i in tile.rows { statistics[0] += responsibilities[i] }
    }

    mutating func update(from statistics: Span<Double>, resum: Resum<FailingExpert>) throws {
      updates += 1
      if fails && updates == 2 { throw OddFault(size: 3) }
    }
  }
}

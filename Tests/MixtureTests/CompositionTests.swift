import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// Mixtures as users compose, fit, change and fit them again.
@Suite struct CompositionTests {
  private let truth = LinearTruth(rows: 240, features: 1, experts: 3, noise: 0.3, seed: 12)

  private func model() throws -> Mixture { try Mixture("y ~ x1") { Block(3, LinearExpert(), named: "line") } }

  @Test func aMixtureIsTheSameAsItsParts() async throws {
    let fit = try await model().fit(truth.table(), seed: 4)
    var options = FitOptions()
    options.seed = 4
    let parts = try await MixtureModel(gate: DirichletGate()) { Block(3, LinearExpert()) }
      .fit(truth.observations(), options: options)
    #expect(fit.elboTrace == parts.elboTrace)
    #expect(try fit.responsibilities(truth.table()) == parts.mixture.responsibilities(truth.observations()))
    #expect(fit.mixture.experts(of: LinearExpert.self) == parts.mixture.experts(of: LinearExpert.self))
  }

  @Test func theCompilerTakesLoopsAndConditions() throws {
    for hasBackground in [false, true] {
      let model = try MixtureModel(gate: DirichletGate(concentration: 2)) {
        for width in [4.0, 9] { Block(1, UniformExpert(range: -width...width)) }
        if hasBackground { Block(1, LinearExpert()) } else { Block(2, LinearExpert()) }
      }
      #expect(model.expertCount == (hasBackground ? 3 : 4) && model.gate.expertCount == model.expertCount)
      #expect(model.blocks.map(\.modelName).prefix(2) == ["UniformExpert", "UniformExpert"])
    }
  }

  @Test func expertsHaveNames() async throws {
    var fit = try await model().fit(truth.table())
    #expect(fit.mixture.expertNames == ["line 1", "line 2", "line 3"])
    try fit.rename("line 2", to: "steep")
    #expect(try fit.expert("steep", as: LinearExpert.self) == fit.mixture.experts(of: LinearExpert.self)[1])
    #expect("\(fit)".contains("steep") && "\(fit)".contains("noise sd"))
    let unknown = #expect(throws: MixtureError.self) { try fit.expert("flat", as: LinearExpert.self) }
    #expect(unknown?.description == "no expert \"flat\"; there are line 1, steep, line 3")
    #expect(throws: MixtureError.self) { try fit.rename("line 1", to: "steep") }
    #expect(throws: MixtureError.self) { try fit.expert("steep", as: UniformExpert.self) }
    #expect(throws: MixtureError.self) {
      try Mixture("y ~ x1") {
        Block(1, LinearExpert(), named: "a")
        Block(1, LinearExpert(), named: "a")
      }
    }
  }

  /// From where it is, a fit to the same rows has nothing left to do.
  @Test func aRefitStartsWarm() async throws {
    let table = try truth.table()
    let fit = try await model().fit(table)
    let again = try await fit.refit(table)
    #expect(
      again.starts.count == 1 && again.starts[0].iterations < fit.starts.map { $0.iterations + $0.warmUpIterations }.min()!)
    #expect(isClose(again.elbo.total, fit.elbo.total, relative: 1e-8))
    let half = try table.droppingLastRows(120)
    let other = try await fit.refit(half)
    #expect(other.data.rowCount == 120 && other.mixture.expertNames == fit.mixture.expertNames)
    let labels = try other.responsibilities(half).map { row in row.indices.max { row[$0] < row[$1] } }
    let before = try fit.responsibilities(half).map { row in row.indices.max { row[$0] < row[$1] } }
    #expect(zip(labels, before).count { $0 == $1 } > 110)
  }

  @Test func aDroppedExpertLeavesTheOthersAsTheyAre() async throws {
    let table = try truth.table()
    let fit = try await Mixture("y ~ x1") { Block(3, LinearExpert()) }.fit(table)
    var model = fit.model
    try model.parts.drop("2")
    #expect(model.parts.expertNames == ["1", "3"])
    let all = fit.mixture.experts(of: LinearExpert.self)
    #expect(model.parts.experts(of: LinearExpert.self) == [all[0], all[2]])
    let weights = (fit.mixture.dirichlet.weights, model.parts.dirichlet.weights)
    #expect(isClose(weights.1[0] / weights.1[1], weights.0[0] / weights.0[2], relative: 1e-12))
    let two = try await model.fit(table, from: .mixture(model.parts))
    #expect(two.starts.count == 1 && two.elbo.total < fit.elbo.total)
    try model.parts.drop("1")
    #expect(throws: MixtureError.self) { try model.parts.drop("3") }
  }

  @Test func anAddedExpertIsFitted() async throws {
    let table = try truth.table()
    let two = try await Mixture("y ~ x1") { Block(2, LinearExpert()) }.fit(table)
    var model = two.model
    try model.parts.add(Block(1, UniformExpert(range: -20...20), named: "background"))
    #expect(model.parts.expertNames == ["1", "2", "background"])
    let fit = try await model.fit(table)
    #expect(fit.elbo.total > two.elbo.total)
    #expect(throws: MixtureError.self) { try model.parts.add(Block(1, LinearExpert(), named: "background")) }
    #expect(model.parts.expertCount == 3)
  }

  /// What is fixed stays to the bit, what is free finds its maximum; freed again, the ELBO rises.
  @Test func fixedExpertsStay() async throws {
    let table = try truth.table()
    let first = try await Mixture("y ~ x1") {
      Block(1, LinearExpert(noise: .perExpert), named: "a")
      Block(2, LinearExpert(noise: .perExpert), named: "b")
    }.fit(table)
    let half = try table.droppingLastRows(120)
    var model = first.model
    try model.parts.fix("b 1", "b 2")
    let fit = try await model.fit(half, from: .mixture(model.parts))
    let (before, after) = (first.mixture.experts(of: LinearExpert.self), fit.mixture.experts(of: LinearExpert.self))
    #expect(before[1...] == after[1...] && before[0] != after[0])
    for (earlier, later) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
      #expect(later.total >= earlier.total - later.rounding)
    }
    var free = fit.model
    try free.parts.free("b 1", "b 2")
    let freed = try await free.fit(half, from: .mixture(free.parts))
    #expect(freed.elbo.total > fit.elbo.total)
    let error = #expect(throws: MixtureError.self) { try model.parts.fix("b 1") }
    #expect(error?.description.contains("b 2") == true)
  }

  @Test func aFixedGateStays() async throws {
    let table = try truth.table()
    var model = try await model().fit(table).model
    model.parts.gateIsFixed = true
    let weights = model.parts.dirichlet.weights
    let fit = try await model.fit(table.droppingLastRows(120), from: .mixture(model.parts))
    #expect(fit.mixture.dirichlet.weights == weights)
    #expect(fit.mixture.gateIsFixed)
  }

  @Test func anUnfittedExpertCannotBeFixed() async throws {
    var model = try model()
    try model.parts.fix("line 1", "line 2", "line 3")
    let error = await #expect(throws: MixtureError.self) { try await model.fit(truth.table()) }
    #expect(error?.description.contains("fit it before") == true)
  }

  @Test func aPartIsChangedInPlace() async throws {
    var model = try await model().fit(truth.table()).model
    model.parts.modify(LinearExpert.self) { $0.fix("x1", ofExpert: 0, at: 0.25) }
    try model.parts.modifyGate(DirichletGate.self) { try $0.fixWeight(ofExpert: 2, at: 0.5) }
    let fit = try await model.fit(truth.table())
    #expect(fit.mixture.experts(of: LinearExpert.self)[0].coefficients.mean[1] == 0.25)
    #expect(fit.mixture.dirichlet.weights[2] == 0.5)
  }

  @Test func aFormulaWithoutInterceptTakesItFromTheExperts() async throws {
    let fit = try await Mixture("y ~ x1 - 1") { Block(2, LinearExpert()) }.fit(truth.table())
    #expect(fit.mixture.experts(of: LinearExpert.self)[0].coefficients.mean.count == 1)
    #expect(try fit.predict(Table([("x1", .numbers([0]))]))[0].mean == 0)
  }

  @Test func groupsAndWeightsAreColumns() async throws {
    var table = try truth.table()
    let patients = truth.response.indices.map { Double(($0 * 7) % 60) }
    table = try Table(
      [("patient", .numbers(patients)), ("w", .numbers(patients.map { 1 + $0.truncatingRemainder(dividingBy: 2) }))]
        + table.columnNames.map { ($0, try table.column($0)) })
    let model = try Mixture("y ~ .", rowWeights: "w", groups: "patient") { Block(2, LinearExpert()) }
    #expect(Set(model.columns(of: table)) == ["patient", "w", "x1", "y"])
    let fit = try await model.fit(table)
    #expect(fit.data.features.map(\.name) == ["x1"] && fit.data.assignmentCount == 60)
    let shares = try fit.responsibilities(table)
    #expect(shares.count == 240)
    for (i, share) in shares.enumerated() { #expect(share == shares[patients.firstIndex(of: patients[i])!]) }
    #expect(fit.model.groups == "patient" && fit.model.rowWeights == "w")
  }

  @Test func progressOfAFitToATable() async throws {
    let running = try model().startFit(truth.table(), seed: 2)
    var passes = 0
    for await _ in running.progress { passes += 1 }
    let fit = try await running.value
    let same = try await model().fit(truth.table(), seed: 2)
    #expect(passes > 0 && fit.elboTrace == same.elboTrace)
  }

  @Test(arguments: [
    ("y ~ x1 | x1", "gate"), ("mvbind(y, x1) ~ 1", "one response"), ("cbind(y, x1) ~ 1", "the number of failures, x1, is"),
    ("y ~ q", "no column \"q\""),
  ])
  func whatHasNoMeaningIsRefused(formula: String, message: String) async throws {
    let error = await #expect(throws: (any Error).self) {
      try await Mixture(formula) { Block(2, LinearExpert()) }.fit(truth.table())
    }
    #expect(error.map { "\($0)" }?.contains(message) == true)
  }

  @Test func moreExpertsThanRowsAreRefused() async throws {
    let error = await #expect(throws: DataError.self) {
      try await Mixture("y ~ x1") { Block(5, LinearExpert()) }.fit(truth.table().droppingLastRows(236))
    }
    #expect(error?.description == "table: 4 rows for 5 experts; give more data, or fewer experts")
  }
}

extension Table {
  /// The table without its last rows.
  fileprivate func droppingLastRows(_ count: Int) throws -> Table {
    try Table(columnNames.map { ($0, .numbers(Array(try numbers($0).dropLast(count)))) })
  }
}

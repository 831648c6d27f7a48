import Foundation
import GSL
import Mixtures
import References
import Testing

@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Columns that say whose some rows are, or all.
@Suite struct LabelTests {
  private let truth = LinearTruth(rows: 240, features: 2, experts: 3, noise: 0.8, seed: 47)

  /// The rows with the true labels a, b and c of every so many of them.
  private func table(every step: Int, _ more: [(name: String, values: Table.Column)] = []) throws -> Table {
    let codes = truth.labels.enumerated().map { $0 % step == 0 ? $1 : 3 }
    return try Table(
      [
        ("x1", .numbers(truth.features[0])), ("x2", .numbers(truth.features[1])), ("y", .numbers(truth.response)),
        ("class", .categories(levels: ["a", "b", "c", "?"], codes: codes)),
      ] + more)
  }

  private func model(_ formula: String = "y ~ x1 + x2", experts: Int = 3, gate: (any Gate)? = nil) throws -> Mixture {
    try Mixture(formula, labels: "class", gate: gate) { Block(experts, LinearExpert(noise: .perExpert)) }
  }

  private func options(restarts: Int = 2, seed: UInt64 = 1) -> FitOptions {
    var options = FitOptions()
    (options.starts, options.seed) = (restarts, seed)
    return options
  }

  /// With a label for each row, experts are the least-squares fits of their rows, and every start is the same.
  @Test func allLabelsMakeRegressionsOfTheirRows() async throws {
    let fit = try await Mixture("y ~ x1 + x2", labels: "class") {
      Block(3, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))
    }.fit(table(every: 1), options: options())
    #expect(fit.stopReason == .converged && fit.elboTrace.count <= 4)
    #expect(Set(fit.starts.compactMap(\.elbo)).count == 1)
    #expect(fit.mixture.expertNames == ["a", "b", "c"])
    let design = truth.design()
    for (k, expert) in fit.mixture.experts(of: LinearExpert.self).enumerated() {
      let rows = design.indices.filter { truth.labels[$0] == k }
      let residuals = rows.map { truth.response[$0] - dot(design[$0], expert.coefficients.mean) }
      // The normal equations.
      for j in 0..<3 { #expect(abs(zip(rows, residuals).reduce(0) { $0 + design[$1.0][j] * $1.1 }) < 1e-8) }
      #expect(isClose(expert.noiseVariance, dot(residuals, residuals) / Double(rows.count), relative: 1e-9))
    }
    let shares = try fit.responsibilities(table(every: 1))
    for (i, row) in shares.enumerated() { #expect(row == (0..<3).map { $0 == truth.labels[i] ? 1 : 0 }) }
  }

  struct Regressions: Decodable {
    struct Fit: Decodable {
      var penalty: Double
      var contrasts: [[Double]]
    }
    var x, z, weights: [Double]
    var responsibilities: [[Double]]
    var fits: [Fit]
  }

  /// With a label for each row, a softmax gate is the multinomial logistic regression of the labels. Each row of the reference, which
  /// has soft labels, stands here three times, with one label each and its share of the weight.
  @Test func allLabelsMakeALogisticRegression() async throws {
    let reference = try Reference.load("softmax", as: Regressions.self)
    let rows = reference.x.indices.flatMap { i in (0..<3).map { k in (row: i, label: k) } }
    let weights = rows.map { reference.weights[$0.row] * reference.responsibilities[$0.row][$0.label] }
    let table = try Table([
      ("x", .numbers(rows.map { reference.x[$0.row] })), ("z", .numbers(rows.map { reference.z[$0.row] })),
      ("y", .numbers(rows.indices.map { Double($0 % 11) })), ("w", .numbers(weights)),
      ("class", .categories(levels: ["a", "b", "c"], codes: rows.map { $0.label })),
    ])
    for expected in reference.fits {
      let gate =
        try expected.penalty > 0
        ? SoftmaxGate(penalty: expected.penalty, estimate: .maximumAPosteriori) : SoftmaxGate(estimate: .maximumLikelihood)
      let fit = try await Mixture("y ~ 1 | x + z", rowWeights: "w", labels: "class", gate: gate) {
        Block(3, LinearExpert(noise: .fixed(variance: 1)))
      }.fit(table, from: .recipe(.random), options: passes(60))
      let found = fit.mixture.gate.parameters(for: fit.data).map { $0.map(\.value) }
      for (k, contrast) in expected.contrasts.enumerated() {
        let own = zip(found[k + 1], found[0]).map(-)
        #expect(relativeError(own, contrast) < 1e-5, "penalty \(expected.penalty): \(own), not \(contrast)")
      }
    }
  }

  /// Two labels of five are known: experts keep to them in every seed, and come nearer to what all labels give than without any.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func someLabelsHelp(seed: UInt64) async throws {
    let full = try Table(csv: dataFolder.appendingPathComponent("npreg.csv"))
    let classes = try full.numbers("class").map { Int($0) - 1 }
    let columns = try ["x", "yn"].map { ($0, Table.Column.numbers(try full.numbers($0))) }
    func table(_ codes: [Int]) throws -> Table {
      try Table(columns + [("class", .categories(levels: ["1", "2", "?"], codes: codes))])
    }
    let partly = try table(classes.enumerated().map { $0 % 5 < 2 ? $1 : 2 })
    func fit(_ table: Table, labels: String?) async throws -> FittedMixture {
      try await Mixture("yn ~ x + I(x^2)", labels: labels) { Block(2, LinearExpert(noise: .perExpert)) }
        .fit(table, seed: seed, options: options())
    }
    let best = try await fit(table(classes), labels: "class")
    func distance(_ fit: FittedMixture, _ order: [Int] = [0, 1]) -> Double {
      let lines = [fit, best].map { fit in fit.mixture.experts(of: LinearExpert.self).map(\.coefficients.mean) }
      let grid = (0...20).map { [1, Double($0) / 2, Double($0 * $0) / 4] }
      return order.indices.reduce(0) { sum, k in
        sum + grid.reduce(0) { $0 + pow(dot($1, lines[0][order[k]]) - dot($1, lines[1][k]), 2) }
      }
    }
    let some = try await fit(partly, labels: "class")
    let none = try await fit(partly, labels: nil)
    #expect(some.mixture.expertNames == ["1", "2"])
    #expect(distance(some) < distance(some, [1, 0]))
    #expect(distance(some) < min(distance(none), distance(none, [1, 0])))
    let shares = try some.responsibilities(partly)
    for i in classes.indices where i % 5 < 2 { #expect(shares[i][classes[i]] == 1) }
  }

  @Test(arguments: ["constant", "softmax", "tree"])
  func everyGateWeighsRowsWithoutLabel(kind: String) async throws {
    let gate: any Gate =
      switch kind {
      case "softmax": try SoftmaxGate(penalty: 1, estimate: .variational)
      case "tree": try HierarchicalGate()
      default: try DirichletGate()
      }
    let table = try table(every: 4)
    let fit = try await model(gate: gate).fit(table, options: options(restarts: 1))
    #expect((fit.mixture.gate as? KnownGate)?.base.map { type(of: $0) == type(of: gate) } == true)
    #expect(
      (fit.data.gateFeatures.map(\.name)) == (kind == "constant" ? [] : ["x1", "x2"]) + ["class=a", "class=b", "class=c"])
    for (k, expert) in fit.mixture.experts(of: LinearExpert.self).enumerated() {
      #expect(zip(expert.coefficients.mean, truth.coefficients[k]).allSatisfy { abs($0 - $1) < 0.5 })
    }
    #expect(fit.description.contains("a  "))
    let told = try FitReport(fit).gate
    #expect(kind == "constant" ? told == nil : told?.contains("class=") == false && told?.contains("x1") == true)
    try expectFileKeepsEverything(fit, table)
  }

  /// A prediction is of a row without label, whether the table has the column or not; a responsibility uses what is there.
  @Test func predictionsNeedNoLabels() async throws {
    let labelled = try table(every: 2)
    let fit = try await model().fit(labelled, options: options(restarts: 1))
    let plain = try truth.table()
    #expect(try fit.predict(labelled).map(\.mean) == fit.predict(plain).map(\.mean))
    #expect(try fit.weights(labelled) == fit.weights(plain))
    let (with, without) = (try fit.responsibilities(labelled), try fit.responsibilities(plain))
    for i in with.indices {
      #expect(i % 2 == 0 ? with[i][truth.labels[i]] == 1 : with[i] == without[i])
    }
    #expect(without != with)
    let other = try Table([
      ("x1", .numbers([0, 1])), ("x2", .numbers([0, 1])), ("y", .numbers([0, 1])),
      ("class", .categories(levels: ["a", "d"], codes: [0, 1])),
    ])
    let error = #expect(throws: DataError.self) { try fit.responsibilities(other) }
    #expect(error?.description == "table, row 2, column \"class\": \"d\" is none of the labels of the fit, a, b, c")
  }

  /// Experts beyond the labels have rows without a label only; a name tells whose a label is.
  @Test func expertsMayOutnumberLabels() async throws {
    let table = try table(every: 3)
    let four = try await model(experts: 4).fit(table, options: options(restarts: 1))
    #expect(four.mixture.expertNames == ["a", "b", "c", "unlabelled 4"])
    let shares = try four.responsibilities(table)
    for i in stride(from: 0, to: 240, by: 3) { #expect(shares[i][3] == 0 && shares[i][truth.labels[i]] == 1) }

    let mixed = try await Mixture("y ~ x1 + x2", labels: "class") {
      Block(1, BackgroundExpert(), named: "background")
      Block(1, LinearExpert(), named: "c")
      Block(2, LinearExpert())
    }.fit(table, options: options(restarts: 1))
    #expect(mixed.mixture.expertNames == ["background", "c", "a", "b"])
    #expect(try mixed.responsibilities(table)[0] == [[0, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0]][truth.labels[0]])
    // What was fitted can be fitted again, from scratch or not.
    #expect(mixed.model.parts.gate is DirichletGate)
    #expect(
      try await mixed.model.fit(table, options: options(restarts: 1)).mixture.expertNames == mixed.mixture.expertNames)
    let again = try await mixed.refit(table)
    #expect(again.elbo.total >= mixed.elbo.total - 1e-8)
  }

  /// One label is that of its whole group.
  @Test func groupsShareTheirLabels() async throws {
    let groups = truth.response.indices.map { $0 / 3 }
    func table(_ code: (Int) -> Int) throws -> Table {
      try Table([
        ("x", .numbers(truth.features[0])), ("y", .numbers(truth.response)),
        ("class", .categories(levels: ["a", "b", "c", "?"], codes: truth.response.indices.map(code))),
        ("group", .numbers(groups.map(Double.init))),
      ])
    }
    let model = try Mixture("y ~ x", groups: "group", labels: "class") { Block(3, LinearExpert()) }
    let labelled = try table { $0 % 6 == 1 ? truth.labels[$0 - 1] : 3 }
    let shares = try await model.fit(labelled, options: options(restarts: 1)).responsibilities(labelled)
    for i in stride(from: 0, to: 240, by: 6) {
      for row in shares[i..<(i + 3)] { #expect(row[truth.labels[i]] == 1) }
    }
    let torn = try table { [4: 0, 5: 1][$0] ?? 3 }
    let error = await #expect(throws: DataError.self) { try await model.fit(torn) }
    #expect(
      error?.description
        == "table, row 6, column \"class\": the label is \"b\", but \"a\" in table, row 5, of the same group; "
        + "correct one of them, or leave it empty")
  }

  /// Weights, offsets and dropped rows leave the labels with their rows.
  @Test func labelsGoWithTheirRows() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = truth.response.indices.map { i in
      let x = i % 7 == 0 ? "NA" : "\(truth.features[0][i])"
      let label = i % 4 == 0 ? ["2", "10", "x"][truth.labels[i]] : ["", "NA", "?"][i % 3]
      return "\(x),\(truth.features[1][i]),\(truth.response[i] + 5),5,\(1 + i % 2),\(label)"
    }
    try Data((["x1,x2,y,shift,w,class"] + lines).joined(separator: "\n").utf8).write(to: folder)
    let mixture = try Mixture("y ~ . + offset(shift)", rowWeights: "w", labels: "class") {
      Block(3, LinearExpert(noise: .perExpert))
    }
    let all = try Table(csv: folder)
    let table = try all.droppingRows(withMissingIn: mixture.columns(of: all))
    #expect(table.droppedRowCount == 35)
    let fit = try await mixture.fit(table, options: options(restarts: 1))
    #expect(fit.design.featureNames == ["x1", "x2"] && fit.design.labels?.levels == ["10", "2", "x"])
    let order = [1, 0, 2]
    let shares = try fit.responsibilities(table)
    for (row, i) in truth.response.indices.filter({ $0 % 7 != 0 }).enumerated() where i % 4 == 0 {
      #expect(shares[row][order[truth.labels[i]]] == 1)
    }
    for (k, expert) in fit.mixture.experts(of: LinearExpert.self).enumerated() {
      #expect(zip(expert.coefficients.mean, truth.coefficients[order[k]]).allSatisfy { abs($0 - $1) < 0.5 })
    }
  }

  /// Numbers are in the order of their size, whether the column is one of numbers or, with many question marks, of categories.
  @Test(arguments: ["2,10,?,2", "?,2,?,10,?,?", "10.0,NA,2,,2"])
  func numbersAreInOrder(cells: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = ["y;class"] + cells.split(separator: ",", omittingEmptySubsequences: false).map { "1;\($0)" }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    let design = try Design(Formula("y ~ 1"), for: Table(csv: file), labels: "class")
    #expect(design.labels?.levels == ["2", "10"] && design.description == "y ~ 1, labels class (2, 10)")
    let read = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(design))
    #expect(read == design)
  }

  @Test func wrongLabelsAreNamed() async throws {
    let table = try table(every: 2, [("none", .categories(levels: ["?"], codes: Array(repeating: 0, count: 240)))])
    func message(_ mixture: Mixture) async -> String {
      do { _ = try await mixture.fit(table, options: options(restarts: 1)) } catch { return "\(error)" }
      return ""
    }
    var wrong = try model()
    wrong.labels = "klass"
    #expect(await message(wrong).contains("no column \"klass\"; there are x1, x2, y, class"))
    wrong.labels = "none"
    #expect(await message(wrong).contains("column \"none\": no row has a label"))
    #expect(
      try await message(model(experts: 2)) == "table, column \"class\": 3 labels (a, b, c) for 2 experts; take at least 3")
    for formula in ["y ~ x1 + class", "y ~ x1 | class", "y ~ x1 + offset(class)"] {
      #expect(try await message(model(formula, gate: SoftmaxGate(penalty: 1))).contains("\"class\" holds the labels"))
    }
    let named = try Mixture("y ~ x1", labels: "class") { Block(4, LinearExpert(), named: "line") }
    #expect(await message(named).contains("no expert is left for the label \"a\""))
    var fixed = try model()
    fixed.parts.gateIsFixed = true
    #expect(await message(fixed).contains("fixed gate"))
  }

  /// Known rows start at their experts, and a recipe's experts are numbered so that they have most of these rows already.
  @Test func startsAgreeWithLabels() throws {
    let label = (0..<240).map { $0 % 6 == 0 ? truth.labels[$0] : nil }
    let columns = (0..<3).map { (k: Int) in (column: ColumnSchema("w\(k)"), values: label.map { $0 == k ? 1.0 : 0 }) }
    let rows = try truth.observations(gate: columns)
    var gate = try KnownGate(["w0", "w1", "w2", nil], of: DirichletGate())
    try gate.configure(for: DataSummary(rows))
    // Nearly the truth, but with other numbers.
    let turned = try ResponsibilityTable(
      truth.labels.map { label in (0..<4).map { $0 == (label + 1) % 4 ? 0.7 : 0.1 } })
    let source = try KnownResponsibilities(turned, gate: gate).aligned(over: rows, in: .ofData(rows.shape))
    let reader = try source.makeReader(for: rows)
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    var shares = [Double](repeating: 0, count: 4 * tile.capacity)
    var span = shares.mutableSpan
    _ = try reader.read(tile, into: &span)
    for i in tile.rows {
      let row = (0..<4).map { shares[$0 * tile.capacity + i] }
      let expected = (0..<4).map { k in label[i].map { $0 == k ? 1 : 0 } ?? (k == truth.labels[i] ? 0.7 : 0.1) }
      #expect(zip(row, expected).allSatisfy { isClose($0, $1, relative: 1e-12) })
    }
  }

  /// Labels are no regions, and a mixture that was fitted to other columns is no start.
  @Test func labelsAreNotWhatStartsAreMadeOf() async throws {
    let table = try table(every: 4)
    let fit = try await model().fit(table, options: options(restarts: 1))
    #expect(!fit.starts.contains { $0.recipe == .regions })
    let soft = try await model(gate: SoftmaxGate(penalty: 1)).fit(table, options: options(restarts: 1))
    #expect(soft.starts.contains { $0.recipe == .regions })
    let plain = try Mixture("y ~ x1 + x2", gate: SoftmaxGate(penalty: 1)) { Block(3, LinearExpert()) }
    await #expect(throws: DataError.self) { try await plain.fit(table, from: .mixture(soft.mixture)) }
    #expect(try await plain.fit(table, from: .mixture(soft.model.parts)).elbo.total.isFinite)
  }
}

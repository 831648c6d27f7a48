import Foundation
import Mixtures
import SyntheticData
import Testing

@testable import MixtureBenchmarks
@testable import MixtureDiagnostics

/// What gnuplot is told does not depend on what anything is called.
@Suite struct ScriptTests {
  private static let plain = ["doses", "effects", "first", "second", "suite", "path"]

  private static let plainFigures = Task { try await ScriptTests().figures(plain) }

  /// Figures of each kind, with the names of the feature, the response, two experts, a grid with its generator and model, and a path.
  private func figures(_ names: [String]) async throws -> [Figure] {
    let rows = 0..<60
    let table = try Table([
      (names[0], .numbers(rows.map { Double($0 % 13) })), ("z", .numbers(rows.map { Double($0 % 7) })),
      (names[1], .numbers(rows.map { Double($0 % 2 == 0 ? $0 % 13 : -3 * ($0 % 13)) + 0.1 * Double($0 % 5) })),
      ("label", .categories(levels: [names[2], names[3]], codes: rows.map { $0 % 2 })),
      ("kind", .categories(levels: [names[2], names[3]], codes: rows.map { $0 / 5 % 2 })),
    ])
    let terms = Formula.Terms([.column(names[0]), .column("z"), "kind"])
    let formula = try Formula(response: [.column(names[1])], experts: terms, gate: terms)
    let fit = try await Mixture(formula, labels: "label", gate: SoftmaxGate()) { Block(2, LinearExpert()) }
      .fit(table, options: options)
    return try [
      .regression(fit, on: table, along: names[0]), .predictive(fit, on: table, along: names[0]), .elbo(fit.record),
      .regression(fit, on: table, along: "kind"), .predictive(fit, on: table, along: "kind"),
      .responsibilities(fit, on: table), .gate(fit, on: table, over: [names[0]], at: ["kind": names[2]]),
      .gate(fit, on: table, over: [names[0], "z"]), .gate(fit, on: table, over: ["kind"]),
      .paths([(names[5], [fit, fit])], truth: [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]),
    ]
  }

  private func benchmark(_ name: String) async throws -> Figure {
    let model = BenchmarkModel(
      name, definition: nil, options: options,
      startedBy: { generator, _ in
        (try Mixture("y ~ .") { Block(generator.expertCount, LinearExpert()) }, .recipe(.random))
      })
    let generator = try BenchmarkGenerator(
      "linear", parameters: RecipeParameters(features: 1, experts: 2), rows: 60, named: name)
    let suite = BenchmarkSuite(grids: [
      BenchmarkGrid(name, generators: [generator], models: [model], seeds: 1...2, unseenRows: 100)
    ])
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("scripts-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await suite.run(in: folder, threads: 1).figures[0].figure
  }

  private var options: FitOptions {
    var options = FitOptions()
    (options.starts, options.maximumIterations, options.threads) = (1, 20, 1)
    return options
  }

  /// All but texts and the numbers to draw, whose order is that of the names.
  private func commands(_ figure: Figure) -> [Substring] {
    figure.script.text.replacing(/"[^"]*"/, with: "TEXT").split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !($0.first?.isNumber ?? false) && !$0.hasPrefix("-") && !$0.hasPrefix("NaN ") }
  }

  @Test(arguments: hostileNames) func commandsAreTheSameWhateverTheNames(name: String) async throws {
    let plain = try await Self.plainFigures.value.map(commands)
    #expect(plain.allSatisfy { $0.count > 5 })
    // Columns need names that differ, and experts' labels keep their order.
    let figures = try await figures([name, name + "y", name + "1", name + "2", name, name])
    #expect(figures.map(commands) == plain)
    for figure in figures { #expect(isHarmless(figure.script.text)) }
  }

  @Test(arguments: hostileNames.filter { !$0.contains(where: \.isNewline) })
  func commandsOfABenchmarkAreTheSame(name: String) async throws {
    let (figure, plain) = (try await benchmark(name), try await benchmark("plain"))
    #expect(commands(figure) == commands(plain) && isHarmless(figure.script.text))
  }

  /// Within double quotes there are only letters, digits, blanks, # and escapes; outside no text of anybody's.
  private func isHarmless(_ script: String) -> Bool {
    script.matches(of: /"([^"]*)"/).allSatisfy { $0.output.1.wholeMatch(of: /([A-Za-z0-9 #]|\\[0-3][0-7][0-7])*/) != nil }
  }

  @Test func textsAreStrings() {
    func text(_ string: String) -> String { ("\(string)" as GnuplotScript).text }
    #expect(text("O'Brien") == #""O\047Brien""#)
    #expect(text("a.50") == #""a\056\065\060""#, "an escape takes all digits that follow")
    #expect(text("#0072B2") == ##""#0072B2""##)
    #expect(text("a\nb") == #""a\134nb""#)
    #expect(text("é") == #""\303\251""#)
    #expect(("\(ticLabel: "5 %")" as GnuplotScript).text == #""5 \045\045""#)
    #expect(text(String(repeating: "'", count: 10_000)).utf8.count < 1000)
  }

  @Test func numbersAreNumbers() {
    let script: GnuplotScript = "plot [\(0.5):\(2)] \(Double.infinity) \("x" as GnuplotScript)"
    #expect(script.text == "plot [0.5:2] NaN x")
    #expect(GnuplotScript.data("$a", rows: [[1, .nan], [2.5, -.infinity]]).text == "$a << END\n1.0 NaN\n2.5 NaN\nEND")
  }

  /// gnuplot itself runs no command, draws each name, and leaves nothing but the picture.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")),
    arguments: hostileNames.filter { name in
      ["O'Brien", "<", "\u{301} `", "\u{2028}", "NUL", "50", "\n!", "long"].contains { name.contains($0) }
    })
  func nothingRunsAndThePictureStands(name: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pictures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let own = name.replacing("touch x", with: "touch \(folder.path)/x")
    var all = try await figures([own, own + "y", own + "1", own + "2", own, own])
    if !own.contains(where: \.isNewline) { all.append(try await benchmark(own)) }
    for (number, figure) in all.enumerated() {
      let format = ["svg", "png", "pdf"][number % 3]
      try figure.write(to: folder.appendingPathComponent("\(number).\(format)"))
    }
    // What names a file is no text either.
    let file = "'`touch x`$(touch y)\u{301}.svg"
    try all[0].write(to: folder.appendingPathComponent(file))
    let names = all.indices.map { "\($0).\(["svg", "png", "pdf"][$0 % 3])" } + [file]
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == Set(names))
    let picture = try String(contentsOf: folder.appendingPathComponent("0.svg"), encoding: .utf8)
    if name == "O'Brien" { #expect(picture.contains("<text>expert O'Brien1, weight 0.50</text>")) }
    if name == "<script>&amp;" { #expect(picture.contains("&lt;script>&amp;amp;") && !picture.contains("<script>")) }
    // A picture that browsers read.
    #expect(!picture.unicodeScalars.contains { $0.value < 32 && !"\n\t\r".unicodeScalars.contains($0) })
  }
}

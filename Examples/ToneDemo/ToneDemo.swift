import Foundation
import MixtureDiagnostics
import Mixtures

/// Two linear models for the tone-perception data (Cohen 1980): the listener tunes to the stretched ratio or to the octave.
@main
struct ToneDemo {
  static func main() async throws {
    let output = URL(fileURLWithPath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ".")
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Data/tonedata.csv").standardized
    let table = try Table(csv: data)
    let model = try Mixture("tuned ~ stretchratio") { Block(2, LinearExpert()) }
    let fit = try await model.fit(table)
    print("Tone perception: tuned ~ stretchratio, \(table.rowCount) rows, two linear experts, one noise variance\n")
    print(fit)

    let figure = try Figure.regression(fit, on: table)
    print()
    for file in try figure.write(named: "tonedata", into: output) { print("wrote \(file.relativePath)") }
  }
}

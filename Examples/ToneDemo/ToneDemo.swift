import Foundation
import MixtureDiagnostics
import Mixtures

/// Two linear models for the tone-perception data (Cohen 1980): the listener tunes to the stretched ratio or to the octave.
@main
struct ToneDemo {
  static func main() throws {
    let output = URL(fileURLWithPath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ".")
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Data/tonedata.csv").standardized
    let table = try Table(csv: data)
    let rows = try table.observations(target: "tuned", features: ["stretchratio"])
    let model = try GatedExperts(
      gate: DirichletGate(expertCount: 2), blocks: [Experts(2, LinearExpert(noise: .shared))])
    let fit = try model.fit(rows)
    let report = FitReport(fit)
    print("Tone perception: tuned ~ stretchratio, \(table.rowCount) rows, two linear experts, one noise variance\n")
    print(report.table, report.conclusion, separator: "\n\n")

    let figure = try Figure.regression(FittedMixture(fit), table)
    try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    print()
    for name in ["tonedata.svg", "tonedata.png"] {
      try figure.write(to: output.appendingPathComponent(name))
      print("wrote \(output.appendingPathComponent(name).relativePath)")
    }
  }
}

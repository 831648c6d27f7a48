import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code of the article `StickBreakingGates`.
@Suite struct StickBreakingExamples {
  @Test func moreExpertsThanLines() async throws {
    let table = try Table(csv: URL(fileURLWithPath: CommandLineTool.toneData))
    let model = try Mixture("tuned ~ stretchratio", gate: StickBreakingGate()) { Block(8, LinearExpert()) }
    let fit = try await model.fit(table)
    let gate = fit.mixture.gate as? StickBreakingGate
    print(gate?.effectiveExpertCount ?? 0, fit.effectiveRows)
    let rows = fit.effectiveRows.sorted(by: >)
    #expect(rows[0] + rows[1] > 115 && rows[2] + rows[3] > 10 && rows[4...].allSatisfy { $0 < 2 })
    #expect(abs((gate?.effectiveExpertCount ?? 0) - 3.0) < 0.3)
  }
}

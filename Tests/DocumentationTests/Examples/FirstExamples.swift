import CommandSupport
import Foundation
import MixtureDiagnostics
import Mixtures
import Testing

/// The code with which the book begins, and that of the article `TenMinutes`.
@Suite struct FirstExamples {
  private let url = URL(fileURLWithPath: CommandLineTool.toneData)

  @Test func frontPage() async throws {
    let newTable = try Table([("stretchratio", .numbers([1.5, 2.5]))])
    let table = try Table(csv: url)
    let model = try Mixture("tuned ~ stretchratio") { Block(2, LinearExpert()) }
    let fit = try await model.fit(table)
    print(fit)
    let distributions = try fit.predict(newTable)
    print(distributions[0].mean, try distributions[0].quantile(0.9))
    #expect(distributions.count == 2 && abs(fit.elbo.total - 89.569359) < 1e-4)
  }

  @Test func tenMinutes() async throws {
    let temporary = try TemporaryFolder()
    let (folder, modelURL) = (temporary.url, temporary.url.appendingPathComponent("model.json"))
    let table = try Table(csv: url)
    let model = try Mixture("tuned ~ stretchratio") { Block(2, LinearExpert()) }
    let fit = try await model.fit(table)
    print(fit)
    #expect("\(fit)".contains("ELBO 89.5693"))

    let own = try await Mixture("tuned ~ stretchratio") { Block(2, LinearExpert(noise: .perExpert)) }.fit(table)
    print(own.elbo.total - fit.elbo.total)
    #expect(abs(own.elbo.total - fit.elbo.total - 33.75) < 0.01)

    for k in 1...3 {
      let fit = try await Mixture("tuned ~ stretchratio") { Block(k, LinearExpert()) }.fit(table)
      print(k, fit.elbo.total)
    }

    let shares = try own.responsibilities(table)
    let sure = shares.count { ($0.max() ?? 0) > 0.9 }
    print(sure, "of", table.rowCount)
    try Figure.responsibilities(own, on: table).write(to: folder.appendingPathComponent("rootograms.svg"))
    try Figure.regression(own, on: table).write(to: folder.appendingPathComponent("lines.svg"))
    #expect(abs(sure - 90) < 5)

    let newTable = try Table([("stretchratio", .numbers([1.5, 2.5]))])
    for distribution in try own.predict(newTable) {
      print(
        distribution.mean, try distribution.interval(0.9), distribution.density(at: 2),
        distribution.density(at: distribution.mean))
    }
    let distribution = try own.predict(newTable)[0]
    #expect(
      abs(distribution.mean - 1.82719) < 1e-4
        && distribution.density(at: 2) > 10 * distribution.density(at: distribution.mean))

    try own.write(to: modelURL)
    let saved = try FittedMixture(contentsOf: modelURL)
    let later = try await saved.refit(table)
    #expect(abs(later.elbo.total - own.elbo.total) < 1e-6)
  }
}

import Foundation
import Mixtures
import Testing

@testable import MixtureDiagnostics

/// Fits of a moment.
enum SmallFits {
  static func fit(
    _ formula: String, _ table: Table, trials: String? = nil, groups: String? = nil, gate: (any Gate)? = nil,
    @BlockBuilder experts: () throws -> [any AnyBlock]
  ) async throws -> FittedMixture {
    var options = FitOptions()
    (options.starts, options.maximumIterations, options.threads) = (1, 20, 1)
    return try await Mixture(formula, trials: trials, groups: groups, gate: gate, experts: experts).fit(
      table, options: options)
  }

  /// Days with a dose, at a place, in hours, of a level that is a number, and in pairs of a week, with counts, successes, answers and lengths.
  static func table() throws -> Table {
    let rows = 0..<60
    let hours = rows.map { Double(1 + $0 % 4) }
    return try Table([
      ("count", .numbers(rows.map { hours[$0] * Double($0 % 2 == 0 ? 2 : 40) })),
      ("place", .categories(levels: ["north", "south", "none"], codes: rows.map { $0 % 5 == 0 ? 1 : 0 })),
      ("dose", .numbers(rows.map { Double(1 + $0 % 7) })), ("hours", .numbers(hours)),
      ("code", .numbers(rows.map { $0 % 3 == 0 ? 10 : 20 })), ("pair", .numbers(rows.map { Double($0 / 2) })),
      ("week", .numbers(rows.map { Double($0 / 2 % 5) })),
      ("successes", .numbers(rows.map { Double($0 % 4) })), ("total", .numbers(rows.map { Double(4 + $0 % 3) })),
      ("answer", .categories(levels: ["nay", "yea"], codes: rows.map { $0 / 2 % 2 })),
      ("length", .numbers(rows.map { hours[$0] + Double($0 % 7) + ($0 % 2 == 0 ? 50 : 0) })),
    ])
  }
}

extension Figure {
  /// The numbers of one of its here-documents.
  func numbers(_ name: String) throws -> [[Double]] {
    let start = try #require(script.text.range(of: "\(name) << END\n"))
    let end = try #require(script.text.range(of: "\nEND", range: start.upperBound..<script.text.endIndex))
    return script.text[start.upperBound..<end.lowerBound].split(separator: "\n").map { line in
      line.split(separator: " ").map { $0 == "NaN" ? .nan : Double($0)! }
    }
  }

  /// Whether it has this text somewhere.
  func says(_ text: String) -> Bool { script.text.contains(("\(text)" as GnuplotScript).text) }
}

import Foundation
import GSL
import Mixtures

/// How often 95 % intervals hold what they are for: parameters of mixtures, coefficients of single experts, and responses.
///
/// Run with `make benchmark-coverage`. Arguments are the folder where the replicates of mixtures are kept, so that a run that was stopped goes on where
/// it was, and the number of data sets a line, 1,000 by default.
@main
struct CoverageBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let folder = URL(filePath: arguments.first ?? ".build/coverage")
    let sets = arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
    print(
      """
      Share of 95 % intervals that hold the truth, in per cent, over \(sets) data sets a line; the standard error of such a share is \
      \(String(format: "%.1f", 100 * (0.95 * 0.05 / Double(sets)).squareRoot())).

      """)
    try Study(folder: folder, replicates: sets).run()
    print(
      """

      ## Coefficients

      | data | n | N | intercepts | slopes |
      |---|---:|---:|---:|---:|
      """)
    for (name, slope) in [("a line without signal", Signal.none), ("a line with slopes of two standard errors", .weak)] {
      for features in 1...5 {
        for rows in (features > 3 ? [] : [10]) + [30, 100, 300, 1000] {
          print(row(name, features, rows, try lone(features: features, rows: rows, slope, sets: sets)))
        }
      }
    }
    for features in 0...5 {
      for rows in [30, 100, 300, 1000] {
        let tally = try levels(features: features, rows: rows, sets: sets)
        print(row("three levels ten noise sd apart, the middle one", features, rows, tally))
      }
    }
    for (name, distance) in [("a flat expert far from a steep one", 30.0), ("a flat expert across a steep one", 0)] {
      for features in 1...5 {
        for rows in [100, 300, 1000] {
          print(row(name, features, rows, try flat(features: features, rows: rows, distance: distance, sets: sets)))
        }
      }
    }
    print(
      """

      ## Responses

      Each interval is of one of 1,000 fresh rows, for \(max(sets / 5, 1)) fits a line.

      | data | N | responses |
      |---|---:|---:|
      """)
    let far = try responsesFarAway(fits: max(sets / 5, 1))
    print("| a line of five rows from −1 to 1, at 10 | 5 | \(String(format: "%.1f", 100 * far)) |")
    for experts in [1, 2] {
      for noise in [LinearNoise.shared, .perExpert] where experts > 1 || noise == .shared {
        for rows in [10, 20, 40, 80, 200] {
          let share = try responses(experts: experts, rows: rows, noise, fits: max(sets / 5, 1))
          let name =
            experts == 1 ? "a line in two features" : "two lines, noise \(noise == .shared ? "shared" : "per expert")"
          print("| \(name) | \(rows) | \(String(format: "%.1f", 100 * share)) |")
          fflush(nil)
        }
      }
    }
  }

  private static func row(_ name: String, _ features: Int, _ rows: Int, _ tally: Tally) -> String {
    defer { fflush(nil) }
    return "| \(name) | \(features) | \(rows) | \(tally.intercepts) | \(features == 0 ? "" : tally.slopes.description) |"
  }
}

/// How many of some intervals hold the truth.
struct Share: CustomStringConvertible {
  var held = 0
  var count = 0

  mutating func note(_ isHeld: Bool) {
    held += isHeld ? 1 : 0
    count += 1
  }

  var description: String { String(format: "%.1f", 100 * Double(held) / Double(max(count, 1))) }
}

/// The shares of intercepts and of slopes.
struct Tally {
  var intercepts = Share()
  var slopes = Share()

  /// Notes whether each coefficient's interval holds its truth.
  mutating func note(_ parameters: [ParameterEstimate], truth: [Double]) throws {
    for (j, (estimate, value)) in zip(parameters.filter(\.isCoefficient), truth).enumerated() {
      guard let interval = try estimate.interval() else { continue }
      let isHeld = interval.lower <= value && value <= interval.upper
      if j == 0 { intercepts.note(isHeld) } else { slopes.note(isHeld) }
    }
  }
}

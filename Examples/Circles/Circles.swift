import CircleSearch
import Foundation
import MixtureDiagnostics
import Mixtures

/// Circles with expert knowledge: how far from the true circles those are that are found, with and without an expectation of what they
/// are like, among ever more background points. Prints a table, and draws one picture and the study.
@main
struct Circles {
  /// What is expected: two circles about the origin with the squared radii 0.1 and 2. They are too small, both of them.
  static let expected = [Circle(radius: 0.1.squareRoot()), Circle(radius: 2.0.squareRoot())]
  /// Each picture is drawn ten times, and each has its own random start.
  static let seeds: ClosedRange<UInt64> = 1...10

  static func main() async throws {
    let output = URL(fileURLWithPath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ".")
    print(
      "S = Σ |Δcentre|² + Δradius² of two circles: medians over \(seeds.count) pictures, for f1 with a random start each\n")
    print("| | " + Knowledge.allCases.map(\.rawValue).joined(separator: " | ") + " |")
    print("|---|" + String(repeating: "---:|", count: Knowledge.allCases.count))
    var study: [[Double]] = []
    for (number, picture) in (Picture.synthetic + Picture.noiseStudy).enumerated() {
      var medians: [Double] = []
      for knowledge in Knowledge.allCases { medians.append(try await medianError(picture, knowledge)) }
      print("| \(picture.name) | " + medians.map { String(format: "%.2g", $0) }.joined(separator: " | ") + " |")
      if number >= Picture.synthetic.count { study.append(medians) }
    }
    print()
    for (name, figure) in [("circles", try await pictureFigure()), ("circles-study", studyFigure(study))] {
      for file in try figure.write(named: name, into: output) { print("wrote \(file.relativePath)") }
    }
  }

  /// The median of S over the seeds.
  private static func medianError(_ picture: Picture, _ knowledge: Knowledge) async throws -> Double {
    let errors = try await withThrowingTaskGroup(of: Double.self) { group in
      for seed in seeds {
        group.addTask {
          try await CircleSearch(expecting: expected, knowledge).circles(among: picture.points(seed: seed), seed: seed)
            .squaredDistance(from: Picture.circles)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted()
    }
    return (errors[(errors.count - 1) / 2] + errors[errors.count / 2]) / 2
  }

  /// Synthetic 3 and what each kind of knowledge finds in it.
  private static func pictureFigure() async throws -> Figure {
    let points = Picture.synthetic[2].points(seed: 1)
    var plots: [GnuplotScript] = ["$points using 1:2 with points pt 7 ps 0.4 lc rgb '#999999' title 'points'"]
    for (number, knowledge) in Knowledge.allCases.enumerated() {
      let circles = try await CircleSearch(expecting: expected, knowledge).circles(among: points, seed: 1)
      for (k, circle) in circles.enumerated() {
        plots.append(circle.gnuplot(colour: Figure.colourCode(number), title: k == 0 ? knowledge.rawValue : nil))
      }
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$points", rows: points.map { [$0.x, $0.y] }))
        set size ratio -1
        set xrange [-2.2:2.2]
        set yrange [-2.2:2.2]
        set key below
        set samples 200
        plot \(plots.joined(separator: ", \\\n"))
        """, width: 640, height: 700)
  }

  /// S over the number of background points.
  private static func studyFigure(_ study: [[Double]]) -> Figure {
    let lines = zip(Picture.noiseStudy, study).map { [Double($0.background)] + $1 }
    let plots: [GnuplotScript] = Knowledge.allCases.enumerated().map { number, knowledge in
      """
      $study using 1:\(number + 2) with linespoints pt 7 ps 0.7 lw 2 lc rgb \(Figure.colourCode(number)) \
      title \(knowledge.rawValue)
      """
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$study", rows: lines))
        set logscale y
        set format y '10^{%L}'
        set grid lc rgb '#DDDDDD'
        set xlabel 'background points'
        set ylabel 'S, median'
        set key below
        plot \(plots.joined(separator: ", \\\n"))
        """, width: 700, height: 480)
  }
}

import CircleSearch
import Foundation
import MixtureDiagnostics
import Mixtures

/// Where are pupil and iris? Their edges are two circles among the edges of lids, lashes and highlight; what an eye looks like is known
/// beforehand. Prints the circles found, and draws them over the picture.
@main
struct Eye {
  /// What one expects of an eye in the middle of a picture.
  static let expected = [Circle(radius: 0.3), Circle(radius: 1.1)]

  static func main() async throws {
    let output = URL(fileURLWithPath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : ".")
    let picture = EyePicture(seed: 1)
    let points = picture.edges()
    let truth = [EyePicture.pupil, EyePicture.iris]
    print("\(points.count) points on edges\n")
    print("| | pupil | iris | S |\n|---|---|---|---:|")
    print("| truth | \(truth[0]) | \(truth[1]) | |")
    print(
      "| expected | \(expected[0]) | \(expected[1]) | \(String(format: "%.2g", expected.squaredDistance(from: truth))) |")
    var found: [(knowledge: Knowledge, circles: [Circle])] = []
    for knowledge in Knowledge.allCases {
      let circles = try await CircleSearch(expecting: expected, knowledge).circles(among: points, seed: 1)
        .sorted { $0.radius < $1.radius }
      found.append((knowledge, circles))
      let error = String(format: "%.2g", circles.squaredDistance(from: truth))
      print("| \(knowledge.rawValue) | \(circles[0]) | \(circles[1]) | \(error) |")
    }
    print()
    for file in try figure(picture, points, found).write(named: "eye", into: output) { print("wrote \(file.relativePath)") }
  }

  /// The edges, then the picture with the circles of each kind of knowledge over it.
  private static func figure(
    _ picture: EyePicture, _ points: [Point], _ found: [(knowledge: Knowledge, circles: [Circle])]
  ) -> Figure {
    let rows = (0..<EyePicture.height).map { row in
      picture.brightness[(row * EyePicture.width)..<((row + 1) * EyePicture.width)].map { ($0 * 1000).rounded() / 1000 }
    }
    let origin = EyePicture.point(0, 0)
    let image: GnuplotScript =
      "$picture matrix using (\(origin.x)+$1/\(EyePicture.scale)):(\(origin.y)+$2/\(EyePicture.scale)):3 with image notitle"
    let panels: [GnuplotScript] = found.enumerated().map { number, result in
      let circles = result.circles.map { $0.gnuplot(colour: Figure.colourCode(number + 1), title: nil) }
      return "set title \(result.knowledge.rawValue)\nplot \(image), \(circles.joined(separator: ", "))"
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$picture", rows: rows))
        \(GnuplotScript.data("$points", rows: points.map { [$0.x, $0.y] }))
        set palette gray
        unset colorbox
        set cbrange [0:1]
        set size ratio -1
        set xrange [-2:2]
        set yrange [-1.5:1.5]
        unset tics
        set samples 200
        set key off
        set multiplot layout 3, 2
        set title 'edges'
        plot $points using 1:2 with points pt 7 ps 0.2 lc rgb '#000000'
        \(panels.joined(separator: "\n"))
        unset multiplot
        """, width: 760, height: 900)
  }
}

import Foundation
import GSL

/// The options of a subcommand, as its help lists them: a new one is tried without a change here.
struct CommandOptions: Sendable {
  private struct Option: Sendable {
    var name: String
    /// Words that its help names as values; nil for a flag.
    var values: [String]?
  }
  private let options: [Option]

  init(help: String) {
    var options: [Option] = []
    for line in help.split(separator: "\n") {
      if let match = line.firstMatch(of: /^  (?:-[a-z], )?(--[a-z-]+)( <([^>]*)>)?/) {
        guard !["--version", "--help"].contains(String(match.1)) else { continue }
        options.append(Option(name: String(match.1), values: match.3.map { $0.split(separator: "|").map(String.init) }))
      } else if line.hasPrefix("  "), let last = options.indices.last, options[last].values != nil {
        options[last].values! += line.matches(of: /[a-z][a-z-]+(:[A-Z0-9]+)?/).map { String($0.0).lowercased() }
      }
    }
    self.options = options
  }

  var isEmpty: Bool { options.isEmpty }

  /// Some options with values; the files are those that there are.
  func random(_ random: inout RandomSource, files: [String]) -> [String] {
    let numbers = [
      "0", "1", "2", "3", "0.5", "-1", "1e308", "1,2", "1,1,1", "nan", "inf", "9223372036854775807", "1000000000", "1e-300",
    ]
    let words = [
      "x", "z", "y", "g", "x,z", "y,y", "x,x", ",", "", "none", "fixed:1", "fixed:0", "fixed:-1", "gamma:1,1", "gamma:0,0",
      "per-expert-gamma",
      "perceptron:2", "perceptron:0", "perceptron:1000000000", "hierarchical:2x2", "hierarchical:((1,2),3)",
      "hierarchical:((((1", "softmax",
      "softmax-bayes", "gaussian", "membership", "stick-breaking", "1,1:x", "1:(intercept)", "learned", "common", "comma",
      "tab",
    ]
    return (0..<random.integer(below: 6)).flatMap { _ -> [String] in
      let option = random.element(of: options)
      // Files go where they may be replaced.
      if ["--output", "--truth", "--responsibilities"].contains(option.name) && random.isOnce(in: 2) {
        return [option.name, random.element(of: ["out.json", "out.csv", "out.npy", "out.svg", "no/out.json", ".", ""])]
      }
      guard let values = option.values else { return [option.name] }
      let value =
        switch random.integer(below: 8) {
        case 0, 1: random.element(of: numbers)
        case 2, 3: random.element(of: words)
        case 4: random.element(of: files)
        case 5: random.element(of: oddTexts.filter { !$0.contains("\0") })
        default: random.element(of: values.isEmpty ? words : values)
        }
      if ["--output", "--truth", "--responsibilities"].contains(option.name) {
        return [option.name, "out" + value.replacing("/", with: "")]
      }
      return [option.name, value]
    }
  }
}

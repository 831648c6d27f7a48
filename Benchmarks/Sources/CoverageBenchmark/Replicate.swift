import Foundation
import Mixtures

/// What is counted of one data set of a setting: how many 95 % intervals of each kind hold the truth, and how many there are.
struct Replicate: Codable, Sendable {
  enum Kind: String, Codable, CaseIterable, CodingKeyRepresentable { case coefficients, weights, gate, noise }

  var number: Int
  /// By the fit's standard errors.
  var corrected: [Kind: [Int]] = [:]
  /// By the distribution of each factor itself.
  var meanField: [Kind: [Int]] = [:]

  /// Draws the data set, fits it, and looks which intervals hold the truth.
  init(_ number: Int, of setting: Setting) throws {
    self.number = number
    var source = RandomSource(seed: setting.seed).split(UInt64(number))
    let (rows, labels) = try setting.draw(&source)
    var options = FitOptions()
    (options.seed, options.starts, options.threads, options.errors) = (UInt64(number), 3, 1, setting.errors)
    // The branches of a tree have a truth only with the experts that belong below them.
    let start: Start =
      if case .tree = setting.weights {
        .responsibilities(try ResponsibilityTable(labels: labels, expertCount: setting.experts))
      } else { .mixed }
    let fit = try setting.model().fitBlocking(rows, from: start, options: options)
    let own = fit.mixture.blocks.flatMap { $0.parameters(for: fit.data) }
    let partners = setting.partners(of: own)
    for (k, l) in partners.enumerated() {
      try note(fit.parameters[k], own[k], truth: setting.coefficients[l] + [setting.noise[l]]) {
        $0.isCoefficient ? .coefficients : .noise
      }
      let kind: Kind = if case .constant = setting.weights { .weights } else { .gate }
      try note(fit.gateParameters[k], fit.mixture.gate.parameters(for: fit.data)[k], truth: setting.toldOfGate[l]) { _ in
        kind
      }
    }
  }

  private mutating func note(
    _ corrected: [ParameterEstimate], _ own: [ParameterEstimate], truth: [Double], kind: (ParameterEstimate) -> Kind
  ) throws {
    for (index, truth) in truth.enumerated() where index < corrected.count {
      try Self.note(corrected[index], truth, kind, in: &self.corrected, elseMissed: true)
      try Self.note(own[index], truth, kind, in: &meanField, elseMissed: false)
    }
  }

  /// An interval that there should be and is not misses the truth.
  private static func note(
    _ estimate: ParameterEstimate, _ truth: Double, _ kind: (ParameterEstimate) -> Kind, in counts: inout [Kind: [Int]],
    elseMissed: Bool
  ) throws {
    let interval = try estimate.interval()
    guard interval != nil || elseMissed else { return }
    let held = interval.map { $0.lower <= truth && truth <= $0.upper } ?? false
    counts[kind(estimate), default: [0, 0]][0] += held ? 1 : 0
    counts[kind(estimate), default: [0, 0]][1] += 1
  }
}

extension Setting {
  /// The true expert of each fitted one: with all of them together the coefficients are nearest.
  func partners(of fitted: [[ParameterEstimate]]) -> [Int] {
    if case .tree = weights { return Array(0..<experts) }
    func cost(_ partners: [Int]) -> Double {
      zip(partners, fitted).reduce(0) { sum, pair in
        zip(coefficients[pair.0], pair.1).reduce(sum) { $0 + pow($1.0 - $1.1.value, 2) }
      }
    }
    return permutations(Array(0..<experts)).min { cost($0) < cost($1) }!
  }
}

private func permutations(_ items: [Int]) -> [[Int]] {
  guard items.count > 1 else { return [items] }
  return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
}

extension Setting {
  /// A number for each name: FNV-1a.
  fileprivate var seed: UInt64 {
    key.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}

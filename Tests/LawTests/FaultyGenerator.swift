import Foundation
import MixtureCore
import MixtureTestKit
import Mixtures
import SyntheticData

/// Two normal distributions about the lines x and 3 − x, weighed by a logistic function of x. It keeps all laws, unless it has the
/// fault that breaks one.
struct FaultyGenerator: Generator {
  var fault: GeneratorLaw?
  private var deviation = 0.5

  init(fault: GeneratorLaw? = nil) { self.fault = fault }

  let features: [ColumnSchema] = ["x"]
  let response: [ColumnSchema] = ["y"]
  let expertCount = 2
  let hasMeans = true

  private func mean(_ block: RowBlock, _ row: Int, _ expert: Int) -> Double {
    expert == 0 ? block.features[row, 0] : 3 - block.features[row, 0]
  }

  func drawFeatures(_ block: inout RowBlock) {
    var source = block.sources[0]
    for row in 0..<block.count {
      // From the source of the block's first row.
      block.features[row, 0] = fault == .sameRows ? source.gaussian() : block.sources[row].gaussian()
    }
  }

  func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count {
      let odds = exp(2 * block.features[row, 0])
      // Without the sum over both.
      let total = fault == .weights ? 1 : 1 + odds
      terms[row, 0] = log(odds / total)
      terms[row, 1] = log(1 / total)
      // Also what belongs to somebody else.
      if fault == .ownColumns { for k in 2..<max(2, terms.columns) { terms[row, k] = 0 } }
    }
  }

  func drawResponse(_ block: inout RowBlock) {
    for row in 0..<block.count {
      // The variance for the deviation.
      let spread = fault == .responses ? deviation * deviation : deviation
      block.response[row, 0] =
        mean(block, row, block.assignments[row]) + block.sources[row].gaussian(standardDeviation: spread)
      // A feature that the response leaks into.
      if fault == .independence { block.features[row, 0] += 1e-3 * block.response[row, 0] }
    }
  }

  func logDensities(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count {
      for k in 0..<2 {
        let z = (block.response[row, 0] - mean(block, row, k)) / deviation
        terms[row, k] = -0.5 * (log(2 * .pi) + z * z) - log(deviation)
      }
    }
  }

  func means(_ block: RowBlock, into means: inout Matrix) {
    for row in 0..<block.count {
      // The experts the wrong way round.
      for k in 0..<2 { means[row, k] = mean(block, row, fault == .means ? 1 - k : k) }
    }
  }

  private enum CodingKeys: CodingKey { case fault, deviation }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fault = try container.decodeIfPresent(GeneratorLaw.self, forKey: .fault)
    deviation = try container.decodeIfPresent(Double.self, forKey: .deviation) ?? 1
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(fault, forKey: .fault)
    // Forgets a property.
    if fault != .jsonRoundTrip { try container.encode(deviation, forKey: .deviation) }
  }
}

extension FaultyGenerator {
  /// The generator, known by its name.
  static func subject(fault: GeneratorLaw? = nil) throws -> GeneratorSubject {
    try PartRegistry.register(FaultyGenerator.self)
    return GeneratorSubject(FaultyGenerator(fault: fault))
  }
}

/// A generator that states the densities of another.
struct Misstated: GeneratorModifier {
  @CodedByName var base: any Generator
  @CodedByName var stated: any Generator

  init(base: any Generator, stated: any Generator) {
    _base = CodedByName(wrappedValue: base)
    _stated = CodedByName(wrappedValue: stated)
  }

  func logDensities(_ block: RowBlock, into terms: inout Matrix) { stated.logDensities(block, into: &terms) }
}

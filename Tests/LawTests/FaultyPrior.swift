import MixtureTestKit
import Mixtures

/// One prior N(m, v I) for all experts, with m and v learned. It keeps all laws, unless it has the fault that breaks one.
struct FaultyPrior: Prior {
  var fault: PriorLaw?
  var mean: [Double] = []
  private var ownVariance = 1.0
  private var sharedVariance: Box?

  /// What a copy of the prior shares with the original.
  private final class Box: Codable, Equatable, @unchecked Sendable {
    var variance = 1.0
    static func == (one: Box, other: Box) -> Bool { one.variance == other.variance }
  }

  init(fault: PriorLaw? = nil) {
    self.fault = fault
    if fault == .copy { sharedVariance = Box() }
  }

  var variance: Double {
    get { sharedVariance?.variance ?? ownVariance }
    set { if let sharedVariance { sharedVariance.variance = newValue } else { ownVariance = newValue } }
  }

  mutating func configure(for setting: PriorSetting) {
    mean = Array(repeating: 0, count: setting.dimension)
    // Each time it leaves itself less room.
    variance = fault == .configuration ? 0.5 * (variance + setting.typicalVariance) : setting.typicalVariance
  }

  func distribution(ofExpert expert: Int) throws -> Gaussian? {
    try Gaussian(mean: mean, precision: .identity(mean.count, scale: 1 / variance))
  }

  func prunedEntries(ofExpert expert: Int, under posterior: @autoclosure () -> Gaussian) -> [Int] {
    // Counts from one.
    fault == .telling ? [mean.count] : []
  }

  mutating func update(from posteriors: [Gaussian], active: [Bool]) {
    // Listens to everyone.
    let indices = posteriors.indices.filter { active[$0] || fault == .inactiveExperts }
    // Counts the first expert twice.
    let listed = fault == .relabelling ? indices + indices.prefix(1) : indices
    guard !listed.isEmpty else { return }
    let count = Double(listed.count)
    for j in mean.indices {
      let best = listed.reduce(0) { $0 + posteriors[$1].mean[j] } / count
      // Overshoots.
      mean[j] += (fault == .updateNeverRaises ? 2.5 : 1) * (best - mean[j])
    }
    let trace = listed.reduce(0) { $0 + posteriors[$1].secondMoment(about: mean).trace }
    // Divides by one less, as for an unbiased estimate.
    variance = trace / (count * Double(mean.count) - (fault == .stationary ? 1 : 0))
  }

  func divergence(of posteriors: [Gaussian]) throws -> Double {
    // Forgets the last expert.
    let counted = fault == .divergenceIsSum ? posteriors.dropLast() : posteriors[...]
    let sum = try counted.enumerated().reduce(0) { sum, entry in
      sum + (try distribution(ofExpert: entry.offset)).map { entry.element.divergence(from: $0) }!
    }
    // Without the −d / 2.
    return sum + (fault == .divergence ? 0.5 * Double(posteriors.count * mean.count) : 0)
  }

  private enum CodingKeys: CodingKey { case fault, mean, ownVariance, sharedVariance }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fault = try container.decodeIfPresent(PriorLaw.self, forKey: .fault)
    mean = try container.decode([Double].self, forKey: .mean)
    ownVariance = try container.decodeIfPresent(Double.self, forKey: .ownVariance) ?? 1
    sharedVariance = try container.decodeIfPresent(Box.self, forKey: .sharedVariance)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(fault, forKey: .fault)
    try container.encode(mean, forKey: .mean)
    // Forgets a property.
    if fault != .jsonRoundTrip { try container.encode(ownVariance, forKey: .ownVariance) }
    try container.encodeIfPresent(sharedVariance, forKey: .sharedVariance)
  }
}

extension FaultyPrior {
  /// The prior with posteriors of three experts.
  static func subject(fault: PriorLaw? = nil) throws -> PriorSubject<FaultyPrior> {
    PriorSubject(
      FaultyPrior(fault: fault), setting: PriorSetting(expertCount: 3, names: ["a", "b"], typicalVariance: 4),
      posteriors: try threePosteriors(),
      variations: [
        Variation("mean") { $0.mean[1] += $1 },
        Variation("variance", isUpdatedLast: true) { $0.variance *= 1 + $1 },
      ])
  }
}

/// Posteriors of three experts in two dimensions: narrow and wide, near and far.
func threePosteriors() throws -> [Gaussian] {
  try [([1.0, -2], [2, 0.5, 0.5, 1]), ([0.1, 0.2], [400, 30, 30, 50]), ([6, 0], [1, 0, 0, 1e-2])].map {
    try Gaussian(mean: $0, precision: Matrix(rows: 2, columns: 2, elements: $1))
  }
}

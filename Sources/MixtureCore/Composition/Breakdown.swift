/// Why a part cannot be updated from the sums that it was given: it ends a start, of which there are others.
public struct Breakdown: Error, Equatable {
  /// The number of the expert within its block; nil where it is not one expert's.
  public var expert: Int?
  /// What is wrong with the data, in the words of whoever has them, and what to do.
  public var reason: String

  /// A breakdown of an expert, or of a part as a whole.
  public init(ofExpert expert: Int? = nil, _ reason: String) {
    self.expert = expert
    self.reason = reason
  }

  /// The reason with the expert's name.
  func reason(in mixture: MixtureModel, part: Int) -> String {
    guard let expert, part < mixture.blocks.count else { return reason }
    return "expert \(mixture.expertNames[mixture.expertRanges[part].lowerBound + expert]): \(reason)"
  }
}

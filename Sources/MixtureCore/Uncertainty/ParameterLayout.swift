import GSL

/// Where the parameters of a mixture's parts are in one list: those of block after block, then the gate's.
struct ParameterLayout {
  /// The parameters of a block.
  struct BlockParameters {
    var block: any ScoredBlock
    var places: ParameterPlaces
    /// Where the block's parameters begin.
    var first: Int
    /// Where each expert's pairs of parameters begin among those of the block.
    var pairs: [Int]
    /// How many pairs of parameters the experts have together.
    var pairCount: Int
  }

  /// The blocks that have parameters to tell of; nil for the others.
  private(set) var blocks: [BlockParameters?] = []
  /// The gate, if it has parameters to tell of.
  private(set) var gate: (any DifferentiableGate)?
  /// Where the gate's parameters are.
  private(set) var gatePlaces = 0..<0
  /// The number of parameters, p.
  private(set) var count = 0
  /// The parts that tell no derivatives, by name.
  private(set) var partsWithoutDerivatives: [String] = []
  /// The parts that would make the parameters too many, by name.
  private(set) var partsLeftOut: [String] = []

  /// More parameters than these would take too much room and time.
  static let mostParameters = 3000

  /// The parameters of all parts that are not fixed, and are not among those to leave out, by number, the gate after the blocks.
  init(_ mixture: MixtureModel, leavingOut omitted: Set<Int> = []) {
    let names = mixture.partNames
    var sizes: [(part: Int, count: Int)] = []
    var candidates: [(any ScoredBlock)?] = []
    for (index, block) in mixture.blocks.enumerated() {
      let scored = block as? any ScoredBlock
      // What has no sums learns nothing.
      if scored == nil, !block.isFixed, block.statisticsCount > 0 { partsWithoutDerivatives.append(names[index]) }
      let isIncluded = !block.isFixed && !omitted.contains(index)
      candidates.append(isIncluded ? scored : nil)
      if isIncluded, let scored { sizes.append((index, scored.places.count)) }
    }
    let ofGate = mixture.gate as? any DifferentiableGate
    if !mixture.gateIsFixed, mixture.expertCount > 1, !(mixture.gate.ofUnknown is any DifferentiableGate),
      mixture.gate.ofUnknown.statisticsCount > 0
    {
      partsWithoutDerivatives.append(names[mixture.blocks.count])
    }
    let gateCount = mixture.gateIsFixed || omitted.contains(mixture.blocks.count) ? 0 : ofGate?.parameterValues.count ?? 0
    sizes.append((mixture.blocks.count, gateCount))
    while sizes.reduce(0, { $0 + $1.count }) > Self.mostParameters,
      let largest = sizes.indices.max(by: { sizes[$0].count < sizes[$1].count })
    {
      partsLeftOut.append(names[sizes[largest].part])
      sizes.remove(at: largest)
    }
    let kept = Set(sizes.map(\.part))
    for (index, block) in candidates.enumerated() {
      guard let block, kept.contains(index) else {
        blocks.append(nil)
        continue
      }
      let places = block.places
      var (pairs, pairCount) = ([Int](), 0)
      for parameters in places.ofExpert {
        pairs.append(pairCount)
        pairCount += Matrix.pairCount(parameters.count)
      }
      blocks.append(BlockParameters(block: block, places: places, first: count, pairs: pairs, pairCount: pairCount))
      count += places.count
    }
    if kept.contains(mixture.blocks.count), gateCount > 0 { gate = ofGate }
    gatePlaces = count..<(count + (gate == nil ? 0 : gateCount))
    count = gatePlaces.upperBound
  }

  /// The places of the parameters of an expert of a block, the known ones left out, and their numbers among all of the expert's.
  func parameters(ofExpert expert: Int, inBlock index: Int) -> [(number: Int, place: Int)] {
    guard let block = blocks[index] else { return [] }
    return block.places.ofExpert[expert].enumerated().compactMap { number, place in place.map { (number, block.first + $0) }
    }
  }

  /// θ of all parts.
  var values: [Double] {
    blocks.flatMap { $0?.block.parameterValues ?? [] } + (gate?.parameterValues ?? [])
  }

  /// The mixture with parts that are certain of other values of θ; the others stay.
  func moved(_ mixture: MixtureModel, to values: [Double]) -> MixtureModel {
    var result = mixture
    for (index, parameters) in blocks.enumerated() {
      guard let parameters else { continue }
      var block = parameters.block
      block.move(to: Array(values[parameters.first..<(parameters.first + parameters.places.count)]))
      result.blocks[index] = block
    }
    if var gate {
      gate.move(to: Array(values[gatePlaces]))
      result.gate = gate
    }
    return result
  }

  /// ln p(θ) of all parts.
  func logPrior() throws -> Double {
    try blocks.reduce(gate?.logPrior ?? 0) { try $0 + ($1?.block.logPrior() ?? 0) }
  }

  /// The curvature of the priors of all parts.
  func priorCurvature() throws -> Matrix {
    var result = Matrix(rows: count, columns: count)
    func add(_ matrix: Matrix, at first: Int) {
      for a in 0..<matrix.rows { for b in 0..<matrix.columns { result[first + a, first + b] += matrix[a, b] } }
    }
    for block in blocks.compactMap(\.self) { add(try block.block.priorCurvature(), at: block.first) }
    if let gate { add(gate.priorCurvature, at: gatePlaces.lowerBound) }
    return result
  }
}

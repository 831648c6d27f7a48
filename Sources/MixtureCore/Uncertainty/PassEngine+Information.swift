import GSL

/// The sums of a pass from which the covariance of all parameters follows (Louis 1982).
///
/// With s_ik the score ∂ ln π_k p_k / ∂θ of assignment i as if it were expert k's, summed over its rows, and s̄_i = Σ_k r_ik s_ik, the information of
/// the observed rows is I = Σ_ik r_ik (−∂² ln π_k p_k / ∂θ ∂θᵀ) − Σ_i [Σ_k r_ik s_ik s_ikᵀ − s̄_i s̄_iᵀ]. Weights multiply the terms of their assignments.
struct InformationSums {
  /// What there would be to know if assignments were known: the first of the two sums.
  let complete: Matrix
  /// I.
  let observed: Matrix
  /// Σ_i w_i s̄_i s̄_iᵀ, the middle of the sandwich.
  let scoreSquares: Matrix?
}

extension PassEngine {
  /// The information of the rows about the parameters of `layout` under the mixture's own responsibilities. O(rows · p²), for p parameters.
  ///
  /// - Parameters:
  ///   - mixture: the fitted mixture.
  ///   - layout: its parameters.
  ///   - withScoreSquares: whether the middle of the sandwich is wanted.
  func information(
    of mixture: MixtureModel, _ layout: ParameterLayout, withScoreSquares: Bool
  ) throws -> InformationSums {
    let sums = InformationLayout(layout, hasScoreSquares: withScoreSquares)
    let scratch = try (0..<workerCount).map { _ in
      InformationScratch(layout, sums, mixture, capacity: try mixture.makeTile(for: rows).capacity)
    }
    // Large matrices are summed one tile after another, or each leaf would have one.
    let values = try forEachTile(
      MixtureResponsibilities(mixture: mixture), sumCount: sums.count, isSequential: layout.count > 500
    ) { buffers, _, values in
      var span = values.mutableSpan
      try scratch[buffers.index].add(buffers, to: &span)
    }
    return sums.matrices(values, layout)
  }
}

/// Where each of the sums lies.
private struct InformationLayout {
  /// −Σ_i [Σ_k r s sᵀ − s̄ s̄ᵀ] above the diagonal, column after column.
  let spread: Range<Int>
  /// Σ_i w s̄ s̄ᵀ likewise; empty where it is not wanted.
  let scoreSquares: Range<Int>
  /// The pairs of parameters of each block, and of the gate.
  let blocks: [Range<Int>]
  let gate: Range<Int>
  var count: Int { gate.upperBound }

  init(_ layout: ParameterLayout, hasScoreSquares: Bool) {
    let square = layout.count * layout.count
    let parts = ranges(
      of: [square, hasScoreSquares ? square : 0] + layout.blocks.map { $0?.pairCount ?? 0 }
        + [Matrix.pairCount(layout.gatePlaces.count)])
    (spread, scoreSquares, gate) = (parts[0], parts[1], parts[parts.count - 1])
    blocks = Array(parts.dropFirst(2).dropLast())
  }

  func matrices(_ values: [Double], _ layout: ParameterLayout) -> InformationSums {
    let order = layout.count
    func symmetric(_ range: Range<Int>) -> Matrix {
      Matrix(symmetricOfOrder: order) { a, b in values[range.lowerBound + a * order + b] }
    }
    var complete = Matrix(rows: order, columns: order)
    func add(_ pairs: Int, _ places: [Int?]) {
      var next = pairs
      for a in places.indices {
        for b in a..<places.count {
          if let i = places[a], let j = places[b] {
            complete[i, j] += values[next]
            if i != j { complete[j, i] += values[next] }
          }
          next += 1
        }
      }
    }
    for (block, range) in zip(layout.blocks, blocks) {
      guard let block else { continue }
      for (k, places) in block.places.ofExpert.enumerated() {
        add(range.lowerBound + block.pairs[k], places.map { $0.map { block.first + $0 } })
      }
    }
    add(gate.lowerBound, layout.gatePlaces.map { $0 })
    return InformationSums(
      complete: complete, observed: complete + symmetric(spread),
      scoreSquares: scoreSquares.isEmpty ? nil : symmetric(scoreSquares))
  }
}

/// The room of a thread for the scores of a tile, and what it does there.
private final class InformationScratch {
  private let layout: ParameterLayout
  private let sums: InformationLayout
  private let expertRanges: [Range<Int>]
  private let capacity: Int
  /// The parameters of each expert: their numbers among all of its own, and the places of them and of the gate's.
  private let parameters: [(numbers: [Int], places: [Int])]
  /// The gradients of a block's experts for each row.
  private var gradients: [Double]
  /// s_ik of one expert, and the same times √r: a column for each parameter that it depends on.
  private var scores: [Double]
  private var weighted: [Double]
  /// Σ_k w r s of all parameters.
  private var means: [Double]
  /// The products of one expert's scores.
  private var products: [Double]

  init(_ layout: ParameterLayout, _ sums: InformationLayout, _ mixture: MixtureModel, capacity: Int) {
    (self.layout, self.sums, self.capacity) = (layout, sums, capacity)
    expertRanges = mixture.expertRanges
    parameters = mixture.expertRanges.enumerated().flatMap { index, experts in
      (0..<experts.count).map { number in
        let own = layout.parameters(ofExpert: number, inBlock: index)
        return (own.map(\.number), own.map(\.place) + layout.gatePlaces)
      }
    }
    let ofBlocks = layout.blocks.map { $0?.places.ofExpert.map(\.count) ?? [] }
    let most = layout.gatePlaces.count + (ofBlocks.joined().max() ?? 0)
    func columns(_ count: Int) -> [Double] { Array(repeating: 0, count: count * capacity) }
    gradients = columns(ofBlocks.map { $0.reduce(0, +) }.max() ?? 0)
    (scores, weighted, means) = (columns(most), columns(most), columns(layout.count))
    products = Array(repeating: 0, count: most * most)
  }

  func add(_ buffers: WorkerBuffers, to values: inout MutableSpan<Double>) throws {
    let tile = buffers.tile
    buffers.weighResponsibilities()
    let shares = buffers.responsibilities
    if let gate = layout.gate {
      values.withElements(in: sums.gate) {
        gate.accumulateInformation(on: tile, weighedBy: shares.span, into: &$0)
      }
    }
    buffers.spreadResponsibilitiesOverRows()
    for i in means.indices { means[i] = 0 }
    for (index, experts) in expertRanges.enumerated() {
      if let block = layout.blocks[index] {
        try differentiate(block, tile, buffers.responsibilities, experts, into: &values, sums.blocks[index])
      }
      var first = 0
      for (number, k) in experts.enumerated() {
        writeScores(ofExpert: k, parameters[k].numbers, firstColumn: first, tile, shares)
        first += layout.blocks[index]?.places.ofExpert[number].count ?? 0
        addProducts(places: parameters[k].places, shares, column: tile.column(k), to: &values)
      }
    }
    addSquaresOfMeans(tile, to: &values)
  }

  private func differentiate(
    _ block: ParameterLayout.BlockParameters, _ tile: Tile, _ responsibilities: [Double], _ experts: Range<Int>,
    into values: inout MutableSpan<Double>, _ range: Range<Int>
  ) throws {
    for i in gradients.indices { gradients[i] = 0 }
    let columns = (experts.lowerBound * capacity)..<(experts.upperBound * capacity)
    try withMutableSpan(of: &gradients) { gradients in
      try values.withElements(in: range) {
        try block.block.differentiate(
          on: tile, weighedBy: responsibilities.span.extracting(columns), gradients: &gradients, information: &$0)
      }
    }
  }

  /// The scores of each assignment as if it were expert k's: its experts' parameters, summed over its rows, then the gate's.
  private func writeScores(
    ofExpert k: Int, _ numbers: [Int], firstColumn: Int, _ tile: Tile, _ shares: [Double]
  ) {
    let count = numbers.count + layout.gatePlaces.count
    for i in 0..<(count * capacity) { scores[i] = 0 }
    let gradients = gradients
    withMutableSpan(of: &scores) { scores in
      for (column, number) in numbers.enumerated() {
        let from = gradients.span.extracting(tile.column(firstColumn + number))
        scores.withElements(in: tile.column(column)) { scores in
          if let assignmentOfRow = tile.assignmentOfRow {
            for i in tile.rows { scores[assignmentOfRow[i]] += from[i] }
          } else {
            VectorKernels.copy(from, into: &scores)
          }
        }
      }
      scores.withElements(in: (numbers.count * capacity)..<(count * capacity)) {
        layout.gate?.writeGradients(ofExpert: k, on: tile, into: &$0)
      }
      // An assignment that is none of the expert's counts nothing, whatever its score.
      for column in 0..<count where !VectorKernels.sum(scores.span.extracting(tile.column(column))).isFinite {
        for i in 0..<capacity where shares[k * capacity + i] == 0 { scores[column * capacity + i] = 0 }
      }
    }
  }

  /// Takes Σ r s sᵀ off, and adds r s to the means.
  private func addProducts(
    places: [Int], _ shares: [Double], column ofExpert: Range<Int>, to values: inout MutableSpan<Double>
  ) {
    let weights = shares.span.extracting(ofExpert)
    let roots = ofExpert.map { shares[$0].squareRoot() }
    let scores = scores
    for (column, place) in places.enumerated() {
      let range = (column * capacity)..<((column + 1) * capacity)
      let score = scores.span.extracting(range)
      withMutableSpan(of: &weighted) {
        $0.withElements(in: range) { weighted in
          VectorKernels.multiply(score, weights, into: &weighted)
          withMutableSpan(of: &means) {
            $0.withElements(in: (place * capacity)..<((place + 1) * capacity)) { VectorKernels.add(weighted.span, to: &$0) }
          }
          VectorKernels.multiply(score, roots.span, into: &weighted)
        }
      }
    }
    let (order, weighted) = (places.count, weighted)
    withMutableSpan(of: &products) {
      $0.withElements(in: 0..<(order * order)) {
        multiplyBySelf(weighted.span, columns: order, into: &$0, accumulating: false)
      }
    }
    for b in 0..<order {
      for a in 0...b {
        let (row, column) = places[a] < places[b] ? (places[a], places[b]) : (places[b], places[a])
        values[sums.spread.lowerBound + column * layout.count + row] -= products[b * order + a]
      }
    }
  }

  /// Adds Σ w s̄ s̄ᵀ, from w s̄.
  private func addSquaresOfMeans(_ tile: Tile, to values: inout MutableSpan<Double>) {
    if (0..<tile.assignmentCount).contains(where: { tile.assignmentWeights[$0] != 1 }) {
      let factors = tile.assignmentWeights.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
      for column in 0..<layout.count {
        withMutableSpan(of: &means) {
          $0.withElements(in: (column * capacity)..<((column + 1) * capacity)) {
            VectorKernels.multiply(by: factors.span, &$0)
          }
        }
      }
    }
    let means = means
    for range in [sums.spread, sums.scoreSquares] where !range.isEmpty {
      values.withElements(in: range) {
        multiplyBySelf(means.span, columns: layout.count, into: &$0, accumulating: true)
      }
    }
  }

  /// The columns of AᵀA, of which only what is above the diagonal is certain to be right.
  private func multiplyBySelf(
    _ a: Span<Double>, columns count: Int, into c: inout MutableSpan<Double>, accumulating: Bool
  ) {
    let width = 32
    for first in stride(from: 0, to: count, by: width) {
      let last = min(first + width, count)
      c.withElements(in: (first * count)..<(last * count)) {
        multiply(
          a.extracting(0..<(last * capacity)), rows: last, stride: capacity, transposed: true,
          a.extracting((first * capacity)..<(last * capacity)), columns: last - first, stride: capacity, inner: capacity,
          into: &$0, stride: count, accumulating: accumulating)
      }
    }
  }
}

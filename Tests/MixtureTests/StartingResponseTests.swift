import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// What starts look at in a response: what features explain by a plane.
@Suite struct StartingResponseTests {
  /// Logarithms of counts and logits of successes, less the offset, also in a row of weight zero that holds no count.
  @Test(
    arguments: [
      (.poisson, [0.5, 3.5, 0.5]), (.binomial, [0.5 / 5.5, 3.5 / 3.5, 0.5 / 9.5]),
      (.bernoulli, [0.5 / 1.5, 3.5 / 0.5, 0.5 / 5.5]),
    ] as [(FamilyCase, [Double])])
  func countsAndSuccesses(family: FamilyCase, ratios: [Double]) throws {
    let hasTrials = family == .binomial
    let rows = try Observations(
      features: [("x", [0, 1, 2])], responses: [("y", [0, 3, -4])],
      trials: hasTrials ? ["y": [5, 6, 5]] : [:], offset: [0, 0.25, 1], rowWeights: [1, 1, 0])
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    let value = try #require(family.block(2, .variational).startingResponse)
    for (i, (ratio, offset)) in zip(ratios, [0, 0.25, 1]).enumerated() {
      #expect(abs(value(i, tile) - (log(ratio) - offset)) < 1e-12)
    }
  }

  /// Numbers are looked at as they are.
  @Test(arguments: [FamilyCase.normal, .student])
  func numbers(family: FamilyCase) { #expect(family.block(2, .variational).startingResponse == nil) }

  /// Rows near two exponentials belong to the nearer one where starts look at logarithms, and to the wrong one where they look at counts.
  @Test(arguments: [true, false])
  func givenCoefficientsDivideRows(looksAtLogarithms: Bool) throws {
    let x = (0..<60).map { Double($0) / 20 }
    let planes = [[0.5, 1], [3.5, -0.2]]
    let labels = x.indices.map { $0 % 2 }
    // Where the lines cross nobody can tell.
    let isClear = x.map { abs((0.5 + $0) - (3.5 - 0.2 * $0)) > 0.3 }
    let counts = zip(x, labels).map { x, label in exp(planes[label][0] + planes[label][1] * x).rounded() }
    let rows = try Observations(features: [("x", x)], responses: [("y", counts)])
    let sample = try RowSample(
      rows, data: DataSummary(rows),
      startingResponse: looksAtLogarithms ? FamilyCase.poisson.block(2, .variational).startingResponse : nil)
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    var shares = [Double](repeating: 0, count: 2 * tile.capacity)
    var span = shares.mutableSpan
    _ = try NearestResponsibilities(planes: planes, scaling: sample.scaling).read(tile, into: &span)
    let wrong = tile.rows.count { i in isClear[i] && (shares[i] > shares[tile.capacity + i]) != (labels[i] == 0) }
    #expect(looksAtLogarithms ? wrong == 0 : wrong > 5)
  }

  /// Starts see as much of rare large counts as of others: the sample is scaled by what is looked at.
  @Test func sampleIsScaled() throws {
    let counts = (0..<100).map { Double($0 % 10 == 0 ? 1000 : $0 % 4) }
    let rows = try Observations(features: [("x", counts.indices.map(Double.init))], responses: [("y", counts)])
    let sample = try RowSample(
      rows, data: DataSummary(rows), startingResponse: FamilyCase.poisson.block(2, .variational).startingResponse)
    let scaled = sample.rows.map { $0[1] }
    let mean = scaled.reduce(0, +) / 100
    #expect(abs(mean) < 1e-12)
    #expect(abs(scaled.reduce(0) { $0 + $1 * $1 } / 100 - 1) < 1e-12)
  }
}

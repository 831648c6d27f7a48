import GSL
import Mixtures
import Testing

@testable import MixtureCore

/// Sums over pairwise products, formed or not.
@Suite struct TileDesignTests {
  /// Around the number of columns up to which products are formed, and around multiples of the blocks.
  @Test(arguments: [1, 3, 63, 64, 65, 96, 97, 130])
  func productsOfTheColumns(dimension: Int) throws {
    var source = RandomSource(seed: 1)
    let rowCount = 21
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in source.gaussian() } }
    let columns = (0..<dimension).map { _ in numbers(rowCount) }
    let rows = try Observations(
      features: columns.enumerated().map { (ColumnSchema("x\($0)"), $1) }, responses: [("y", numbers(rowCount))],
      hasIntercept: false)
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    let design = tile.design(
      Standardization(
        centres: columns.map { _ in 0 }, scales: columns.map { _ in 1 }, hasIntercept: false))
    let pairs = (0..<dimension).flatMap { a in (a..<dimension).map { b in (a, b) } }
    #expect(design.pairCount == pairs.count)

    let coefficients = numbers(2 * pairs.count)
    var products = [Double](repeating: 7, count: 2 * tile.capacity)
    withMutableSpan(of: &products) { design.multiplyPairs(by: coefficients.span, columns: 2, into: &$0) }
    let responsibilities = (0..<2).flatMap { _ in
      (0..<tile.capacity).map { i in i < rowCount ? source.uniform() : 0 }
    }
    let stride = pairs.count + 3
    let before = numbers(2 * stride)
    var sums = before
    withMutableSpan(of: &sums) {
      design.accumulatePairs(weighedBy: responsibilities.span, columns: 2, into: &$0, stride: stride)
    }
    for k in 0..<2 {
      for i in 0..<rowCount {
        let expected = pairs.enumerated().reduce(0) { sum, pair in
          sum + coefficients[k * pairs.count + pair.offset] * columns[pair.element.0][i] * columns[pair.element.1][i]
        }
        #expect(abs(products[k * tile.capacity + i] - expected) < 1e-10 * Double(dimension))
      }
      for (number, pair) in pairs.enumerated() {
        let expected = (0..<rowCount).reduce(before[k * stride + number]) { sum, i in
          sum + responsibilities[k * tile.capacity + i] * columns[pair.0][i] * columns[pair.1][i]
        }
        #expect(abs(sums[k * stride + number] - expected) < 1e-11)
      }
      // What lies between the columns of the sums stays.
      #expect(
        sums[(k * stride + pairs.count)..<((k + 1) * stride)] == before[(k * stride + pairs.count)..<((k + 1) * stride)])
    }
  }
}

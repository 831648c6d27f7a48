import CGSLSupport
import GSL
import MixtureTestKit
import References
import Testing

/// numpy's Philox4x64-10.
private struct PhiloxAnswers: Decodable {
  struct Block: Decodable {
    let key, counter, block: [UInt64]
  }
  struct Stream: Decodable {
    let seed: UInt64
    let words: [UInt64]
    let uniforms: [Double]
  }
  let blocks: [Block]
  let streams: [Stream]
}

@Suite struct RandomSourceTests {
  /// The first numbers of a source.
  private func words(_ source: RandomSource, count: Int = 64) -> [UInt64] {
    var source = source
    return (0..<count).map { _ in source.next() }
  }

  @Test func blocksEqualKnownAnswers() throws {
    let answers: PhiloxAnswers = try Reference.load("philox")
    #expect(answers.blocks.count >= 5)
    for answer in answers.blocks {
      var block = [UInt64](repeating: 0, count: 4)
      philox_block(answer.key, answer.counter, &block)
      #expect(block == answer.block)
    }
  }

  @Test func streamsEqualKnownAnswers() throws {
    let answers: PhiloxAnswers = try Reference.load("philox")
    for answer in answers.streams {
      #expect(words(RandomSource(seed: answer.seed), count: answer.words.count) == answer.words)
      var source = RandomSource(seed: answer.seed)
      #expect(answer.uniforms.map { _ in source.uniform() } == answer.uniforms)
    }
  }

  @Test func splitIsABlockOfItsOwnCounter() {
    // Label 7 of seed 42 is the block of the counter (7, 0, 0, 2⁶³), whose first two words are the key.
    var key = [UInt64](repeating: 0, count: 4), first = key
    philox_block([42, 0], [7, 0, 0, 1 << 63], &key)
    philox_block(Array(key[..<2]), [0, 0, 0, 0], &first)
    #expect(words(RandomSource(seed: 42).split(7), count: 4) == first)
  }

  @Test func seedsDecide() {
    #expect(words(RandomSource(seed: 5)) == words(RandomSource(seed: 5)))
    #expect(words(RandomSource(seed: 5)) != words(RandomSource(seed: 6)))
  }

  @Test func copiesRepeat() {
    var source = RandomSource(seed: 9)
    for _ in 0..<7 { _ = source.gaussian() }
    var copy = source
    let first = (0..<20).map { _ in (source.gaussian(), source.gamma(shape: 0.3, rate: 2), source.integer(below: 9)) }
    let second = (0..<20).map { _ in (copy.gaussian(), copy.gamma(shape: 0.3, rate: 2), copy.integer(below: 9)) }
    #expect(zip(first, second).allSatisfy { $0 == $1 })
  }

  @Test func splitsDoNotDependOnDrawsOrOrder() {
    let untouched = RandomSource(seed: 3)
    var drawn = untouched
    for _ in 0..<11 { _ = drawn.next() }
    let (a, b) = (untouched.split(1), untouched.split(2))
    let (d, c) = (drawn.split(2), drawn.split(1))
    #expect(words(a) == words(c) && words(b) == words(d))
  }

  @Test func splittingLeavesTheSourceAlone() {
    let source = RandomSource(seed: 3)
    let before = words(source)
    _ = source.split(1).split(2)
    #expect(words(source) == before)
  }

  @Test func streamsOfDistinctLabelsAreDistinct() {
    let source = RandomSource(seed: 1)
    var sources = [source] + (0..<100).map { source.split($0) }
    sources += (0..<100).map { source.split(0).split($0) } + [source.split(.max), source.split(1 << 63)]
    let drawn = sources.flatMap { words($0, count: 100) }
    // Among 2·10⁴ words of 64 bits, one pair is equal with probability 1e-11.
    #expect(Set(drawn).count == drawn.count)
  }

  @Test func streamsOfNeighbouringLabelsAreUncorrelated() {
    // The mean of 10⁵ products of numbers with mean 0 and variance 1/12.
    var (a, b) = (RandomSource(seed: 8).split(0), RandomSource(seed: 8).split(1))
    let products = (0..<100_000).map { _ in (a.uniform() - 0.5) * (b.uniform() - 0.5) }
    #expect(Sample(products).hasMean(0))
  }

  @Test func servesTheStandardLibrary() {
    var source = RandomSource(seed: 2)
    let shuffled = (0..<100).shuffled(using: &source)
    #expect(shuffled.sorted() == Array(0..<100) && shuffled != Array(0..<100))
  }
}

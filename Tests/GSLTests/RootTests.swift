import Foundation
import GSL
import References
import Testing

@Suite struct RootTests {
  @Test func knownRoots() throws {
    // The default tolerance is 1e-14 of the root.
    #expect(relativeError(try root(in: 0...2) { $0 * $0 - 2 }, 2.0.squareRoot()) <= 1e-14)
    #expect(relativeError(try root(in: 3...4, of: sin), .pi) <= 1e-14)
    #expect(relativeError(try root(in: 0...1e6) { cbrt($0) - 10 }, 1000) <= 1e-14)
    #expect(relativeError(try root(in: -100 ... -1e-3) { 1 / $0 + 4 }, -0.25) <= 1e-14)
  }

  @Test func zeroOfDigamma() throws {
    let zero = try root(in: 1...2) { (try? digamma($0)) ?? .nan }
    #expect(relativeError(zero, 1.4616321449683623) <= 1e-14)
  }

  @Test func rootAtAnEnd() throws {
    #expect(try root(in: 1...3) { $0 - 1 } == 1)
    #expect(try root(in: -2...3) { $0 - 3 } == 3)
  }

  @Test func rootAtZero() throws {
    #expect(abs(try root(in: -1...2, of: sin)) <= 1e-300)
    #expect(try root(in: -1...1) { $0 } == 0)
    #expect(try root(in: 0...1) { $0 } == 0)
    #expect(abs(try root(in: -1...2, absoluteTolerance: 1e-12) { $0 * $0 * $0 + $0 }) <= 1e-12)
  }

  @Test(arguments: [1e-3, 1e-6, 1e-9])
  func tolerancesHold(tolerance: Double) throws {
    var calls = 0
    let found = try root(in: 0...10, absoluteTolerance: tolerance, relativeTolerance: 0) { x in
      calls += 1
      return exp(x) - 5
    }
    #expect(abs(found - log(5)) <= tolerance)
    #expect(calls < 100)
  }
}

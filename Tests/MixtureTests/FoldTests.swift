import Mixtures
import Testing

/// Tables divided for cross-validation.
@Suite struct FoldTests {
  private func table(rows: Int) throws -> Table {
    try Table([
      ("x", .numbers((0..<rows).map(Double.init))),
      ("g", .categories(levels: ["a", "b"], codes: (0..<rows).map { $0 % 2 })),
    ])
  }

  @Test(arguments: [(10, 3), (10, 10), (133, 10), (2, 2)])
  func everyRowIsHeldOutOnce(rows: Int, count: Int) throws {
    let folds = try table(rows: rows).folds(count, seed: 5)
    #expect(folds.count == count)
    let heldOut = try folds.map { try $0.heldOut.numbers("x") }
    #expect(heldOut.flatMap { $0 }.sorted() == (0..<rows).map(Double.init))
    #expect(heldOut.allSatisfy { $0.count == rows / count || $0.count == rows / count + 1 })
    for (fold, own) in zip(folds, heldOut) {
      let others = try fold.training.numbers("x")
      #expect(own == own.sorted() && others == others.sorted() && Set(own + others).count == rows)
    }
  }

  @Test func theSeedDecides() throws {
    func first(_ seed: UInt64) throws -> [Double] { try table(rows: 50).folds(5, seed: seed)[0].heldOut.numbers("x") }
    #expect(try first(1) == first(1))
    #expect(try first(1) != first(2))
    #expect(try first(1) != (0..<10).map(Double.init))
  }

  @Test(arguments: [-1, 0, 1, 5])
  func impossibleCountsAreRefused(count: Int) throws {
    let error = #expect(throws: ArgumentError.self) { try table(rows: 4).folds(count) }
    #expect(error?.description == "Table: the number of folds is \(count), but must be from 2 to 4, the number of rows")
  }
}

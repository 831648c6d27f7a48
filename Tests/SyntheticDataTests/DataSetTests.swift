import Foundation
import GSL
import MixtureCore
import SyntheticData
import Testing

/// Rows depend on generator, seed and number alone.
@Suite struct DataSetTests {
  static let recipes = ["linear", "linear+softmax", "linear+irrelevant:3", "linear+softmax:4+irrelevant"]

  private func rows(_ data: SyntheticDataSet, threads: Int = 1) throws -> [[UInt64]] {
    var rows: [[UInt64]] = []
    try data.forEachBlock(threads: threads) { block in
      (0..<block.count).map { row in
        data.columns.indices.map { data.value(block, row: row, column: $0).bitPattern } + [UInt64(block.assignments[row])]
      }
    } consume: {
      rows += $0
    }
    return rows
  }

  @Test(arguments: recipes)
  func rowsAreTheSameInAnyBlockAndOnAnyThread(recipe: String) throws {
    let generator = try Recipe(recipe).generator(seed: 4)
    let all = try rows(SyntheticDataSet(generator, rows: 5000, seed: 9))
    #expect(try rows(SyntheticDataSet(generator, rows: 5000, seed: 9), threads: 7) == all)
    #expect(try rows(SyntheticDataSet(generator, rows: 1501..<3777, seed: 9)) == Array(all[1501..<3777]))
    #expect(try rows(SyntheticDataSet(generator, rows: 5000, seed: 10)) != all)
  }

  @Test func whatIsDoneToFeaturesLeavesTheResponseAlone() throws {
    let plain = try SyntheticDataSet(Recipe("linear").generator(), rows: 2000).table()
    let more = try SyntheticDataSet(Recipe("linear+irrelevant:3").generator(), rows: 2000).table()
    for name in ["x1", "x2", "y"] { #expect(try plain.numbers(name) == more.numbers(name)) }
    #expect(more.columnNames == ["x1", "x2", "irrelevant1", "irrelevant2", "irrelevant3", "y"])
  }

  @Test func unseenRowsFollowThoseOfTheData() throws {
    let generator = try Recipe("linear").generator()
    let truth = try Truth(SyntheticDataSet(generator, rows: 100..<400, seed: 3))
    #expect(try rows(truth.unseenRows(50)) == rows(SyntheticDataSet(generator, rows: 400..<450, seed: 3)))
    #expect(try rows(truth.data()).count == 300)
  }

  @Test(arguments: [
    ("liner", "no generator is called \"liner\"; there are linear"),
    ("linear+irelevant", "no modifier is called \"irelevant\"; there are softmax, irrelevant"),
    ("linear+irrelevant:0", "irrelevant:0: features must be"), ("linear:3", "linear takes no number"),
    ("linear+softmax:-1", "sharpness must be above 0.0, not -1"),
  ])
  func recipesSayWhatIsWrongWithThem(recipe: String, message: String) throws {
    let error = #expect(throws: SyntheticDataError.self) { try Recipe(recipe) }
    #expect(error?.description.contains(message.prefix(20)) == true, "\(String(describing: error))")
  }
}

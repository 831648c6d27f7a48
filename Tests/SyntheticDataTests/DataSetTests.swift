import Foundation
import GSL
import MixtureCore
import MixtureTestKit
import SyntheticData
import Testing

/// Rows depend on generator, seed and number alone.
@Suite struct DataSetTests {
  @Test func whatIsDoneToFeaturesLeavesTheResponseAlone() throws {
    let plain = try SyntheticDataSet(Recipe("linear").generator(), rows: 2000).table()
    let more = try SyntheticDataSet(Recipe("linear+irrelevant:3").generator(), rows: 2000).table()
    for name in ["x1", "x2", "y"] { #expect(try plain.numbers(name) == more.numbers(name)) }
    #expect(more.columnNames == ["x1", "x2", "irrelevant1", "irrelevant2", "irrelevant3", "y"])
  }

  @Test func unseenRowsFollowThoseOfTheData() throws {
    let generator = try Recipe("linear").generator()
    let truth = try Truth(SyntheticDataSet(generator, rows: 100..<400, seed: 3))
    #expect(try truth.unseenRows(50).bits() == SyntheticDataSet(generator, rows: 400..<450, seed: 3).bits())
    #expect(try truth.data().bits().count == 300)
    #expect(throws: SyntheticDataError.self) { try truth.unseenRows(0) }
    #expect(throws: SyntheticDataError.self) { try truth.unseenRows(.max) }
  }
}

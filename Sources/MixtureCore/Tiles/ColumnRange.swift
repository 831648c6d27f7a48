/// The least and the greatest number of a column, and how many rows have them.
struct ColumnRange {
  private(set) var least = Double.infinity
  private(set) var greatest = -Double.infinity
  private var count = 0
  private var leastCount = 0
  private var greatestCount = 0

  /// The share of the rows whose number is the least or the greatest.
  var shareAtEnds: Double {
    Double(leastCount + (least < greatest ? greatestCount : 0)) / Double(max(count, 1))
  }

  mutating func note(_ value: Double) {
    count += 1
    if value <= least {
      leastCount = value < least ? 1 : leastCount + 1
      least = value
    }
    if value >= greatest {
      greatestCount = value > greatest ? 1 : greatestCount + 1
      greatest = value
    }
  }

  func union(_ other: ColumnRange) -> ColumnRange {
    var result = self
    result.count += other.count
    result.least = min(least, other.least)
    result.greatest = max(greatest, other.greatest)
    result.leastCount = (least == result.least ? leastCount : 0) + (other.least == result.least ? other.leastCount : 0)
    result.greatestCount =
      (greatest == result.greatest ? greatestCount : 0) + (other.greatest == result.greatest ? other.greatestCount : 0)
    return result
  }

  /// The range of numbers that are larger by so much.
  func moved(by distance: Double) -> ColumnRange {
    var result = self
    result.least += distance
    result.greatest += distance
    return result
  }
}

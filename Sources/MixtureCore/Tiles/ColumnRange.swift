/// The least and the greatest number of a column.
struct ColumnRange {
  var least = Double.infinity
  var greatest = -Double.infinity

  mutating func note(_ value: Double) {
    least = min(least, value)
    greatest = max(greatest, value)
  }

  func union(_ other: ColumnRange) -> ColumnRange {
    ColumnRange(least: min(least, other.least), greatest: max(greatest, other.greatest))
  }
}

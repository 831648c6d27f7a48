/// How many rows are written, in one line of text.
struct GenerateProgress: Progress {
  let rowCount: Int
  private var written = 0
  private var seconds = 0.0

  init(rowCount: Int) { self.rowCount = rowCount }

  /// Takes in that so many rows are written after some time.
  mutating func note(_ rows: Int, at time: Duration) { (written, seconds) = (rows, time / .seconds(1)) }

  func line(width: Int) -> String {
    let share = Double(written) / Double(rowCount)
    let left = written > 0 ? ", about \(Self.words(seconds * (1 - share) / share)) left" : ""
    return String("\(Int(100 * share)) % of \(rowCount) rows\(left)".prefix(max(0, width - 1)))
  }
}

import CTableCells
import Foundation
import MixtureCore

/// Whether points stand before decimals in a file that does not say so: 1.500 may be fifteen hundred.
///
/// A number such as 0.5 or 1.25, or a whole one of 1000 or more without a point, settles it for its column; and where another column has
/// decimals, points are most probably such.
struct ThousandsDoubt {
  /// How the numbers in each column are written.
  private var forms: [number_forms]
  /// Whether the marks are known, whatever the numbers look like.
  private let isKnown: Bool
  private let layout: TextLayout

  init(_ layout: TextLayout) {
    self.layout = layout
    isKnown = layout.isDecimalSaid || layout.decimal == .comma
    forms = Array(repeating: number_forms(), count: layout.names.count)
  }

  /// Looks at the complete rows of a block.
  mutating func look(at block: CellBlock, rowsBefore: Int) {
    for column in forms.indices where !isKnown {
      block.addForms(
        ofColumn: column, columnCount: forms.count + layout.trailingCellCount, rowsBefore: rowsBefore, to: &forms[column])
    }
  }

  /// What a column's numbers may be beside what they were taken for.
  enum Finding {
    /// Nobody can tell.
    case unclear(BadCell)
    /// Decimals, most probably; the first of them as it is written.
    case probablyDecimals(BadCell)
  }

  /// What may be wrong with a column; nil where nothing is.
  func finding(ofColumn column: Int) -> Finding? {
    let form = forms[column]
    guard !isKnown, form.has_grouped, !form.has_thousands, !form.has_decimals else { return nil }
    let cell = BadCell(row: form.first_grouped_row, text: String(format: "%.3f", form.first_grouped))
    // Where commas cut rows, points stand before decimals as a rule. Numbers rounded to three decimals look all alike, whole numbers between
    // them do not.
    let isCutByCommas = layout.delimiter == .comma && layout.names.count > 1
    if forms.contains(where: \.has_decimals) { return form.has_small ? .probablyDecimals(cell) : nil }
    if layout.delimiter == .semicolon || (form.has_small && !isCutByCommas) { return .unclear(cell) }
    return form.has_small || !isCutByCommas ? .probablyDecimals(cell) : nil
  }
}

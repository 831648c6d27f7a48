import Foundation
import Mixtures
import Testing

/// Text that people and programs write without much thought: what is said of it.
@Suite struct ClumsyTextTests {
  private func column(_ name: String, of cells: [String]) throws -> Table {
    try pipedTable("y,\(name)\n" + cells.enumerated().map { "\($0),\($1)\n" }.joined())
  }

  private func refusal(_ body: () throws -> Void) -> String {
    (#expect(throws: DataError.self) { try body() })?.description ?? ""
  }

  /// Days and months are dates however they are written.
  @Test(arguments: [
    ["Jan 1", "Feb 2", "Mar 3"], ["1 Jan", "2 Feb", "13 May"], ["January 1st", "June 22nd", "December 3rd"],
    ["1. May", "2. June", "3. July"],
    ["Jan-01", "Feb-01", "Mar-01"], ["January 2020", "February 2020", "March 2021"],
    ["Mon 1 Jan", "Tue 2 Jan", "Wed 3 Jan"],
    ["2020 Jan", "2020 Feb", "2021 Mar"], ["2020-Jan-05", "2020-Feb-06", "2021-Mar-07"],
  ])
  func daysAndMonthsAreDates(cells: [String]) throws {
    let table = try column("when", of: (0..<12).map { cells[$0 % cells.count] })
    let message = refusal { _ = try Design(Formula("y ~ when"), for: table) }
    #expect(
      message.contains("looks like a date: turn it into a number") && message.contains(cells.sorted()[0]), "\(message)")
    #expect(try Design(Formula("y ~ factor(when)"), for: table).featureNames.count == cells.count - 1)
  }

  /// Words that begin like months are none.
  @Test(arguments: [
    ["Mark 1", "Mark 2"], ["may", "june"], ["decoy 1", "decoy 2"], ["march past 1", "march past 2"], ["Jan", "Feb"],
  ])
  func wordsAreNoDates(cells: [String]) throws {
    let table = try column("g", of: (0..<12).map { cells[$0 % cells.count] })
    #expect(try Design(Formula("y ~ g"), for: table).featureNames.count == 1)
  }

  /// Six digits are dates only in a column that is called after them.
  @Test(arguments: [
    ("date", 850_128, 850_203, true), ("visit_date", 310_185, 281_285, true), ("birthDate", 990_101, 991_231, true),
    ("DOB", 850_128, 850_203, true), ("yyyymm", 202_001, 202_112, true), ("month", 202_011, 202_102, true),
    ("candidate", 850_128, 850_203, false), ("price", 202_001, 202_112, false), ("date", 850_128, 851_332, false),
    ("date", 123, 456, false), ("update", 850_128, 850_203, false),
  ])
  func datesOfSixDigits(name: String, first: Int, second: Int, areDates: Bool) throws {
    let table = try column(name, of: (0..<6).map { "\($0 % 2 == 0 ? first : second)" })
    let notes = table.notes(on: [name])
    #expect(table.notes.isEmpty && notes.count == (areDates ? 1 : 0), "\(notes)")
    #expect(notes.allSatisfy { $0.contains("column \"\(name)\": \(first) and all others look like") })
  }

  /// Levels that differ in next to nothing are named, with their rows and what to do.
  @Test(arguments: [
    ("Male", "male", "case"), ("ÉTÉ", "été", "case"), ("a b", "ab", "blanks"), ("\"a \"", "a", "blanks"),
    ("\"a\u{A0}b\"", "a b", "blanks"),
    ("New York", "newyork", "case and blanks"),
  ])
  func levelsThatAreAlike(one: String, other: String, difference: String) throws {
    let table = try column("g", of: [one, other, "z", one, one])
    #expect(table.notes.isEmpty && table.notes(on: ["y"]).isEmpty)
    let notes = table.notes(on: ["g"])
    #expect(notes.count == 1 && notes[0].hasPrefix("data, column \"g\": the levels"), "\(notes)")
    for words in ["(3 rows)", "(1 row)", "differ in \(difference) alone", "write them alike"] {
      #expect(notes[0].contains(words), "\(notes)")
    }
    #expect(!notes[0].contains("\u{A0}"))
    #expect(try column("g", of: ["a", "b", "z"]).notes(on: ["g"]).isEmpty)
  }

  /// Rows of another length are shown, with what is probably wrong.
  @Test(arguments: [
    (
      "x,y,z\n1,2,3\n4,5\n",
      "row 2: 2 cells (4, 5), but 3 columns: if cells are missing at its end, write the commas before them, too"
    ),
    (
      "x;y;z\n1;2;3\n4\n",
      "row 2: 1 cell (4), but 3 columns: if cells are missing at its end, write the semicolons before them, too"
    ),
    ("x,y\n1,2\n3,4,5\n", "row 2: 3 cells (3, 4, 5), but 2 columns: if commas stand within a cell, put it in quotes"),
    ("x,y\n1,2\n3,4\nthe end\n", "row 3: 1 cell (the end), but 2 columns: if it is a remark, delete the line"),
  ])
  func raggedRows(text: String, expected: String) {
    let message = refusal { _ = try pipedTable(text) }
    #expect(message == "data, \(expected)")
  }

  @Test func raggedRowsBetweenBlanks() {
    let message = refusal { _ = try pipedTable("x y z\n1 2 3\n4 5\n", format: Table.Format(delimiter: .space)) }
    #expect(message.contains("row 2: 2 cells (4, 5), but 3 columns: write NA for each cell that is missing"))
  }

  /// The cell in which a quote is wrong is shown, however the text is cut into pieces.
  @Test(arguments: [
    ("x,y\n1,2\n3,5\" pipe\n", "row 2: the cell 5\" pipe has a quote within, but none around it: write \"5\"\" pipe\""),
    (
      "x,y\n1,2\n3,\"5\" pipe\n",
      "row 2: text stands behind the quote that closes a cell (\"5\" pipe): write each quote within a cell twice"
    ),
    ("x,y\n1,2\n3,\"open\n4,5\n", "row 2: the quote before \"open\n4,5\n\" is not closed: close it, or leave it out"),
    ("x,y\n1,=\"0\"\n3,4\n", "row 1: the cell =\"0\" is a formula of a spreadsheet: write its value alone"),
    ("5\" pipe,y\n1,2\n", "row 1: the cell 5\" pipe has a quote within"),
  ])
  func quotesThatAreWrong(text: String, expected: String) {
    let message = refusal { _ = try pipedTable(text) }
    #expect(message.hasPrefix("data, \(expected)"), "\(message)")
  }

  /// What nobody sees in a name is shown where names are listed, and a name that is nearly right leads to the right one.
  @Test(arguments: [
    ("mass\u{A0}", "mass", #"there are y, mass\u00a0; one of these has characters that nobody sees"#),
    ("mass\u{200B}", "mass", #"there are y, mass\u200b; one of these"#),
    ("m\u{200D}ass", "mass", #"there are y, m\u200dass; one of these"#),
    ("body mass", "body.mass", "in a formula, body mass is written `body mass`, in backquotes"),
    ("body mass", "body_mass", "in a formula, body mass is written `body mass`"),
    ("body-mass", "body.mass", "in a formula, body-mass is written `body-mass`"),
    ("body_mass", "Body.Mass", "did you mean body_mass?"),
    ("body_mass", "height", "there are y, body_mass"),
  ])
  func namesThatAreNotThere(name: String, asked: String, expected: String) throws {
    let table = try column(name, of: ["1", "2", "3"])
    let message = refusal { _ = try Design(Formula("y ~ \(asked)"), for: table) }
    #expect(message.contains(expected), "\(message)")
  }

  /// Names with blanks or hyphens need backquotes in a formula.
  @Test(arguments: [
    ("y ~ body mass", "not mass; if body mass is one column, write `body mass`, in backquotes"),
    ("y ~ x + body mass index", "not mass; if body mass index is one column, write `body mass index`, in backquotes"),
    ("body mass ~ x", "not mass; if body mass is one column, write `body mass`"),
    ("y ~ log(body mass)", "if body mass is one column, write `body mass`"),
    ("y ~ body-mass", "no term mass to take away; if body-mass is one column, write `body-mass`, in backquotes"),
  ])
  func namesThatNeedBackquotes(formula: String, expected: String) {
    let error = #expect(throws: FormulaError.self) { try Formula(formula) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }
}

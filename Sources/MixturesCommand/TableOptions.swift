import ArgumentParser
import Mixtures

/// How a command's tables look.
struct TableOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number of significant digits in tables, from 1 to 17.", valueName: "N")
  )
  var digits = TableStyle().digits

  func validate() throws {
    guard (1...17).contains(digits) else { throw ValidationError("--digits must be from 1 to 17, not \(digits)") }
  }

  /// Tables as wide as the terminal.
  var format: TableStyle { TableStyle(width: Console.output.width, digits: digits) }
}

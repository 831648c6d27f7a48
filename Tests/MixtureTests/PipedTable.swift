import Foundation
import Mixtures

/// A table read from text that comes through a pipe.
func pipedTable(_ text: String, format: Table.Format = Table.Format()) throws -> Table {
  let pipe = Pipe()
  try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  try pipe.fileHandleForWriting.close()
  return try Table(csv: pipe.fileHandleForReading, name: "data", format: format)
}

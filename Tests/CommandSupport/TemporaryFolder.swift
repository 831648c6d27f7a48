import Foundation

/// A folder for the files of one test, gone with it.
package final class TemporaryFolder: Sendable {
  /// Where it is.
  package let url = FileManager.default.temporaryDirectory.appendingPathComponent("mixtures-\(UUID().uuidString)")

  /// An empty folder.
  package init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and returns its path.
  package func write(_ text: String, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The path of a file in the folder, whether it exists or not.
  package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// The text of a file.
  package func read(_ name: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }
}

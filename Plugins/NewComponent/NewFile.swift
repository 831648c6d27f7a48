import Foundation

/// A file to be written.
struct NewFile {
  let text: String
  let url: URL

  init(_ text: String, at url: URL) {
    self.text = text
    self.url = url
  }

  /// Writes all files, or, if one cannot be written, none.
  static func write(_ files: [NewFile]) throws {
    var written: [URL] = []
    do {
      for file in files {
        try Data(file.text.utf8).write(to: file.url, options: .atomic)
        written.append(file.url)
      }
    } catch {
      for url in written { try? FileManager.default.removeItem(at: url) }
      throw NewComponentError("nothing could be written: \(error.localizedDescription)")
    }
  }
}

import ArgumentParser
import Foundation
import MixtureData
import Mixtures

/// A file that a command is to write.
struct OutputFile: ExpressibleByArgument {
  let url: URL

  init(argument: String) { url = URL(fileURLWithPath: argument) }

  static var defaultCompletionKind: CompletionKind { .file() }

  /// Makes sure that the file can be written: before the work that fills it, which may take long.
  ///
  /// - Throws: `ModelFileError.unwritable`.
  func check() throws {
    func refuse(_ reason: String) -> ModelFileError { .unwritable(path: url.relativePath, reason: reason) }
    let folder = url.deletingLastPathComponent()
    if Self.isFolder(url.path) { throw refuse("it is a folder; name a file in it") }
    guard Self.isFolder(folder.path) else { throw refuse("there is no folder \(folder.relativePath); make it first") }
    guard FileManager.default.isWritableFile(atPath: folder.path) else {
      throw refuse("you may not write in the folder \(folder.relativePath)")
    }
  }

  /// Writes the file; one that exists is replaced only by a complete new one.
  ///
  /// - Throws: `ModelFileError.unwritable`.
  func write(_ data: Data) throws {
    do { try data.write(to: url, options: .atomic) } catch {
      throw ModelFileError.unwritable(path: url.relativePath, reason: systemReason(error))
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

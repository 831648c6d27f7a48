import Foundation
import MixtureCore
import MixtureData

extension Truth {
  /// Reads a file of JSON. A generator of your own must be registered with `PartRegistry` before.
  ///
  /// - Throws: `DataError` for a file that cannot be read, or is no truth.
  public init(contentsOf url: URL) throws {
    PartRegistry.registerSyntheticParts()
    do { self = try JSONDecoder().decode(Truth.self, from: Data(contentsOf: url)) } catch let error as DecodingError {
      throw DataError("\(url.relativePath): not a truth file: \(error)")
    } catch {
      throw DataError("\(url.relativePath): cannot be read: \(systemReason(error))")
    }
  }

  /// Writes the file. One that exists is replaced only by a complete new one.
  ///
  /// - Throws: `CocoaError` if it cannot be written.
  public func write(to url: URL) throws { try JSONEncoder().encode(self).write(to: url, options: .atomic) }
}

/// Why a model file cannot be read or written.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened.
  case unreadable(path: String, reason: String)
  /// The file cannot be written; what was there before still is.
  case unwritable(path: String, reason: String)
  /// The file is something else.
  case notAModel(path: String)
  /// The file was a model, but is cut off or changed.
  case damaged(path: String, place: String)
  /// The file was written by a newer version.
  case newer(path: String, version: Int, known: Int)
  /// A part's type is not registered.
  case unknownPart(path: String, reason: String)

  /// What is wrong with which file, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason) Does its folder exist, and may you write there?"
    case .notAModel(let path): "\(path): not a model file; those are written by `mixtures fit … --output`"
    case .damaged(let path, let place): "\(path): a damaged model file: \(place)"
    case .newer(let path, let version, let known):
      "\(path): format \(version), but this program knows formats up to \(known): update it"
    case .unknownPart(let path, let reason): "\(path): \(reason)"
    }
  }

  init(_ error: DecodingError, path: String) {
    func keys(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: " › ")
    }
    switch error {
    case .dataCorrupted(let context) where context.debugDescription.hasPrefix("unknown"):
      self = .unknownPart(path: path, reason: context.debugDescription)
    case .keyNotFound(let key, let context):
      self = .damaged(path: path, place: "\"\(key.stringValue)\" is missing in \(keys(context))")
    case .dataCorrupted(let context), .valueNotFound(_, let context), .typeMismatch(_, let context):
      self = .damaged(path: path, place: "at \(keys(context)): \(context.debugDescription)")
    @unknown default: self = .damaged(path: path, place: "\(error)")
    }
  }
}

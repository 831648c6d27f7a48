import GSL

/// Why a file cannot be read or written.
public enum FileError: DescribedError, Equatable {
  /// The file cannot be opened.
  case unreadable(path: String, reason: String)
  /// The file cannot be written; what was there before still is.
  case unwritable(path: String, reason: String)
  /// Nobody reads any more what is written into a pipe.
  case closedPipe(path: String)
  /// The file is something else than a file of that kind, which `origin` writes.
  case wrongKind(path: String, kind: String, origin: String)
  /// The file was of that kind, but is cut off or changed; `renewal` makes a new one.
  case damaged(path: String, kind: String, place: String, renewal: String)
  /// The file was written by a newer version.
  case newer(path: String, version: Int, known: Int)
  /// The file was written by an older version; `renewal` makes a new one.
  case older(path: String, version: Int, known: Int, renewal: String)
  /// A part's type is not registered.
  case unknownPart(path: String, reason: String)

  /// What is wrong with which file, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .closedPipe(let path): "\(path): cannot be written: nobody reads it any more"
    case .wrongKind(let path, let kind, let origin): "\(path): not a \(kind) file; those are written by \(origin)"
    case .damaged(let path, let kind, let place, let renewal):
      "\(path): a damaged \(kind) file: \(place); undo the change, or \(renewal)"
    case .newer(let path, let version, let known):
      "\(path): format \(version), but this program reads format \(known): update it"
    case .older(let path, let version, let known, let renewal):
      "\(path): format \(version), which an older version wrote; this program reads format \(known): \(renewal)"
    case .unknownPart(let path, let reason): "\(path): \(reason)"
    }
  }
}

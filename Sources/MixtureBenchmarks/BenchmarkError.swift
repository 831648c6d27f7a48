import GSL

/// Why a benchmark cannot go on.
public enum BenchmarkError: DescribedError, Equatable {
  /// Another process is at work in the same folder.
  case inUse(path: String)
  /// A file that should hold the runs that are done holds something else.
  case notAJournal(path: String)
  /// A suite that makes no sense.
  case unusable(String)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .inUse(let path): "\(path): another benchmark is writing to it; wait for it, or take another folder"
    case .notAJournal(let path): "\(path): does not hold runs of a benchmark; take another folder, or delete it"
    case .unusable(let reason): reason
    }
  }
}

import Foundation

/// Why a file could not be opened, read or written, in the system's words: Foundation's own often are no more than a number.
package func systemReason(_ error: any Error) -> String {
  guard let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain else {
    return error.localizedDescription
  }
  return String(cString: strerror(Int32(cause.code)))
}

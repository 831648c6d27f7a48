import Foundation

/// Why a file could not be opened, read or written, in the system's words: Foundation's own often are no more than a number.
package func systemReason(_ error: any Error) -> String {
  let cause = (error as NSError).userInfo[NSUnderlyingErrorKey].flatMap { $0 as? any Error } as NSError?
  guard let cause, cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
  return String(cString: strerror(Int32(cause.code)))
}

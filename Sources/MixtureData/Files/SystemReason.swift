import Foundation

/// Why a file could not be opened, read or written, in the system's words: Foundation's own often are no more than a number.
package func systemReason(_ error: any Error) -> String {
  systemCode(error).map { String(cString: strerror($0)) } ?? error.localizedDescription
}

/// The system's number of an error, if it has one.
func systemCode(_ error: any Error) -> Int32? {
  let cause = (error as NSError).userInfo[NSUnderlyingErrorKey].flatMap { $0 as? any Error } as NSError?
  guard let cause, cause.domain == NSPOSIXErrorDomain else { return nil }
  return Int32(cause.code)
}

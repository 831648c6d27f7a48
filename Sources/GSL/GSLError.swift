import CGSL

/// A failure that GSL reported, with the call and the numbers that caused it.
public struct GSLError: DescribedError, Equatable {
  /// GSL's status code, for example `GSL_EDOM` (1) for an argument outside the domain.
  public let status: Int
  /// The call with its arguments, for example `"ψ(-1.0)"`.
  public let call: String

  /// Creates an error for `call` from one of GSL's statuses.
  package init(status: Int, call: String) {
    self.status = status
    self.call = call
  }

  /// An argument of `call` lies outside its domain.
  package init(domainErrorIn call: String) { self.init(status: GSL_EDOM, call: call) }

  /// What the status means, in plain words; of most statuses, in those of GSL.
  public var reason: String {
    switch status {
    case GSL_EDOM: "a number is out of range"
    case GSL_EOVRFLW: "the result is too large for a number"
    default: String(cString: gsl_strerror(Int32(status)))
    }
  }

  /// The call, and the reason.
  public var description: String { "\(call) failed: \(reason)" }
}

/// Throws unless `status` is success. Underflow is success: its result, zero, is right.
@inline(__always)
func check(_ status: Int32, _ call: @autoclosure () -> String) throws(GSLError) {
  if status != GSL_SUCCESS && status != GSL_EUNDRFLW { throw GSLError(status: Int(status), call: call()) }
}

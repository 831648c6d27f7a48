import Foundation
import Mixtures

/// A line on standard error that tells how far the fit is.
struct ProgressLine: Sendable {
  let isOn: Bool

  func show(_ report: PassReport) {
    guard isOn else { return }
    write(
      String(
        format: "\r\u{1B}[Kstart %d, pass %d, bound %.6f", report.restart + 1, report.pass, report.bound.total))
  }

  /// Clears the line.
  func end() { if isOn { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

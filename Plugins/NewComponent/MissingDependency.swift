import PackagePlugin

/// A dependency that a target must have, and has not.
struct MissingDependency {
  private let name: String
  private let target: String
  /// The package that has it; nil for a target of the user's own.
  private let package: String?

  init(_ name: String, of target: SwiftSourceModuleTarget, from library: Package? = nil) {
    (self.name, self.target, package) = (name, target.name, library?.displayName)
  }

  /// The line for the target's dependencies in `Package.swift`.
  private var line: String {
    "\(target): " + (package.map { ".product(name: \"\(name)\", package: \"\($0)\")," } ?? "\"\(name)\",")
  }

  /// The command that adds it.
  private var command: String {
    "swift package add-target-dependency \(name) \(target)" + (package.map { " --package \($0)" } ?? "")
  }

  /// What to tell the user.
  static func error(_ missing: [MissingDependency]) -> NewComponentError {
    NewComponentError(
      """
      Package.swift lacks dependencies of these targets:

      \(missing.map { "  \($0.line)" }.joined(separator: "\n"))

      Write them there, or let Swift do it:

      \(missing.map { "  \($0.command)" }.joined(separator: "\n"))
      """)
  }
}

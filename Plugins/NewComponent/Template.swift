import Foundation
import PackagePlugin

/// A part and its test in `Plugins/Templates`, to be copied under another name.
struct Template {
  private let name: String
  private let part: String
  private let lawTest: String

  /// The template of a kind.
  init(_ kind: Request.Kind, in library: Package) throws {
    let folder = library.directoryURL.appendingPathComponent("Plugins/Templates")
    name = kind.templateName
    part = try String(contentsOf: folder.appendingPathComponent("Sources/\(name).swift"), encoding: .utf8)
    lawTest = try String(contentsOf: folder.appendingPathComponent("Tests/\(name)Tests.swift"), encoding: .utf8)
  }

  /// The part's file, with its type called `newName`.
  ///
  /// - Throws: `NewComponentError` if the file uses that name for something else.
  func source(named newName: String) throws -> String {
    for text in [part, lawTest] where newName != name {
      let code = text.components(separatedBy: "\n").map { $0.prefix(upTo: $0.range(of: "//")?.lowerBound ?? $0.endIndex) }
      guard try !code.joined(separator: "\n").contains(Regex("\\b\(newName)\\b")) else {
        throw NewComponentError(
          "the new file itself needs something else that is called \(newName): take another name")
      }
    }
    return part.replacing(name, with: newName)
  }

  /// The test's file, for a part called `newName` in a module.
  func test(named newName: String, of moduleName: String) -> String {
    lawTest.replacing(name, with: newName)
      .replacing("@testable import Templates", with: "@testable import \(moduleName)")
  }
}

extension Package {
  /// swift-mixtures, where the templates are: the package itself, or one that it depends on.
  ///
  /// - Throws: `NewComponentError` if it is not there, which cannot be while this plugin is.
  var library: Package {
    get throws {
      var packages = [self]
      var seen: Set<Package.ID> = []
      while let package = packages.popLast() {
        if package.displayName == "swift-mixtures" { return package }
        guard seen.insert(package.id).inserted else { continue }
        packages += package.dependencies.map(\.package)
      }
      throw NewComponentError("\(displayName) does not depend on swift-mixtures")
    }
  }
}

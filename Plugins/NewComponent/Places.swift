import Foundation
import PackagePlugin

/// Where the two files go: in targets of the package that have all that the files need, under names that are free.
struct Places {
  /// The part's file.
  let source: URL
  /// The test's file.
  let test: URL
  /// The module that the test imports.
  let moduleName: String

  /// - Throws: `NewComponentError` if there are no such targets, they lack a dependency, or the name is taken.
  init(_ request: Request, in package: Package, library: Package) throws {
    let modules = package.targets.compactMap { $0 as? SwiftSourceModuleTarget }.sorted { $0.name < $1.name }
    let tests = modules.filter { $0.kind == .test }
    guard
      let target = try modules.filter({ $0.kind == .generic || $0.kind == .executable })
        .choose(request.target, "--target")
    else {
      throw NewComponentError("there is no target for the part: Package.swift needs one of Swift files that is no test")
    }
    // Targets that depend on the part's come before others, which would need one more line.
    guard
      let testTarget = try (tests.filter { $0.depends(onTarget: target.name) } + tests)
        .choose(request.testTarget, "--test-target")
    else {
      throw NewComponentError(
        """
        there is no test target: Package.swift needs one among its targets, such as

          .testTarget(
            name: "\(target.name)Tests",
            dependencies: [
              "\(target.name)", .product(name: "Mixtures", package: "\(library.displayName)"),
              .product(name: "MixtureTestKit", package: "\(library.displayName)"),
            ]),

        and a folder Tests/\(target.name)Tests with a Swift file, which may be empty
        """)
    }
    var missing: [MissingDependency] = []
    if !target.depends(onProduct: "Mixtures") { missing.append(.init("Mixtures", of: target, from: library)) }
    if !testTarget.depends(onTarget: target.name) { missing.append(.init(target.name, of: testTarget)) }
    for product in ["Mixtures", "MixtureTestKit"] where !testTarget.depends(onProduct: product) {
      missing.append(.init(product, of: testTarget, from: library))
    }
    guard missing.isEmpty else { throw MissingDependency.error(missing) }
    // The test would not know which of the two is meant.
    for module in library.modules(ofProducts: ["Mixtures", "MixtureTestKit"]) {
      if try module.file(declaring: request.name, "public ") != nil {
        throw NewComponentError("\(module.name) has a type \(request.name) already: choose another name")
      }
    }
    try target.refuse(request.name)
    try testTarget.refuse("\(request.name)Tests")
    source = target.directoryURL.appendingPathComponent("\(request.name).swift")
    test = testTarget.directoryURL.appendingPathComponent("\(request.name)Tests.swift")
    moduleName = target.moduleName
  }
}

extension Package {
  /// The modules that the products of the given names are made of.
  fileprivate func modules(ofProducts names: [String]) -> [SwiftSourceModuleTarget] {
    let targets = products.filter { names.contains($0.name) }.flatMap(\.targets)
    return (targets + targets.flatMap(\.recursiveTargetDependencies)).compactMap { $0 as? SwiftSourceModuleTarget }
  }
}

extension [SwiftSourceModuleTarget] {
  /// The target of the given name, or else the first; nil if there is none at all.
  ///
  /// - Throws: `NewComponentError` if there are some, but none of that name.
  fileprivate func choose(_ name: String?, _ option: String) throws -> SwiftSourceModuleTarget? {
    guard let name, !isEmpty else { return first }
    if let found = first(where: { $0.name == name }) { return found }
    throw NewComponentError("\(option) \(name): choose among \(Set(map(\.name)).sorted().joined(separator: ", "))")
  }
}

extension SwiftSourceModuleTarget {
  fileprivate func depends(onProduct name: String) -> Bool {
    dependencies.contains { if case .product(let product) = $0 { product.name == name } else { false } }
  }

  fileprivate func depends(onTarget name: String) -> Bool {
    dependencies.contains { if case .target(let target) = $0 { target.name == name } else { false } }
  }

  /// - Throws: `NewComponentError` if the target has a file or a type of that name.
  fileprivate func refuse(_ name: String) throws {
    let file = directoryURL.appendingPathComponent("\(name).swift")
    guard !FileManager.default.fileExists(atPath: file.path) else {
      throw NewComponentError("\(file.path) is there already")
    }
    if let file = try self.file(declaring: name) { throw NewComponentError("\(file.path) has a type \(name) already") }
  }

  /// The file that declares a type of that name behind `modifier`.
  fileprivate func file(declaring name: String, _ modifier: String = "") throws -> URL? {
    let declaration = try Regex("\\b\(modifier)(final )?(actor|class|enum|protocol|struct|typealias)\\s+\(name)\\b")
    return try sourceFiles.first {
      try $0.type == .source && $0.url.pathExtension == "swift"
        && String(contentsOf: $0.url, encoding: .utf8).firstMatch(of: declaration) != nil
    }?.url
  }
}

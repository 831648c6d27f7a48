import Foundation
import PackagePlugin

/// `swift package new-component family|expert|gate|prior|factor NAME`: writes a part of the user's own, which compiles and keeps its laws as
/// it is, and the test of them, into two targets of the package.
///
/// The part is a copy of one in `Plugins/Templates`, under another name.
@main
struct NewComponent: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) async throws {
    guard let request = try Request(arguments) else { return print(Request.usage) }
    let library = try context.package.library
    let places = try Places(request, in: context.package, library: library)
    let template = try Template(request.kind, in: library)
    let files = try [
      NewFile(template.source(named: request.name), at: places.source),
      NewFile(template.test(named: request.name, of: places.moduleName), at: places.test),
    ]
    try NewFile.write(files)
    report(files, request, in: context.package.directoryURL)
  }

  private func report(_ files: [NewFile], _ request: Request, in folder: URL) {
    let paths = files.map { file in
      file.url.path.hasPrefix(folder.path + "/") ? String(file.url.path.dropFirst(folder.path.count + 1)) : file.url.path
    }
    for path in paths { print("wrote \(path)") }
    print("\nIt keeps its laws as it is:\n\n  swift test --filter \(request.name)Tests\n\nThen make it yours:\n")
    for (path, file) in zip(paths, files) {
      for (number, line) in file.text.components(separatedBy: "\n").enumerated() {
        guard let range = line.range(of: "// Change this: ") else { continue }
        print("  \(path):\(number + 1): \(line[range.upperBound...])")
      }
    }
  }
}

/// What is wrong with what the user asked for.
struct NewComponentError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

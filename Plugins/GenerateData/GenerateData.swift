import Foundation
import PackagePlugin

/// `swift package generate-data …`: the package's own `mixtures generate` with the arguments given, in the user's package.
@main
struct GenerateData: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) async throws {
    let process = Process()
    process.executableURL = try context.tool(named: "mixtures").url
    process.arguments = ["generate"] + arguments
    process.currentDirectoryURL = context.package.directoryURL
    try process.run()
    process.waitUntilExit()
    // What is wrong has been told.
    guard process.terminationStatus == 0 else { exit(process.terminationStatus) }
  }
}

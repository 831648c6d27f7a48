import Foundation
import PackagePlugin

/// `swift package generate-data …`: the package's own `mixtures generate` with the arguments given, in the user's package.
@main
struct GenerateData: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) async throws {
    // Optimised, as a tool that the plugin depends on would not be.
    let build = try packageManager.build(.product("mixtures"), parameters: .init(configuration: .release))
    guard build.succeeded, let program = build.builtArtifacts.first(where: { $0.kind == .executable }) else {
      print(build.logText)
      return Diagnostics.error("mixtures, which draws the data, could not be built")
    }
    let process = Process()
    process.executableURL = program.url
    process.arguments = ["generate"] + arguments
    process.currentDirectoryURL = context.package.directoryURL
    try process.run()
    process.waitUntilExit()
    // What is wrong has been told.
    guard process.terminationStatus == 0 else { exit(process.terminationStatus) }
  }
}

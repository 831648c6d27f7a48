// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-mixtures", path: "..")],
  targets: [
    .executableTarget(
      name: "PassBenchmark", dependencies: [.product(name: "Mixtures", package: "swift-mixtures")])
  ],
  swiftLanguageModes: [.v6]
)

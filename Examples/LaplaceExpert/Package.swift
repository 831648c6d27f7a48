// swift-tools-version: 6.2
import PackageDescription

// A package of a user's own with one expert. Elsewhere the dependency is
// .package(url: "https://github.com/swift-mixtures/swift-mixtures", branch: "main").
let mixtures = Target.Dependency.product(name: "Mixtures", package: "swift-mixtures")

let package = Package(
  name: "LaplaceExpert",
  platforms: [.macOS(.v15)],
  products: [.library(name: "LaplaceNoise", targets: ["LaplaceNoise"])],
  dependencies: [.package(name: "swift-mixtures", path: "../..")],
  targets: [
    .target(name: "LaplaceNoise", dependencies: [mixtures]),
    .testTarget(
      name: "LaplaceNoiseTests",
      dependencies: ["LaplaceNoise", mixtures]
        + ["MixtureTestKit", "SyntheticData", "MixtureBenchmarks"].map { .product(name: $0, package: "swift-mixtures") },
      exclude: ["generate.py", "reference.json", "rows.csv"]),
  ],
  swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.2
import PackageDescription

// A package of a user's own with experts of one family. Elsewhere the dependency is
// .package(url: "https://github.com/swift-mixtures/swift-mixtures", branch: "main").
let mixtures = Target.Dependency.product(name: "Mixtures", package: "swift-mixtures")

let package = Package(
  name: "GeometricExpert",
  platforms: [.macOS(.v15)],
  products: [.library(name: "GeometricCounts", targets: ["GeometricCounts"])],
  dependencies: [.package(name: "swift-mixtures", path: "../..")],
  targets: [
    .target(name: "GeometricCounts", dependencies: [mixtures]),
    .testTarget(
      name: "GeometricCountsTests",
      dependencies: ["GeometricCounts", mixtures]
        + ["MixtureTestKit", "SyntheticData", "MixtureBenchmarks"].map { .product(name: $0, package: "swift-mixtures") },
      exclude: ["generate.py", "reference.json", "rows.csv"]),
  ],
  swiftLanguageModes: [.v6]
)

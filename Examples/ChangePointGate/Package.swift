// swift-tools-version: 6.2
import PackageDescription

// A package of a user's own with one gate. Elsewhere the dependency is
// .package(url: "https://github.com/swift-mixtures/swift-mixtures", branch: "main").
let mixtures = Target.Dependency.product(name: "Mixtures", package: "swift-mixtures")

let package = Package(
  name: "ChangePointGate",
  platforms: [.macOS(.v15)],
  products: [.library(name: "ChangePoints", targets: ["ChangePoints"])],
  dependencies: [.package(name: "swift-mixtures", path: "../..")],
  targets: [
    .target(name: "ChangePoints", dependencies: [mixtures]),
    .testTarget(
      name: "ChangePointsTests",
      dependencies: ["ChangePoints", mixtures, .product(name: "MixtureTestKit", package: "swift-mixtures")]),
  ],
  swiftLanguageModes: [.v6]
)

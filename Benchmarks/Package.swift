// swift-tools-version: 6.2
import PackageDescription

let mixtures = Target.Dependency.product(name: "Mixtures", package: "swift-mixtures")
let synthetic = Target.Dependency.product(name: "SyntheticData", package: "swift-mixtures")

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-mixtures", path: "..")],
  targets: [
    .target(name: "BenchmarkData", dependencies: [mixtures]),
    .executableTarget(name: "PassBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "FamilyBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "GateBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "CommandBenchmark"),
    .executableTarget(name: "PerceptronBenchmark", dependencies: [mixtures, "BenchmarkData"]),
    .executableTarget(name: "ReaderBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "StartBenchmark", dependencies: [mixtures, synthetic, "BenchmarkData"]),
    .executableTarget(name: "CoverageBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "CalibrationBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "PriorBenchmark", dependencies: [mixtures]),
    .executableTarget(name: "AccelerationBenchmark", dependencies: [mixtures, "BenchmarkData"]),
  ],
  swiftLanguageModes: [.v6]
)

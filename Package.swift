// swift-tools-version: 6.2
import PackageDescription

/// What `Mixtures` re-exports. Who imports it depends on these by name as well: SwiftPM rebuilds a target when a module changes
/// that it depends on, not when one does that it sees through another.
let core = ["GSL", "MixtureCore", "ConjugateFamilies", "Experts", "Gates", "MixtureData"]
let mixtures = (core + ["Mixtures"]).map { Target.Dependency(stringLiteral: $0) }

let package = Package(
  name: "swift-mixtures",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Mixtures", targets: ["Mixtures"] + core),
    .library(name: "SyntheticData", targets: ["SyntheticData"]),
    .library(name: "MixtureDiagnostics", targets: ["MixtureDiagnostics"]),
    .library(name: "MixtureBenchmarks", targets: ["MixtureBenchmarks"]),
    .library(name: "MixtureTestKit", targets: ["MixtureTestKit"]),
    .executable(name: "mixtures", targets: ["MixturesCommand"]),
    .plugin(name: "GenerateData", targets: ["GenerateData"]),
    .plugin(name: "NewComponent", targets: ["NewComponent"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .target(name: "CGSLSupport", dependencies: ["CGSL"]),
    .target(name: "CVectorMath"),
    .target(name: "GSL", dependencies: ["CGSL", "CGSLSupport"]),
    .target(name: "MixtureCore", dependencies: ["GSL", "CVectorMath"]),
    .target(name: "ConjugateFamilies", dependencies: ["GSL", "MixtureCore"]),
    .target(name: "Experts", dependencies: ["GSL", "MixtureCore", "ConjugateFamilies"]),
    .target(name: "Gates", dependencies: ["GSL", "MixtureCore", "ConjugateFamilies"]),
    .systemLibrary(name: "CLibCSV", providers: [.apt(["libcsv-dev"]), .brew(["libcsv"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CTableCells", dependencies: ["CZlib"],
      linkerSettings: [.linkedLibrary("z"), .linkedLibrary("iconv", .when(platforms: [.macOS]))]),
    .target(name: "MixtureData", dependencies: ["CLibCSV", "CTableCells", "GSL", "MixtureCore"]),
    .target(name: "Mixtures", dependencies: Array(mixtures.dropLast())),
    .target(name: "SyntheticData", dependencies: ["GSL", "MixtureCore", "ConjugateFamilies", "MixtureData"]),
    .target(name: "MixtureDiagnostics", dependencies: mixtures + ["SyntheticData"]),
    .target(name: "MixtureBenchmarks", dependencies: mixtures + ["SyntheticData", "MixtureDiagnostics"]),
    .target(
      name: "MixtureTestKit", dependencies: ["CGSL", "GSL", "MixtureCore", "ConjugateFamilies", "Gates", "SyntheticData"]),
    .executableTarget(
      name: "MixturesCommand",
      dependencies: mixtures + [
        "MixtureDiagnostics", "SyntheticData", "MixtureBenchmarks",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "ToneDemo", dependencies: mixtures + ["MixtureDiagnostics"], path: "Examples/ToneDemo"),
    .target(name: "CircleSearch", dependencies: mixtures + ["MixtureDiagnostics"], path: "Examples/CircleSearch"),
    .executableTarget(
      name: "Circles", dependencies: mixtures + ["CircleSearch", "MixtureDiagnostics"], path: "Examples/Circles"),
    .executableTarget(
      name: "TwoClouds", dependencies: mixtures + ["MixtureDiagnostics"], path: "Examples/TwoClouds"),
    .executableTarget(
      name: "Motorcycle", dependencies: mixtures + ["MixtureDiagnostics"], path: "Examples/Motorcycle"),
    .executableTarget(
      name: "Eye", dependencies: mixtures + ["CircleSearch", "MixtureDiagnostics"], path: "Examples/Eye"),
    .plugin(
      name: "GenerateData",
      capability: .command(
        intent: .custom(verb: "generate-data", description: "Draw simulated data, and write down what is true of them"),
        permissions: [.writeToPackageDirectory(reason: "It writes data and their truth into files that you name.")])),
    .plugin(
      name: "NewComponent",
      capability: .command(
        intent: .custom(
          verb: "new-component", description: "Write a family, expert, gate, prior or factor of your own, with its law test"
        ),
        permissions: [.writeToPackageDirectory(reason: "It writes a source file and a test into two of your targets.")])),
    // What the plugin copies, and the tests that go with it.
    .target(name: "Templates", dependencies: mixtures, path: "Plugins/Templates/Sources"),
    .testTarget(
      name: "TemplateTests", dependencies: mixtures + ["Templates", "MixtureTestKit"], path: "Plugins/Templates/Tests"),
    .target(name: "MixturesBook", dependencies: mixtures, path: "Documentation", exclude: ["PublicSymbols"]),
    // The tests' reference values.
    .target(
      name: "References", path: "Tests/References",
      exclude: [
        "generate.py", "generate_formula.py", "generate_matching.py", "generate_noise.py", "generate_posteriors.py",
        "generate_regressions.py", "generate_softmax.py", "generate_synthetic.py", "generate_uncertainty.py",
        "categorical.json", "dirichlet.json", "exponentials.json", "formula.json", "gamma.json", "gaussian.json",
        "matching.json", "noise.json", "normal-wishart.json", "numpy-files.json", "philox.json", "posteriors.json",
        "regressions.json", "softmax.json", "special-functions.json", "synthetic.json",
        "uncertainty.json",
      ],
      sources: ["Reference.swift"]),
    // Files of which one thing after another is changed.
    .target(name: "DamagedFiles", path: "Tests/DamagedFiles"),
    // What tests need that run the command line.
    .target(name: "CommandSupport", path: "Tests/CommandSupport"),
    .testTarget(name: "GSLTests", dependencies: ["GSL", "CGSLSupport", "References", "MixtureTestKit"]),
    .testTarget(name: "KernelTests", dependencies: ["GSL", "MixtureCore", "CVectorMath", "References"]),
    .testTarget(
      name: "ConjugateFamiliesTests",
      dependencies: ["GSL", "MixtureCore", "ConjugateFamilies", "References", "MixtureTestKit"]),
    .testTarget(name: "LawTests", dependencies: mixtures + ["MixtureTestKit", "SyntheticData"]),
    .testTarget(
      name: "MixtureTests", dependencies: mixtures + ["CTableCells", "DamagedFiles", "References"],
      exclude: ["Foreign"]),
    .testTarget(
      name: "SyntheticDataTests",
      dependencies: mixtures + ["DamagedFiles", "SyntheticData", "MixtureDiagnostics", "MixtureTestKit", "References"]),
    .testTarget(name: "BenchmarkTests", dependencies: mixtures + ["DamagedFiles", "SyntheticData", "MixtureBenchmarks"]),
    .testTarget(
      name: "ScoreTests", dependencies: mixtures + ["SyntheticData", "MixtureDiagnostics", "References"]),
    .testTarget(
      name: "FigureTests", dependencies: mixtures + ["SyntheticData", "MixtureDiagnostics", "MixtureBenchmarks"]),
    .testTarget(
      name: "CommandTests",
      dependencies: ["CommandSupport", "DamagedFiles", "MixturesCommand"] + mixtures + ["References", "SyntheticData"],
      exclude: ["Snapshots", "Faults"]),
    // Hostile files and flags: those that are made anew by `make fuzz`, and those that once did harm.
    .target(name: "FuzzSupport", dependencies: ["CommandSupport", "GSL"], path: "Tests/FuzzSupport"),
    .executableTarget(name: "Fuzz", dependencies: ["CommandSupport", "FuzzSupport"], path: "Tests/Fuzz"),
    .testTarget(
      name: "FuzzTests", dependencies: ["CommandSupport", "FuzzSupport", "MixturesCommand"], exclude: ["Failures"]),
    // The code in the book.
    .testTarget(
      name: "DocumentationTests",
      dependencies: mixtures + [
        "CommandSupport", "MixtureDiagnostics", "MixtureTestKit", "MixturesCommand", "SyntheticData", "Templates",
        "ToneDemo",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// Tests are compiled without optimisation even where what they test is optimised: for their many macros that takes minutes, and
// they have no loops that matter.
for target in package.targets where target.type == .test {
  target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}

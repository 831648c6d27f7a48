/// How many starts a search makes, and how many of them it fits to the end.
package struct SearchSize: Sendable {
  /// How many go on to the end.
  package let places: Int
  /// Whether each recipe has one start only, because nothing was asked for and a search takes long.
  package let isShort: Bool

  /// Unless it is said, how many.
  package static let usualStarts = 10

  /// The size of a search for `experts` that each have a coefficient for each of `features`, and an intercept.
  package init(_ options: FitOptions, experts: Int, features: Int, rows: Int) {
    isShort = options.starts == nil && features >= 100 && experts * (features + 1) >= rows
    places = options.starts ?? (isShort ? 1 : Self.usualStarts)
  }

  /// The recipes of each round of starts, of one recipe.
  func rounds(of recipe: StartRecipe) -> [[StartRecipe]] { Array(repeating: [recipe], count: places) }

  /// The recipes of each round of mixed starts: as many of every recipe, and as many again of varied ones.
  func rounds(of recipes: [StartRecipe]) -> [[StartRecipe]] {
    let all = Array(repeating: recipes, count: places)
    return isShort ? all : all + Array(repeating: recipes.filter(\.isVaried), count: places)
  }

  /// How many starts a mixed search makes under a gate.
  package func startCount(gateReadsFeatures: Bool) -> Int {
    rounds(of: StartRecipe.mixed(gateReadsFeatures: gateReadsFeatures)).reduce(0) { $0 + $1.count }
  }
}

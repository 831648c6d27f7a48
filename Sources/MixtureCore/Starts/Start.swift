import GSL

/// Where the responsibilities of a fit start.
public enum Start: Sendable {
  /// Every recipe, many times, for a few iterations; the best go on.
  case mixed
  /// One recipe, as many times as ``FitOptions/starts`` says.
  case recipe(StartRecipe)
  /// A given table; labels make one too (see ``ResponsibilityTable/init(labels:expertCount:)``). There is one start.
  case responsibilities(ResponsibilityTable)
  /// Planes given by the coefficients of each expert in the units of the data, the intercept first, then one for each
  /// feature: each row belongs to the plane nearest in the response, as in ``StartRecipe/planes``. There is one start.
  case coefficients([[Double]])
  /// The responsibilities that the experts and the gate give to the rows as they are before any data: at their priors, which must
  /// tell them apart. There is one start.
  case priors
  /// The responsibilities that a mixture fitted before gives to these rows; its experts may be of other types, and its parts
  /// have other priors. There is one start.
  case mixture(MixtureModel)
}

extension Start {
  /// Whether it says something of every row, so that a subsample will not do.
  var isGiven: Bool {
    switch self {
    case .mixed, .recipe: false
    case .responsibilities, .coefficients, .priors, .mixture: true
    }
  }

  /// The starts to try: one that is given, `starts` of one recipe, or as many of every recipe and as many again of varied ones; all
  /// of them agree with what the gate knows of rows.
  ///
  /// - Parameters:
  ///   - initial: the mixture as it is before the fit.
  ///   - rows: the rows of the first iterations.
  ///   - data: what was learned of all rows.
  ///   - sample: the rows of which starts are made.
  ///   - options: the seed.
  ///   - size: how many starts there are.
  /// - Throws: ``ArgumentError`` if a given start does not fit the number of experts or features; ``MixtureError`` if it has one
  ///   plane twice.
  func states(
    for initial: MixtureModel, _ rows: any TileSource, _ data: DataSummary, _ sample: RowSample, _ options: FitOptions,
    _ size: SearchSize
  ) throws -> [StartSearch.StartState] {
    let (gate, expertCount) = (initial.gate, initial.expertCount)
    let knowsRows = !gate.knownFeatures.isEmpty
    func given(_ source: any ResponsibilitySource) -> [StartSearch.StartState] {
      let source = knowsRows ? KnownResponsibilities(source, gate: gate) : source
      return [StartSearch.StartState(number: 0, recipe: nil, seed: options.seed, source: source)]
    }
    /// The recipes of each round of starts.
    let rounds: [[StartRecipe]]
    switch self {
    case .priors: return given(MixtureResponsibilities(mixture: initial))
    case .responsibilities(let table):
      try check(table.expertCount, against: expertCount)
      return given(table)
    case .coefficients(let planes):
      try check(planes.count, against: expertCount)
      for (k, plane) in planes.enumerated() {
        if let equal = planes.firstIndex(of: plane), equal < k {
          throw MixtureError.symmetricStart(first: equal, second: k)
        }
      }
      return given(try NearestResponsibilities(planes: planes, scaling: sample.scaling))
    case .mixture(let mixture):
      try check(mixture.expertCount, against: expertCount)
      do { try mixture.validate(for: data) } catch let error as UnfitValue {
        throw DataError("the start was fitted to other columns, or is of other experts, than these rows: \(error)")
      }
      // That mixture may know the columns in other units.
      return given(try ResponsibilityTable(mixture.responsibilities(rows)))
    case .recipe(let recipe): rounds = size.rounds(of: recipe)
    // With one expert all starts are one.
    case .mixed where expertCount == 1: rounds = size.rounds(of: .random)
    case .mixed:
      rounds = size.rounds(
        of: StartRecipe.mixed(gateReadsFeatures: gate.readsFeatures && sample.gateScaling.featureCount > 0))
    }
    let seeds = RandomSource(seed: options.seed)
    let starts = rounds.enumerated().flatMap { round, recipes in
      // Every recipe has the same seeds, so that all its starts are among the mixed ones. The first is the fit's own, so that
      // a start can be repeated alone; the others have 53 bits, because JSON readers take numbers for doubles.
      var stream = seeds.split(UInt64(round))
      let seed = round == 0 ? options.seed : stream.next() >> 11
      return recipes.map { (recipe: $0, seed: seed) }
    }
    return try starts.enumerated().map { number, start in
      let source = start.recipe.source(sample, expertCount: expertCount, seed: start.seed)
      return StartSearch.StartState(
        number: number, recipe: start.recipe, seed: start.seed,
        source: knowsRows ? try KnownResponsibilities(source, gate: gate).aligned(over: rows, in: data.units) : source)
    }
  }

  private func check(_ count: Int, against expertCount: Int) throws {
    guard count == expertCount else {
      throw ArgumentError(
        Start.self, argument: "the number of experts", value: count, need: "\(expertCount), as many as the mixture has")
    }
  }
}

import Mixtures

/// How large slopes are.
enum Signal {
  case none
  /// Two standard errors.
  case weak
}

extension CoverageBenchmark {
  private static func fit(
    _ features: [[Double]], _ response: [Double], experts: Int, _ noise: LinearNoise = .shared, from start: Start = .mixed,
    seed: UInt64
  ) throws -> Fit {
    let columns = features.enumerated().map { (column: ColumnSchema("x\($0 + 1)"), values: $1) }
    let rows = try Observations(features: columns, responses: [("y", response)])
    var options = FitOptions()
    options.seed = seed
    options.starts = experts == 1 ? 1 : 3
    let start: Start = experts == 1 ? .recipe(.random) : start
    return try MixtureModel(gate: DirichletGate(), blocks: [Block(experts, LinearExpert(noise: noise))])
      .fitBlocking(rows, from: start, options: options)
  }

  private static func columns(_ count: Int, rows: Int, _ source: inout RandomSource) -> [[Double]] {
    (0..<count).map { _ in (0..<rows).map { _ in source.gaussian() } }
  }

  /// y = 0.3 + Σ slope x + noise of sd 1.
  static func lone(features: Int, rows: Int, _ signal: Signal, sets: Int) throws -> Tally {
    var tally = Tally()
    let slope = signal == .none ? 0 : 2 / Double(rows).squareRoot()
    for set in 0..<sets {
      var source = RandomSource(seed: UInt64(1000 * features + rows) << 20 + UInt64(set))
      let x = columns(features, rows: rows, &source)
      let y = (0..<rows).map { i in x.reduce(0.3) { $0 + slope * $1[i] } + source.gaussian() }
      let fit = try fit(x, y, experts: 1, seed: UInt64(set))
      try tally.note(fit.parameters[0], truth: [0.3] + x.map { _ in slope })
    }
    return tally
  }

  /// Levels at −10, 0 and 10, a third of the rows each, and features without signal; the middle one's intervals.
  static func levels(features: Int, rows: Int, sets: Int) throws -> Tally {
    var tally = Tally()
    for set in 0..<sets {
      var source = RandomSource(seed: UInt64(1000 * features + 7 * rows) << 20 + UInt64(set))
      let x = columns(features, rows: rows, &source)
      let y = (0..<rows).map { 10 * Double($0 % 3 - 1) + source.gaussian() }
      // From the truth: what is asked is what the intervals hold, not whether so few starts find three experts.
      let start = Start.responsibilities(try ResponsibilityTable(labels: (0..<rows).map { $0 % 3 }, expertCount: 3))
      let fit = try fit(x, y, experts: 3, from: start, seed: UInt64(set))
      let experts = fit.parameters.sorted { $0[0].value < $1[0].value }
      try tally.note(experts[1], truth: [0] + x.map { _ in 0 })
    }
    return tally
  }

  /// Half of the rows y = 0.05 Σ x, half y = distance + 2.75 Σ x, noise sd 1: the flat expert's intervals.
  static func flat(features: Int, rows: Int, distance: Double, sets: Int) throws -> Tally {
    var tally = Tally()
    for set in 0..<sets {
      var source = RandomSource(seed: UInt64(100 * rows + features) << 20 + UInt64(set))
      let x = columns(features, rows: rows, &source)
      let y = (0..<rows).map { i in
        let sum = x.reduce(0) { $0 + $1[i] }
        return (i % 2 == 0 ? 0.05 * sum : distance + 2.75 * sum) + source.gaussian()
      }
      let fit = try fit(x, y, experts: 2, seed: UInt64(set))
      let flat = fit.parameters.min { abs($0[1].value) < abs($1[1].value) }!
      try tally.note(flat, truth: [0] + x.map { _ in 0.05 })
    }
    return tally
  }

  /// Five rows of y = 1 + 2 x with x from −1 to 1 and noise sd 0.7: intervals of responses at x = 10.
  static func responsesFarAway(fits: Int) throws -> Double {
    var share = Share()
    for set in 0..<fits {
      var source = RandomSource(seed: UInt64(17) << 20 + UInt64(set))
      let x = (0..<5).map { _ in 2 * source.uniform() - 1 }
      let fit = try fit([x], x.map { 1 + 2 * $0 + 0.7 * source.gaussian() }, experts: 1, seed: UInt64(set))
      let responses = (0..<1000).map { _ in 21 + 0.7 * source.gaussian() }
      let new = try Observations(
        features: [("x1", responses.map { _ in 10 })], responses: [("y", responses)])
      let distribution = try fit.predictiveMixture.predict(new)[0]
      for response in responses {
        let below = distribution.cumulative(at: response)
        share.note(below >= 0.025 && below <= 0.975)
      }
    }
    return Double(share.held) / Double(share.count)
  }

  /// Lines y = 1 + 2 x1 − x2 and, of two, y = −1 − x1 + 1.5 x2, noise sd 0.8 and 0.5: intervals of fresh responses.
  static func responses(experts: Int, rows: Int, _ noise: LinearNoise, fits: Int) throws -> Double {
    func draw(_ count: Int, _ source: inout RandomSource) -> ([[Double]], [Double]) {
      let x = columns(2, rows: count, &source)
      let y = (0..<count).map { i in
        experts == 1 || source.uniform() < 0.5
          ? 1 + 2 * x[0][i] - x[1][i] + 0.8 * source.gaussian()
          : -1 - x[0][i] + 1.5 * x[1][i] + (noise == .shared ? 0.8 : 0.5) * source.gaussian()
      }
      return (x, y)
    }
    var share = Share()
    for set in 0..<fits {
      var source = RandomSource(seed: UInt64(13 * rows + experts) << 20 + UInt64(set))
      let (x, y) = draw(rows, &source)
      let fit = try fit(x, y, experts: experts, noise, seed: UInt64(set))
      let (fresh, responses) = draw(1000, &source)
      let columns = fresh.enumerated().map { (column: ColumnSchema("x\($0 + 1)"), values: $1) }
      let new = try Observations(features: columns, responses: [("y", responses)])
      for (distribution, response) in zip(try fit.predictiveMixture.predict(new), responses) {
        // An interval holds the response if its probability does, which needs no quantile.
        let below = distribution.cumulative(at: response)
        share.note(below >= 0.025 && below <= 0.975)
      }
    }
    return Double(share.held) / Double(share.count)
  }
}

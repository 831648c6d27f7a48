import BenchmarkData
import Mixtures
import SyntheticData

extension StartBenchmark {
  /// Mixtures of other families.
  static func familyBenchmarks() throws -> [FitBenchmark] {
    let (npreg, seizure) = (try ClassicData.npreg.table, try ClassicData.seizure.table)
    func drawn(_ recipe: String, experts: Int, rows: Int, seed: UInt64) throws -> Table {
      try SyntheticDataSet(Recipe(recipe).generator(RecipeParameters(experts: experts), seed: seed), rows: rows, seed: seed)
        .table()
    }
    return try [
      FitBenchmark(
        "npreg, poisson, K = 2", npreg, "yp ~ x", block: poisson(2), reference: -440.640294),
      FitBenchmark(
        "seizure, poisson, K = 2", seizure, "Seizures ~ Treatment * log(Day) + offset(log(Hours))", block: poisson(2),
        reference: -376.176205),
      FitBenchmark(
        "seizure, poisson, K = 3", seizure, "Seizures ~ Treatment * log(Day) + offset(log(Hours))", block: poisson(3)),
      FitBenchmark(
        "npreg, bernoulli in groups, K = 2", npreg, "yb ~ x", groups: "id2",
        block: Block(2, BernoulliExpert(estimate: .maximumLikelihood)), reference: -92.699293),
      FitBenchmark(
        "poisson, n = 2, K = 3", drawn("poisson", experts: 3, rows: 500, seed: 1), "y ~ x1 + x2", block: poisson(3)),
      FitBenchmark(
        "poisson, n = 2, K = 4", drawn("poisson", experts: 4, rows: 500, seed: 2), "y ~ x1 + x2", block: poisson(4)),
      FitBenchmark(
        "poisson of exposures, K = 4", drawn("poisson:20", experts: 4, rows: 500, seed: 3),
        "y ~ x1 + x2 + offset(log(exposure))", block: poisson(4)),
      FitBenchmark(
        "binomial, n = 2, K = 3", drawn("binomial", experts: 3, rows: 500, seed: 1), "y ~ x1 + x2", trials: "trials",
        block: binomial(3)),
      FitBenchmark(
        "binomial, n = 2, K = 4", drawn("binomial:20", experts: 4, rows: 500, seed: 2), "y ~ x1 + x2", trials: "trials",
        block: binomial(4)),
    ]
  }

  private static func poisson(_ experts: Int) -> any AnyBlock {
    Block(experts, PoissonExpert(estimate: .maximumLikelihood))
  }

  private static func binomial(_ experts: Int) -> any AnyBlock {
    Block(experts, BinomialExpert(estimate: .maximumLikelihood))
  }
}

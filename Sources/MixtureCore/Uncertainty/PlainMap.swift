import GSL

/// One plain iteration as a map of the parameters θ of a mixture of points, for the laws: at the maximum of the likelihood the rate at which EM
/// approaches it tells the information that the assignments would add, I_obs = I_complete (I − ∂M/∂θ) (SEM; Meng & Rubin 1991).
package struct PlainMap {
  private let mixture: MixtureModel
  private let layout: ParameterLayout
  private let driver: MeanFieldDriver

  /// The map of a fitted mixture of points.
  ///
  /// - Throws: what the rows' source throws.
  package init(_ mixture: MixtureModel, _ rows: some TileSource) throws {
    let layout = ParameterLayout(mixture)
    self.mixture = layout.moved(mixture, to: layout.values)
    self.layout = ParameterLayout(self.mixture)
    let engine = try PassEngine(rows: rows, for: mixture, threads: 1)
    driver = MeanFieldDriver(engine: engine, options: FitOptions())
  }

  /// θ of the mixture.
  package var values: [Double] { layout.values }

  /// θ after an iteration from other values of it.
  package func callAsFunction(_ values: [Double]) throws -> [Double] {
    let moved = layout.moved(mixture, to: values)
    let next = try driver.updated(
      moved, driver.engine.statistics(of: moved), under: MixtureResponsibilities(mixture: moved), iteration: 1)
    return ParameterLayout(next).values
  }

  /// The information of the complete rows and of the observed ones, each with the curvature of the priors.
  package func information() throws -> (complete: Matrix, observed: Matrix) {
    let sums = try driver.engine.information(of: mixture, layout, withScoreSquares: false)
    let prior = try layout.priorCurvature()
    return (sums.complete + prior, sums.observed + prior)
  }

  /// I_complete (I − ∂M/∂θ), by differences of a hundredth of a standard error.
  package func informationByRates() throws -> Matrix {
    let complete = try information().complete
    let values = values
    var rates = Matrix(rows: values.count, columns: values.count)
    for b in values.indices {
      let difference = try CentralDifference(step: 0.01 / complete[b, b].squareRoot()) { offset in
        var point = values
        point[b] += offset
        return try self(point)
      }
      for a in values.indices { rates[a, b] = (a == b ? 1 : 0) - difference.slope { $0[a] } }
    }
    return complete * rates
  }
}

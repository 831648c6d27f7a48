import GSL

/// A local model that tells how the log-likelihood of a row changes with its parameters: all that standard errors, robust covariances and
/// the uncertainty of predictions need beyond fitting (Louis 1982).
///
/// The parameters of a block are θ, numbers without bounds such as coefficients and ln σ². Of parameters that have a distribution the
/// derivatives are expectations under it, E ∂ ln p / ∂θ: of the likelihood itself, never of a bound of it, since a bound leaves out what its own
/// variables do not know.
///
/// The laws of such models compare the derivatives with differences of the log-likelihood, and the covariance that follows with that of SEM
/// (Meng & Rubin 1991).
public protocol DifferentiableModel: LocalModel {
  /// Where each expert's parameters are among those of the block.
  static func parameterPlaces(of experts: [Self], sharing shared: Shared) -> ParameterPlaces

  /// θ of the experts, a number for each place.
  static func parameterValues(of experts: [Self], sharing shared: Shared) -> [Double]

  /// Makes the experts certain of other values of θ: points, whatever distributions they had.
  static func move(_ experts: inout [Self], sharing shared: inout Shared, to values: [Double])

  /// Writes the gradient ∂ ln p(yᵢ | xᵢ, θ_k) / ∂θ_k of each row as if it were expert k's, and adds the complete information of each expert,
  /// −Σ_i r_ik ∂² ln p(yᵢ | xᵢ, θ_k) / ∂θ_k ∂θ_kᵀ.
  ///
  /// - Parameters:
  ///   - experts: the experts of a block.
  ///   - shared: what they own together.
  ///   - tile: the rows.
  ///   - responsibilities: r_ik, row weights included, a column for each expert.
  ///   - gradients: a column for each parameter, the columns of expert after expert, each ``Tile/capacity`` numbers long; zeros.
  ///   - information: the pairs a ≤ b of an expert's parameters in the order (0,0), (0,1), …, (1,1), …, those of expert after expert.
  static func differentiate(
    _ experts: [Self], sharing shared: Shared, on tile: Tile, weighedBy responsibilities: Span<Double>,
    gradients: inout MutableSpan<Double>, information: inout MutableSpan<Double>) throws

  /// ln p(θ) of the prior at θ, as a density of θ; of points its logarithm as they maximise it. Zero where the prior is flat, as under maximum
  /// likelihood. Learned parameters of priors are held as they are.
  static func logPrior(of experts: [Self], sharing shared: Shared) throws -> Double

  /// −∂² ln p(θ) / ∂θ ∂θᵀ of the prior at θ, a row for each place. By default by differences.
  static func priorCurvature(of experts: [Self], sharing shared: Shared) throws -> Matrix

  /// Makes what is known of each expert as wide as a covariance of θ says, for predictions, in which each expert counts by itself. By default the
  /// experts stay as they are.
  static func spread(_ experts: inout [Self], sharing shared: inout Shared, over covariance: Matrix)

  /// How what the experts tell in ``LocalModel/parameters(for:)`` changes with θ, in the same order; of what is known, or pruned, there is
  /// nothing. By default by differences.
  static func slopes(of experts: [Self], sharing shared: Shared, for data: DataSummary) -> [[ParameterSlopes]]
}

/// Where the parameters of a block's experts are in one list: experts that share a parameter have one place for it.
public struct ParameterPlaces: Sendable, Equatable {
  /// The number of places.
  public var count: Int
  /// The place of each parameter of each expert; nil for one that is known.
  public var ofExpert: [[Int?]]

  /// Places in a list of `count` numbers.
  public init(count: Int, ofExpert: [[Int?]]) { (self.count, self.ofExpert) = (count, ofExpert) }
}

/// How a number that is told of a part changes with the part's parameters θ: its derivatives by those on which it depends.
public struct ParameterSlopes: Sendable, Equatable {
  /// The places of the parameters on which it depends, and the derivatives by them.
  public var terms: [(place: Int, slope: Double)]

  /// A number that depends on the parameters at these places.
  public init(_ terms: [(place: Int, slope: Double)] = []) { self.terms = terms }

  /// Whether both have the same terms.
  public static func == (one: Self, other: Self) -> Bool {
    one.terms.elementsEqual(other.terms) { $0 == $1 }
  }

  /// Slopes by differences of step 2⁻¹⁰, to fourth order.
  ///
  /// - Parameters:
  ///   - values: θ.
  ///   - told: the numbers that are told under other values of θ.
  package static func byDifferences(at values: [Double], of told: ([Double]) -> [Double]) -> [ParameterSlopes] {
    var slopes = told(values).map { _ in ParameterSlopes() }
    for place in values.indices {
      let difference = CentralDifference(step: 0x1p-10 * max(1, abs(values[place]))) { offset in
        var moved = values
        moved[place] += offset
        return told(moved)
      }
      for index in slopes.indices {
        let slope = difference.slope { $0[index] }
        if slope != 0 { slopes[index].terms.append((place, slope)) }
      }
    }
    return slopes
  }
}

extension Matrix {
  /// −∂² f / ∂θ ∂θᵀ by differences of step 2⁻⁸, to second order.
  package static func curvature(at values: [Double], of function: ([Double]) throws -> Double) rethrows -> Matrix {
    let steps = values.map { 0x1p-8 * max(1, abs($0)) }
    func moved(_ a: Int, _ stepsOfA: Double, _ b: Int, _ stepsOfB: Double) throws -> Double {
      var point = values
      point[a] += stepsOfA * steps[a]
      point[b] += stepsOfB * steps[b]
      return try function(point)
    }
    var result = Matrix(rows: values.count, columns: values.count)
    for a in values.indices {
      for b in 0...a {
        let sum = try moved(a, 1, b, 1) - moved(a, 1, b, -1) - moved(a, -1, b, 1) + moved(a, -1, b, -1)
        result[a, b] = -sum / (4 * steps[a] * steps[b])
        result[b, a] = result[a, b]
      }
    }
    return result
  }
}

extension DifferentiableModel {
  /// By differences of step 2⁻⁸ in each θ.
  public static func priorCurvature(of experts: [Self], sharing shared: Shared) throws -> Matrix {
    try Matrix.curvature(at: parameterValues(of: experts, sharing: shared)) { values in
      var (moved, sharedByMoved) = (experts, shared)
      move(&moved, sharing: &sharedByMoved, to: values)
      return try logPrior(of: moved, sharing: sharedByMoved)
    }
  }

  /// Leaves the experts as they are.
  public static func spread(_ experts: inout [Self], sharing shared: inout Shared, over covariance: Matrix) {}

  /// By differences of step 2⁻¹⁰ in each θ, to fourth order.
  public static func slopes(
    of experts: [Self], sharing shared: Shared, for data: DataSummary
  ) -> [[ParameterSlopes]] {
    let counts = experts.map { $0.parameters(for: data).count }
    let slopes = ParameterSlopes.byDifferences(at: parameterValues(of: experts, sharing: shared)) { values in
      var (moved, sharedByMoved) = (experts, shared)
      move(&moved, sharing: &sharedByMoved, to: values)
      return moved.flatMap { $0.parameters(for: data).map(\.value) }
    }
    return ranges(of: counts).map { Array(slopes[$0]) }
  }
}

import Foundation
import GSL
import MixtureCore

/// The experts of a block, laid out for the two matrix products of a pass.
public struct RegressionTables<Family: ResponseFamily>: Sendable {
  let family: Family
  let scales: [Family.Scale]
  let coordinates: CoefficientCoordinates
  /// Under which a tile keeps what both halves of a pass need.
  private let pass = PassMark()
  /// The means m_k, one column an expert.
  let means: [Double]
  /// B_k by pairs a ≤ b, the off-diagonal ones doubled, one column an expert.
  let covariances: [Double]
  /// Whether any covariance is not zero; all are for point estimates.
  let hasSpread: Bool

  var count: Int { scales.count }

  init(_ experts: [Regression<Family>]) {
    family = experts[0].family
    scales = experts.map(\.scale)
    coordinates = experts[0].coordinates
    means = experts.flatMap(\.posterior.mean)
    hasSpread = experts.contains { !$0.posterior.free.isEmpty }
    covariances = experts.flatMap { $0.posterior.covariance.pairsOfQuadraticForm() }
  }

  /// What of a tile's rows both halves of a pass need, one column an expert in each.
  struct Rows {
    /// ∂s/∂μ, over the scale's factor.
    var slopes: [Double]
    /// −2 ∂s/∂v likewise; empty where it is 1.
    var curvatures: [Double]
    /// The terms of the scales, for each expert one column after another.
    var terms: [Double]
    /// The scores themselves; only where steps are checked by them do they mean anything.
    var scores: [Double]
  }

  /// Slopes, curvatures and terms of a tile's rows, evaluated once for both halves of a pass.
  func rows(on tile: Tile) -> Rows {
    let room = room(on: tile)
    if !room.isFilled {
      var scores = room.take(Place.scores)
      withMutableSpan(of: &scores) { fill(room, tile, scores: &$0) }
      room.matrices[Place.scores] = scores
    }
    return Rows(
      slopes: room.matrices[Place.slopes], curvatures: room.matrices[Place.curvatures],
      terms: room.matrices[Place.terms], scores: room.matrices[Place.scores])
  }

  /// Writes the scores of a tile's rows, and keeps what goes with them.
  func evaluate(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let room = room(on: tile)
    fill(room, tile, scores: &scores)
    if !Family.stepIsSafe {
      withMutableSpan(of: &room.matrices[Place.scores]) { VectorKernels.copy(scores.span, into: &$0) }
    }
  }

  private func room(on tile: Tile) -> TileRoom {
    let (room, columns) = (tile.room(of: pass), count * tile.capacity)
    room.reserve([
      columns, Family.hasUnitCurvature ? 0 : columns, Family.Scale.termCount * columns, columns, tile.capacity,
      Family.hasConstants ? tile.capacity : 0,
    ])
    return room
  }

  private func fill(_ room: TileRoom, _ tile: Tile, scores: inout MutableSpan<Double>) {
    let design = tile.design(coordinates.standardization)
    if hasSpread {
      design.multiplyPairs(by: covariances.span, columns: count, into: &scores)
    } else {
      VectorKernels.copy([Double]().span, into: &scores)
    }
    withMutableSpan(of: &room.matrices[Place.slopes]) { design.multiply(by: means.span, columns: count, into: &$0) }
    let response = predictors(tile, room)
    var (slopes, curvatures, terms) = (room.take(Place.slopes), room.take(Place.curvatures), room.take(Place.terms))
    evaluate(response, tile, scores: &scores, slopes: &slopes, curvatures: &curvatures, terms: &terms)
    if Family.hasConstants { addConstants(of: response, tile, room, to: &scores) }
    (room.matrices[Place.slopes], room.matrices[Place.curvatures]) = (slopes, curvatures)
    room.matrices[Place.terms] = terms
    room.isFilled = true
  }

  /// Lets the family evaluate each expert's columns.
  private func evaluate(
    _ response: ResponseRows, _ tile: Tile, scores: inout MutableSpan<Double>, slopes: inout [Double],
    curvatures: inout [Double], terms: inout [Double]
  ) {
    var slopes = slopes.mutableSpan
    var curvatures = curvatures.mutableSpan
    var terms = terms.mutableSpan
    let termCount = Family.Scale.termCount
    for k in 0..<count {
      let column = tile.column(k)
      scores.withElements(in: column) { scores in
        slopes.withElements(in: column) { slopes in
          curvatures.withElements(in: Family.hasUnitCurvature ? 0..<0 : column) { curvatures in
            terms.withElements(in: (column.lowerBound * termCount)..<(column.upperBound * termCount)) { terms in
              family.evaluate(
                response, scale: scales[k], scores: &scores, slopes: &slopes, curvatures: &curvatures, terms: &terms)
            }
          }
        }
      }
    }
  }

  /// Adds to the scores of all experts what the family's leave out.
  private func addConstants(
    of response: ResponseRows, _ tile: Tile, _ room: TileRoom, to scores: inout MutableSpan<Double>
  ) {
    withMutableSpan(of: &room.matrices[Place.constants]) { constants in
      for i in constants.indices { constants[i] = 0 }
      family.constants(of: response, into: &constants)
      for k in 0..<count {
        scores.withElements(in: tile.column(k)) {
          VectorKernels.add(constants.span.extracting(0..<tile.capacity), to: &$0)
        }
      }
    }
  }

  /// Makes of wᵀx the means of η, and returns the responses: both less offset and centre for a family of residuals.
  private func predictors(_ tile: Tile, _ room: TileRoom) -> ResponseRows {
    if Family.isOfResiduals {
      let response = tile.responseLessOffset
      withMutableSpan(of: &room.matrices[Place.centred]) {
        VectorKernels.standardize(response.span, centre: coordinates.centre, scale: 1, into: &$0)
      }
      return ResponseRows(count: tile.rowCount, values: room.matrices[Place.centred])
    }
    let centre = coordinates.centre
    withMutableSpan(of: &room.matrices[Place.slopes]) { means in
      for k in 0..<count {
        means.withElements(in: tile.column(k)) { means in
          if let offset = tile.offset { VectorKernels.add(offset.span, to: &means) }
          if centre != 0 { VectorKernels.add(centre, to: &means) }
        }
      }
    }
    return ResponseRows(count: tile.rowCount, values: tile.response, trials: tile.trials)
  }
}

/// Where in the room of a tile which matrix is.
private enum Place { static let slopes = 0, curvatures = 1, terms = 2, scores = 3, centred = 4, constants = 5 }

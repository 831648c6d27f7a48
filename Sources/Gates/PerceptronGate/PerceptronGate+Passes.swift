import GSL
import MixtureCore

// Forward and backward through the layers, a tile at a time and through BLAS.
//
// With A_ℓ what goes into layer ℓ, a row for each assignment (A_0 = X, the standardised features), and a column of ones for the
// biases: A_{ℓ+1} = σ(A_ℓ V_ℓ) and P = softmax(A_L V_L). With R the responsibilities times the weights w = R 1 of the assignments,
// Δ_L = R − w ∘ P, ∂/∂V_ℓ = A_ℓᵀ Δ_ℓ, and Δ_{ℓ−1} = (Δ_ℓ V_ℓᵀ) ∘ σ′, where the column of ones is left out.

extension PerceptronGate {
  /// ln π_k(x_i, V) of each assignment.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (design, shape) = (tile.gateDesign(standardization), shape)
    design.withScratch(matrices: shape.columnCounts) { matrices in
      forward(design, tile.capacity, &matrices)
      let logWeights = matrices[shape.logWeights]
      let entries = 0..<(expertCount * tile.capacity)
      scores.withElements(in: entries) { VectorKernels.copy(logWeights.span.extracting(entries), into: &$0) }
    }
  }

  /// ln π_k(x_i, V) of each assignment: the weights are a point estimate.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogWeights(tile, into: &scores)
  }

  /// Adds the weight Σ_ik r_ik of the assignments, Σ_ik r_ik ln π_k(x_i, V), and its gradient.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    let (design, shape) = (tile.gateDesign(standardization), shape)
    design.withScratch(matrices: shape.columnCounts) { matrices in
      forward(design, tile.capacity, &matrices)
      let logWeights = matrices[shape.logWeights]
      for k in 0..<expertCount {
        let column = tile.column(k)
        statistics[0] += VectorKernels.sum(responsibilities.extracting(column))
        statistics[1] += VectorKernels.dot(responsibilities.extracting(column), logWeights.span.extracting(column))
      }
      goBack(from: responsibilities, tile, &matrices) { layer, inputs, derivatives in
        statistics.withElements(in: (2 + layer.range.lowerBound)..<(2 + layer.range.upperBound)) { gradient in
          if inputs.isEmpty {
            design.accumulate(weighedBy: derivatives.span, columns: layer.outputs, into: &gradient, stride: layer.inputs)
          } else {
            multiply(
              inputs.span, rows: layer.inputs, stride: tile.capacity, transposed: true, derivatives.span,
              columns: layer.outputs, stride: tile.capacity, inner: tile.capacity, into: &gradient, stride: layer.inputs,
              accumulating: true)
          }
        }
      }
    }
  }

  /// Writes the gradient of ln π_k of each assignment, a column for each of the first `count` weights.
  func writeGradients(
    ofExpert expert: Int, _ tile: Tile, count: Int, into gradients: inout MutableSpan<Double>
  ) {
    let (design, shape, capacity) = (tile.gateDesign(standardization), shape, tile.capacity)
    var ofExpert = [Double](repeating: 0, count: expertCount * capacity)
    for i in 0..<tile.assignmentCount { ofExpert[expert * capacity + i] = 1 }
    design.withScratch(matrices: shape.columnCounts) { matrices in
      forward(design, capacity, &matrices)
      goBack(from: ofExpert.span, tile, &matrices) { layer, inputs, derivatives in
        for unit in 0..<layer.outputs where layer.offset + (unit + 1) * layer.inputs <= count {
          let first = (layer.offset + unit * layer.inputs) * capacity
          let ofUnit = derivatives.span.extracting(tile.column(unit))
          gradients.withElements(in: first..<(first + layer.inputs * capacity)) { gradients in
            if inputs.isEmpty { return design.multiplyColumns(by: ofUnit, into: &gradients) }
            for input in 0..<layer.inputs {
              gradients.withElements(in: tile.column(input)) {
                VectorKernels.multiply(inputs.span.extracting(tile.column(input)), ofUnit, into: &$0)
              }
            }
          }
        }
      }
    }
  }

  /// Hands over each layer, the last first, with what goes into it (of the first layer nothing, for that is the design) and the derivatives Δ_ℓ.
  private func goBack(
    from responsibilities: Span<Double>, _ tile: Tile, _ matrices: inout [[Double]],
    _ body: (_ layer: PerceptronShape.Layer, _ inputs: [Double], _ derivatives: [Double]) -> Void
  ) {
    let shape = shape
    withMutableSpan(of: &matrices[shape.output]) { differ(from: responsibilities, tile, &$0) }
    for index in shape.layers.indices.reversed() {
      body(shape.layers[index], index > 0 ? matrices[index - 1] : [], matrices[shape.derivatives(index)])
      if index > 0 { backward(through: index, tile.capacity, &matrices) }
    }
  }

  /// What each layer gives, at last P, and ln P.
  private func forward(_ design: TileDesign, _ capacity: Int, _ matrices: inout [[Double]]) {
    let shape = shape
    for (index, layer) in shape.layers.enumerated() {
      let inputs = index > 0 ? matrices[index - 1] : []
      let ones = index < shape.output ? shape.biasCount * capacity : 0
      let parameters = parameters
      withMutableSpan(of: &matrices[index]) { outputs in
        for i in 0..<ones { outputs[i] = 1 }
        outputs.withElements(in: ones..<(ones + layer.outputs * capacity)) { outputs in
          let weights = parameters.span.extracting(layer.range)
          if index == 0 {
            design.multiply(by: weights, columns: layer.outputs, into: &outputs)
          } else {
            multiply(
              inputs.span, rows: capacity, stride: capacity, transposed: false, weights, columns: layer.outputs,
              stride: layer.inputs, inner: layer.inputs, into: &outputs, stride: capacity)
          }
          if index < shape.output { activation.apply(to: &outputs) }
        }
      }
    }
    normalize(capacity, &matrices)
  }

  /// The output's scores become P, and ln P = score − ln Σ exp(score).
  private func normalize(_ capacity: Int, _ matrices: inout [[Double]]) {
    let (shape, count) = (shape, expertCount * capacity)
    do {
      let scores = matrices[shape.output]
      withMutableSpan(of: &matrices[shape.logWeights]) { logWeights in
        VectorKernels.copy(scores.span.extracting(0..<count), into: &logWeights)
      }
    }
    var weights: [Double] = []
    swap(&weights, &matrices[shape.output])
    withMutableSpan(of: &weights) { weights in
      withMutableSpan(of: &matrices[shape.logWeights]) { logWeights in
        weights.withElements(in: 0..<count) {
          normalizeLogWeights(&logWeights, copiedTo: &$0, columns: expertCount, capacity: capacity)
        }
      }
    }
    swap(&weights, &matrices[shape.output])
  }

  /// P becomes R − w ∘ P.
  private func differ(from responsibilities: Span<Double>, _ tile: Tile, _ weights: inout MutableSpan<Double>) {
    var totals = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &totals) { totals in
      for k in 0..<expertCount { VectorKernels.add(responsibilities.extracting(tile.column(k)), to: &totals) }
    }
    for k in 0..<expertCount {
      weights.withElements(in: tile.column(k)) { weights in
        VectorKernels.multiply(by: totals.span, &weights)
        VectorKernels.subtract(from: responsibilities.extracting(tile.column(k)), &weights)
      }
    }
  }

  /// From the derivatives with respect to what goes into layer `index` to those of the layer before.
  private func backward(through index: Int, _ capacity: Int, _ matrices: inout [[Double]]) {
    let (shape, parameters) = (shape, parameters)
    let (layer, units) = (shape.layers[index], shape.layers[index - 1].outputs)
    let (after, values) = (matrices[shape.derivatives(index)], matrices[index - 1])
    let first = shape.biasCount
    withMutableSpan(of: &matrices[shape.derivatives(index - 1)]) { before in
      before.withElements(in: 0..<(units * capacity)) { before in
        let weights = parameters.span.extracting(layer.range)
        multiply(
          after.span, rows: capacity, stride: capacity, transposed: false, weights.extracting(first..<weights.count),
          columns: units, stride: layer.inputs, transposed: true, inner: layer.outputs, into: &before, stride: capacity)
        activation.multiply(
          bySlopeAt: values.span.extracting((first * capacity)..<((first + units) * capacity)), &before)
      }
    }
  }
}

extension PerceptronGate.Activation {
  /// x ← σ(x).
  fileprivate func apply(to x: inout MutableSpan<Double>) {
    switch self {
    case .sigmoid: VectorKernels.sigmoid(of: &x)
    case .tanh: VectorKernels.tanh(of: &x)
    case .relu: VectorKernels.rectify(&x)
    }
  }

  /// y ← y ∘ σ′, where σ has the values h.
  fileprivate func multiply(bySlopeAt h: Span<Double>, _ y: inout MutableSpan<Double>) {
    switch self {
    case .sigmoid: VectorKernels.multiply(bySigmoidSlopeAt: h, &y)
    case .tanh: VectorKernels.multiply(byTanhSlopeAt: h, &y)
    case .relu: VectorKernels.multiply(byRectifiedSlopeAt: h, &y)
    }
  }
}

/// The layers of a perceptron: how many units, and where their weights are among the parameters.
struct PerceptronShape {
  /// Units with the same inputs.
  struct Layer {
    /// The number of inputs of each unit, the one of its bias included.
    var inputs: Int
    /// The number of units.
    var outputs: Int
    /// Where the first unit's weights begin.
    var offset: Int

    /// Where the layer's weights are: a column of `inputs` numbers for each unit.
    var range: Range<Int> { offset..<(offset + inputs * outputs) }
  }

  /// The hidden layers, then the output.
  let layers: [Layer]
  /// One if the first input of each unit is a constant one, else zero.
  let biasCount: Int

  /// - Parameter inputs: the columns of the design, that of ones included.
  init(inputs: Int, hiddenUnits: [Int], outputs: Int, hasBiases: Bool) {
    let biasCount = hasBiases ? 1 : 0
    var layers: [Layer] = []
    var (next, offset) = (inputs, 0)
    for units in hiddenUnits + [outputs] {
      layers.append(Layer(inputs: next, outputs: units, offset: offset))
      (next, offset) = (units + biasCount, offset + next * units)
    }
    self.layers = layers
    self.biasCount = biasCount
  }

  /// The number of the output layer, and of hidden layers.
  var output: Int { layers.count - 1 }

  // MARK: The matrices of a tile, with a row for each assignment

  /// The columns of all matrices: what each layer gives (with a column of ones for the biases of the next), the logarithms of the
  /// weights, and the derivatives with respect to what goes into each hidden layer's σ.
  var columnCounts: [Int] {
    layers.dropLast().map { $0.outputs + biasCount } + [layers[output].outputs, layers[output].outputs]
      + layers.dropLast().map(\.outputs)
  }

  /// The matrix of the logarithms of the weights, which follows those that the layers give.
  var logWeights: Int { layers.count }

  /// The matrix of derivatives with respect to what goes into layer `index`: for the output, in the place of what it gives.
  func derivatives(_ index: Int) -> Int { index == output ? output : layers.count + 1 + index }
}

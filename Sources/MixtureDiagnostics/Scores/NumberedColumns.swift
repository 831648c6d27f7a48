import MixtureCore
import Mixtures
import SyntheticData

/// A generator whose columns are called 1, 2, …, as they are where a file does not name them: in NumPy arrays, or in CSV without a header.
/// Categories are the numbers of their levels there.
struct NumberedColumns: GeneratorModifier {
  @CodedByName private(set) var base: any Generator
  let features: [ColumnSchema]
  let response: [ColumnSchema]

  init(_ base: any Generator) {
    _base = CodedByName(wrappedValue: base)
    func numbered(_ columns: [ColumnSchema], after count: Int) -> [ColumnSchema] {
      columns.enumerated().map { index, column in
        ColumnSchema(
          "\(count + index + 1)",
          column.levels.map { .category(levels: $0.indices.map(String.init)) } ?? column.kind)
      }
    }
    features = numbered(base.features, after: 0)
    response = numbered(base.response, after: base.features.count)
  }

  func parameters(ofExpert expert: Int) -> [ParameterEstimate] {
    let numbers = Dictionary(zip(base.features.map(\.name), features.map(\.name))) { first, _ in first }
    return base.parameters(ofExpert: expert).map { parameter in
      var parameter = parameter
      parameter.name = numbers[parameter.name] ?? parameter.name
      return parameter
    }
  }
}

extension Generator {
  /// The generator with the names that the data of a fit had, which has numbers for names where the data had none.
  func named(asIn fit: FittedMixture) -> any Generator {
    let numbered = NumberedColumns(self)
    let response = fit.design.formula.response
    return response == numbered.response.map { .column($0.name) } && response != self.response.map { .column($0.name) }
      ? numbered : self
  }
}

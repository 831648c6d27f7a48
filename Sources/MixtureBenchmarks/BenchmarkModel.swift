import Foundation
import Mixtures
import SyntheticData

/// What is fitted to the data of a benchmark.
public struct BenchmarkModel: Sendable {
  /// What tables call it.
  public let name: String
  /// What tells it from others: runs of another definition are not taken for its own.
  public let definition: String
  let options: FitOptions
  let make: @Sendable (_ generator: any Generator, _ table: Table) throws -> (mixture: Mixture, start: Start)

  /// A model.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - definition: changes when the model does, so that earlier runs do not count; the name unless given.
  ///   - options: when fits stop; their seed and threads are the benchmark's.
  ///   - make: makes the mixture and its start for the rows of a generator, which says how many experts there truly are.
  public init(
    _ name: String, definition: String? = nil, options: FitOptions = FitOptions(),
    startedBy make:
      @escaping @Sendable (_ generator: any Generator, _ table: Table) throws -> (mixture: Mixture, start: Start)
  ) {
    self.name = name
    self.definition = definition ?? name
    self.options = options
    self.make = make
  }

  /// A model that starts as fits do unless told otherwise.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - definition: changes when the model does, so that earlier runs do not count; the name unless given.
  ///   - options: when fits stop; their seed and threads are the benchmark's.
  ///   - make: makes the mixture for a generator, which says how many experts there truly are.
  public init(
    _ name: String, definition: String? = nil, options: FitOptions = FitOptions(),
    _ make: @escaping @Sendable (_ generator: any Generator) throws -> Mixture
  ) {
    self.init(name, definition: definition, options: options, startedBy: { generator, _ in (try make(generator), .mixed) })
  }
}

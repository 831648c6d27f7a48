import Foundation
import MixtureData

extension SyntheticDataSet {
  /// Writes the rows into a file, and what is true of them into another. Both appear, or neither.
  ///
  /// A file whose name ends in `.npy` becomes a NumPy array, with categories as their codes; any other becomes CSV, with categories as the
  /// names of their levels. Numbers read back to the bit.
  ///
  /// - Parameters:
  ///   - url: the file of the rows.
  ///   - truth: the file of the truth; nil for none.
  ///   - recipe: what the truth calls the recipe of the generator.
  ///   - assignments: whether the truth lists the expert of each row.
  ///   - threads: the number of threads; it does not change the files.
  /// - Returns: the truth, without assignments.
  /// - Throws: `FileError.unwritable`; `CancellationError` if the task is cancelled. What was there before still is.
  /// - Complexity: a few blocks of rows a thread are in memory at a time, however many rows there are.
  @discardableResult public func write(
    to url: URL, truth: URL? = nil, recipe: String? = nil, assignments: Bool = false,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws -> Truth {
    let file = try AtomicFile(at: url)
    let truthFile = try truth.map { try AtomicFile(at: $0) }
    let isArray = url.pathExtension.lowercased() == "npy"
    let truth = try write(
      to: file, asArray: isArray, truth: truthFile, recipe: recipe, assignments: assignments, threads: threads)
    try AtomicFile.complete([file, truthFile].compactMap(\.self))
    return truth
  }

  /// Writes the rows and the truth into files, which are not completed.
  ///
  /// - Parameter note: called with the number of rows written so far.
  package func write(
    to file: AtomicFile, asArray isArray: Bool, truth truthFile: AtomicFile?, recipe: String?, assignments: Bool,
    threads: Int, note: (Int) -> Void = { _ in }
  ) throws -> Truth {
    let writer: any RowWriter =
      isArray
      ? NumPyWriter(columnCount: columns.count) : CSVWriter(columns)
    var truthWriter = truthFile.map { TruthWriter($0) }
    let needsAssignments = assignments && truthFile != nil
    var (sums, count) = (BayesSums(), 0)
    try file.write(writer.header(rowCount: rows.count))
    try forEachBlock(threads: threads) { block in
      (
        count: block.count, bytes: writer.bytes(ofRows: values(block).elements), sums: BayesSums(generator, of: block),
        assignments: needsAssignments ? TruthWriter.text(of: block.assignments) : nil
      )
    } consume: { block in
      try file.write(block.bytes)
      if let assignments = block.assignments { try truthWriter?.append(assignments) }
      sums.add(block.sums)
      count += block.count
      note(count)
    }
    let truth = try Truth(self, recipe: recipe, sums: sums)
    try truthWriter?.finish(truth)
    return truth
  }
}

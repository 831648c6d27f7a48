import Foundation
import Mixtures

/// What a fit reads.
struct FitData {
  let design: Design
  let rows: Observations
  /// What the columns hold.
  let summary: String
  /// The group of each row, as they stand in the file; nil without groups.
  let groups: [Int]?

  /// A value for each row of the file, from one for each assignment.
  func perRow<Value>(_ values: [Value]) -> [Value] { groups.map { $0.map { values[$0] } } ?? values }
}

extension FitCommand {
  /// Reads the data, leaves out rows that lack something if those are to go, and makes of them what the formula says.
  func readData() throws -> FitData {
    let formula = try parsedFormula()
    let others = [weights, group].compactMap(\.self)
    var table = try Table(path: data)
    if dropMissing {
      let used = formula.columns(among: table.columnNames.filter { !others.contains($0) }) + others
      table = try table.droppingRows(withMissingIn: used)
      if !quiet { tell("\(data): left out \(table.droppedRowCount) rows with missing cells") }
    }
    let gathered = try group.map { try table.gatheringGroups(of: $0) }
    table = gathered?.table ?? table
    let design = try Design(formula, for: table, excluding: others)
    guard formula.gate == nil else { throw MixtureError.refused("gate terms after | need a gate that depends on features") }
    guard formula.response.count == 1 else { throw MixtureError.refused("linear experts have one response, not cbind") }
    let rows = try design.observations(of: table, weights: weights, groups: group)
    guard rows.rowCount > 1 else { throw DataError("\(data): one row of data; a fit needs more") }
    return FitData(design: design, rows: rows, summary: table.summary, groups: gathered?.groups)
  }

  private func parsedFormula() throws -> Formula {
    if let formula { return try Formula(formula) }
    let terms = features.map { $0.names.map { Formula.Term.column($0) } } ?? [.others]
    return try Formula(
      response: [.column(target ?? "")], experts: Formula.Terms(terms, hasIntercept: !noIntercept))
  }

  private func tell(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

import Foundation
import Mixtures

extension FitCommand {
  /// Reads the data, and leaves out rows that lack something if those are to go.
  func readTable(_ formula: Formula) throws -> Table {
    var table = try Table(path: data)
    if dropMissing {
      let others = [weights, group].compactMap(\.self)
      let used = formula.columns(among: table.columnNames.filter { !others.contains($0) }) + others
      table = try table.droppingRows(withMissingIn: used)
      if !quiet { tell("\(data): left out \(table.droppedRowCount) rows with missing cells") }
    }
    return table
  }

  func parsedFormula() throws -> Formula {
    let offsets = offset.map { [Formula.Expression.column($0)] } ?? []
    if let formula {
      let formula = try Formula(formula)
      return try Formula(
        response: formula.response, experts: formula.experts, offsets: formula.offsets + offsets, gate: formula.gate)
    }
    let terms = features.map { $0.names.map { Formula.Term.column($0) } } ?? [.others]
    return try Formula(
      response: [.column(target ?? "")], experts: Formula.Terms(terms, hasIntercept: !noIntercept),
      offsets: offsets)
  }

  private func tell(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

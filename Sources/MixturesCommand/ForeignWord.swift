/// A word that other programs have for what is called otherwise here. Whoever types it is told the right one.
struct ForeignWord: Error, CustomStringConvertible {
  let description: String

  /// The options that other programs have, by the commands that they are for, with what to do instead.
  private static let options: [(words: [String], commands: [String], answer: String)] = [
    (["components", "ncomponents", "n-components", "clusters"], ["fit", "generate"], "say --experts"),
    (["random-state"], ["fit", "generate"], "say --seed"),
    (["tol"], ["fit"], "say --tolerance"),
    (["max-iter", "maxiter", "max-iterations"], ["fit"], "say --iterations"),
    (["n-init", "nstart"], ["fit"], "say --restarts"),
    (["aic", "bic"], ["fit"], "fits with --estimate ml print AIC and BIC unasked, unless their gate has a penalty"),
  ]

  /// The commands that other programs have, with what to type instead.
  private static let commands = [
    "evaluate": "mixtures score model.json --truth truth.json",
    "simulate": "mixtures generate linear --output data.csv",
    "summary": "mixtures describe model.json",
    "train": "mixtures fit data.csv --formula \"y ~ x\"",
  ]

  /// Looks for such words among the arguments of the program.
  ///
  /// - Throws: `ForeignWord`, with what to say instead.
  static func check(_ arguments: [String]) throws(ForeignWord) {
    guard let command = arguments.first(where: { $0 != "help" }) else { return }
    if let answer = commands[command] {
      throw ForeignWord(description: "mixtures has no command \(command): say \(answer)")
    }
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let word = argument.dropFirst(2).prefix { $0 != "=" }
      if let option = options.first(where: { $0.words.contains(String(word)) && $0.commands.contains(command) }) {
        throw ForeignWord(description: "mixtures \(command) has no option --\(word): \(option.answer)")
      }
    }
  }
}

/// A parameter as `fit --json` and `describe --json` tell it.
struct ToldParameter: Equatable {
  var name: String
  var value: Double
  var standardError: Double?

  /// A list of parameters.
  static func list(_ json: Any?) -> [ToldParameter] {
    (json as? [[String: Any]] ?? []).map {
      ToldParameter(
        name: $0["name"] as? String ?? "", value: $0["value"] as? Double ?? .nan,
        standardError: $0["standardError"] as? Double)
    }
  }

  /// The values of a list by the parameters' names, the first of each name.
  static func values(_ json: Any?) -> [String: Double] {
    Dictionary(list(json).map { ($0.name, $0.value) }) { first, _ in first }
  }
}

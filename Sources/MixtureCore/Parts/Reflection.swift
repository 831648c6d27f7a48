/// Validates a value and all values within it, those inside first, so that the checks of a value can rely on its parts.
///
/// - Throws: ``UnfitValue`` with the place, or what a check throws of the value itself.
func validateAll(_ value: Any) throws {
  guard !isPlain(value) else { return }
  for (key, child) in children(of: value) { try UnfitValue.at(key) { try validateAll(child) } }
  try (value as? any Validatable)?.validate()
}

/// Compares a part with one that was configured for some data, and learned nothing of them yet: its lists are as long, and its numbers
/// finite where those are.
///
/// - Throws: ``UnfitValue`` for the first list or number that is not.
func requireShape(of value: Any, as fresh: Any) throws {
  if let number = value as? Double {
    guard number.isFinite || !((fresh as? Double)?.isFinite ?? false) else {
      throw UnfitValue(nil, need: "\(number) is no finite number")
    }
    return
  }
  let (mine, other) = (Mirror(reflecting: value), Mirror(reflecting: fresh))
  guard mine.subjectType == other.subjectType, value is String == false else { return }
  if mine.displayStyle == .collection, mine.children.count != other.children.count {
    throw UnfitValue(nil, need: "\(mine.children.count) entries, where the data need \(other.children.count)")
  }
  guard [.collection, .struct, .tuple, .optional, .enum].contains(mine.displayStyle) else { return }
  for ((key, child), (otherKey, freshChild)) in zip(children(of: value), children(of: fresh)) where key == otherKey {
    try UnfitValue.at(key) { try requireShape(of: child, as: freshChild) }
  }
}

/// Whether a value is a list of numbers or names, with nothing in it to be asked.
private func isPlain(_ value: Any) -> Bool {
  value is [Double] || value is [Int] || value is [String] || value is Double || value is String
}

/// The values within a value with their keys as they are in a file: none for the value of an optional, of a tuple or of an enumeration.
private func children(of value: Any) -> [(keys: [String], value: Any)] {
  let mirror = Mirror(reflecting: value)
  // Objects may refer to each other in circles.
  guard mirror.displayStyle != .class else { return [] }
  return mirror.children.enumerated().map { index, child in
    switch mirror.displayStyle {
    case .collection, .set: (["[\(index)]"], child.value)
    case .optional: ([], child.value)
    // The storage of a property wrapper begins with an underscore.
    default: ([child.label.map { $0.hasPrefix("_") ? String($0.dropFirst()) : $0 } ?? "[\(index)]"], child.value)
    }
  }
}

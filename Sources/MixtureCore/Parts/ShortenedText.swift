extension String {
  /// The text, or where it is longer than messages should be, its beginning and its end: what it quotes of a file may be a megabyte.
  package var shortened: String {
    let (most, head, tail) = (1000, 700, 200)
    guard utf8.count > most else { return self }
    // A single character may be of any length.
    return String(unicodeScalars.prefix(head)) + " … " + String(unicodeScalars.suffix(tail))
  }
}

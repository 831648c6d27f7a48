/// Names that end strings, begin commands, hide, or are too much.
let hostileNames: [String] = [
  "O'Brien", "two''quotes", #"say "hello""#, #"back\slash\"#, #"\"; print 1; #"#, "a'; system('touch x'); #",
  // An apostrophe that is one character with what follows.
  "x'\u{301} `touch x`", "x'\u{20DD} `touch x`", "x'\u{FE0F} `touch x`", "x'\u{1F3FD} `touch x`", "`touch x`",
  "$(touch x)", "a\nplot sin(x)", "a\r\nEND\r\n", "\u{2028}END\u{2029}", "\nEND\n!touch x\n", "END", "NUL\u{0}!",
  "50 % %s %g",
  "@macro", "{/=20 a_1^2}", "<script>&amp;", "\u{202E}\u{5D0}\u{5D1}", "👩‍🔬🏽", "\u{1B}[31m\u{9B}2J", "'", "\"", "\\",
  "007", "#0072B2", String(repeating: "long ", count: 4000), "a" + String(repeating: "\u{301}", count: 3000), " ",
]

import CommandSupport
import Foundation
import FuzzSupport
import Testing

/// Cases that once failed, made small, each a file of `Failures`: what ends well once has to end well for ever.
@Suite struct FailureTests {
  private static let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path

  private static func kept() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted()
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Failures")

  @Test(arguments: try kept())
  func endsWell(_ name: String) throws {
    let outcome = try FuzzRunner(program: Self.program).run(
      FuzzCase(contentsOf: Self.folder.appendingPathComponent(name)))
    #expect(outcome.fault == nil, "\(name): \(outcome.errors.prefix(500))")
  }

  /// One of every kind; that they run at all shows that what they change could be made.
  @Test func casesRepeat() throws {
    let (one, other) = (try CaseMaker(program: Self.program, seed: 7), try CaseMaker(program: Self.program, seed: 7))
    for number in 0..<64 where one.makeCase(number).kind != "journal" {
      // What the program itself has made, such as a model, has the times that it took.
      let (a, b) = (one.makeCase(number), other.makeCase(number))
      #expect(a.kind == b.kind && a.arguments == b.arguments)
    }
    #expect(one.makeCase(0) != one.makeCase(8))
    #expect(try CaseMaker(program: Self.program, seed: 8).makeCase(0) != one.makeCase(0))
    #expect(Set((0..<8).map { one.makeCase($0).kind }) == Set(CaseMaker.Kind.allCases.map(\.rawValue)))
  }
}

/// The fuzzer sees what it is there to see: each program of these fails in one way.
@Suite struct FuzzRunnerTests {
  private static let files = ["data.csv": Array("x\n1\n".utf8), "out.json": Array("before\n".utf8)]

  private func fault(of commands: String, seconds: Int = 10) throws -> String? {
    var runner = FuzzRunner(program: "/bin/sh")
    runner.seconds = seconds
    return try runner.run(FuzzCase(kind: "csv", arguments: ["-c", commands], files: Self.files)).fault
  }

  @Test(arguments: [
    ("kill -ILL $$", "it is ended by signal 4"), ("kill -SEGV $$", "it is ended by signal 11"), ("exit 70", "exit code 70"),
    ("exit 1", "exit code 1"), ("exit 65", "a failure without a message"),
    ("echo why >&2; echo text; exit 65", "output of a failure"),
    ("printf '\\033[31m' >&2; exit 65", "a message with the byte 27"),
    ("printf '\\377' >&2; exit 65", "a message that is not UTF-8"),
    ("printf 'Fatal%s' ' error' >&2; exit 65", "a message with “Fatal error”"),
    ("yes | head -c 5000 >&2; exit 65", "a message of more than 4000 bytes"),
    ("echo > .out.json.partial-1", "left: .out.json.partial-1"),
    ("echo why >&2; echo > out.json; exit 65", "changed: out.json"),
    ("echo why >&2; rm out.json; exit 65", "lost: out.json"),
    ("rm data.csv", "lost: data.csv"), ("echo 2 >> data.csv", "changed: data.csv"),
  ])
  func faultsAreSeen(commands: String, fault expected: String) throws {
    #expect(try fault(of: commands) == expected)
  }

  @Test func whatIsWellIsWell() throws {
    for commands in ["echo text; echo after > out.json", "echo why >&2; exit 65"] {
      #expect(try fault(of: commands) == nil)
    }
  }

  @Test func loopsEnd() throws {
    #expect(try fault(of: "while :; do :; done", seconds: 1) == "it takes too long")
    #expect(try fault(of: "sleep 60", seconds: 1) == "it hangs")
  }

  @Test func casesAreMadeSmall() throws {
    let fuzzCase = FuzzCase(
      kind: "csv", arguments: ["fit", "a", "b", "--bad", "c"],
      files: ["data.csv": Array("x,y\n1,2\n3,4!5\n6,7\n".utf8), "other": [1, 2, 3]])
    var trials = 0
    let small = fuzzCase.reduced(trials: 300) {
      trials += 1
      return $0.arguments.contains("--bad") && $0.files["data.csv"]?.bytes.contains(UInt8(ascii: "!")) == true
    }
    #expect(small == FuzzCase(kind: "csv", arguments: ["fit", "--bad"], files: ["data.csv": Array("!".utf8)]))
    #expect(trials <= 300)
  }

  /// What is kept is what was run, bytes that are no text too.
  @Test func casesAreKept() throws {
    let folder = try TemporaryFolder()
    let fuzzCase = FuzzCase(
      kind: "numpy", arguments: ["fit", "\u{1B}"], files: ["a": [0x93, 0xFF, 0], "b": Array("x\r\n\u{0}é".utf8), "c": []])
    let file = URL(fileURLWithPath: folder.path("case.json"))
    try fuzzCase.write(to: file)
    #expect(try FuzzCase(contentsOf: file) == fuzzCase)
  }
}

import CommandSupport
import Foundation
import Testing

/// Faults of the machine: full disks, no memory, programs that fail, signals. Each ends with a sentence and its exit code, and loses nothing.
@Suite struct MachineFaultTests {
  private let folder: TemporaryFolder
  private static let fit = ["fit", CommandLineTool.toneData, "--target", "tuned", "--restarts", "1", "--quiet"]
  private static let hasGnuplot = FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")

  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> Set<String> { try Set(FileManager.default.contentsOfDirectory(atPath: folder.url.path)) }

  /// Runs `mixtures` in a shell that first does something to itself, such as `ulimit -f 1`.
  private func run(after command: String, _ arguments: [String], _ tool: CommandLineTool? = nil) throws
    -> CommandLineTool.Outcome
  {
    let mixtures = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    return try (tool ?? CommandLineTool(in: folder.url)).run(
      "/bin/sh", ["-c", "\(command); exec \"$0\" \"$@\"", mixtures] + arguments)
  }

  /// Files that become no larger than a kilobyte or half of one stand for a full disk.
  @Test(arguments: [
    fit + ["--output", "old"], fit + ["--responsibilities", "old"],
    fit + ["--output", "new.json", "--responsibilities", "old"],
    ["generate", "linear", "--output", "old"], ["generate", "linear", "--output", "new.csv", "--truth", "old"],
    ["generate", "linear", "--output", "old.npy"], ["plot", "bound", "model.json", "--output", "old.svg"],
    ["plot", "fit", "model.json", "--data", "data.csv", "--output", "old.png"],
    ["plot", "responsibilities", "model.json", "--data", "data.csv", "--output", "old.pdf"],
    ["benchmark", "suite.json", "--output", "."],
  ])
  func aFullDiskLosesNothing(arguments: [String]) throws {
    if arguments[0] == "plot" && !Self.hasGnuplot { return }
    let fitted = try CommandLineTool(in: folder.url).run(Self.fit + ["--output", "model.json"])
    #expect(fitted.status == 0, "\(fitted.errors)")
    try FileManager.default.copyItem(atPath: CommandLineTool.toneData, toPath: folder.path("data.csv"))
    for name in ["old", "old.svg", "old.png", "old.pdf", "old.npy"] { _ = try folder.write("old", to: name) }
    let run =
      #"{"grids": [{"name": "g", "seeds": 1, "generators": [{"recipe": "linear", "rows": 60}], "models": [{"name": "m"}]}]}"#
    _ = try folder.write(run, to: "suite.json")
    let before = try names()
    let full = try self.run(after: "ulimit -f 1", arguments)
    #expect(full.status == 73 && full.errors.contains("cannot be written: File too large"), "\(full)")
    for name in ["old", "old.svg", "old.png", "old.pdf", "old.npy"] { #expect(try folder.read(name) == "old") }
    #expect(try names().subtracting(["runs.jsonl", "suite.json"]) == before.subtracting(["suite.json"]))
  }

  @Test func aFullDiskBehindStandardOutputIsAnError() throws {
    #expect(try CommandLineTool(in: folder.url).run(Self.fit + ["--output", "model.json"]).status == 0)
    let predict = ["predict", "model.json", CommandLineTool.toneData]
    let full = try run(after: "ulimit -f 1; exec > out.csv", predict)
    #expect(full.status == 73 && full.errors.contains("standard output: cannot be written"))
    let closed = try run(after: "exec >&-", predict)
    #expect(closed.status == 73 && closed.errors.contains("standard output: cannot be written"), "\(closed)")
  }

  /// Pictures come from a program that may do anything.
  @Test(arguments: [
    (#"exit 0"#, 69, "the picture is not complete"),
    (#"cat > /dev/null; printf '<svg>'"#, 69, "the picture is not complete"),
    (#"head -c 10 > /dev/null; echo 'line 3: no' >&2; exit 1"#, 69, "failed: line 3: no"),
    (#"exit 3"#, 69, "its exit code is 3"),
    (#"kill -KILL $$"#, 69, "it was ended by signal 9"),
    // More than a pipe holds, before it reads anything.
    (#"yes warning | head -c 300000 >&2; cat > /dev/null; yes '<g/>' | head -c 300000; echo '</svg>'"#, 0, ""),
    (#"printf 'warning %.0s' $(seq 40000) >&2; exit 1"#, 69, "failed: warning"),
  ])
  func aPictureIsWholeOrTheOldOneStays(script: String, status: Int32, message: String) throws {
    #expect(
      try CommandLineTool(in: folder.url).run(Self.fit + ["--output", "model.json"]).status == 0)
    let bin = folder.path("bin")
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    _ = try folder.write("#!/bin/sh\n\(script)\n", to: "bin/gnuplot")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bin + "/gnuplot")
    _ = try folder.write("old", to: "fit.svg")
    let before = try names()
    // Its script is some hundred kilobytes long.
    let data = folder.path("wide.csv")
    let rows = (0..<5000).map { "\($0).123456,\(Double($0) / 7),\($0)\n" }.joined()
    _ = try folder.write("stretchratio,other,tuned\n" + rows, to: "wide.csv")
    let path = bin + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    let tool = CommandLineTool(in: folder.url, environment: ["PATH": path, "TMPDIR": "/nowhere"])
    let outcome = try tool.run(
      ["plot", "fit", "model.json", "--data", data, "--output", "fit.svg"])
    #expect(
      outcome.status == status && (message.isEmpty ? outcome.errors.isEmpty : outcome.errors.contains(message)),
      "\(outcome)")
    #expect(try names() == before.union(["wide.csv"]))
    #expect(try (folder.read("fit.svg") == "old") == (status != 0))
  }

  /// What the size of a file tells is said before it is read: there is no such memory.
  @Test func aTableThatFitsNoMemoryIsRefused() throws {
    let csv = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("x,y\n", to: "data.csv")))
    try csv.seekToEnd()
    try csv.write(contentsOf: Data(String(repeating: "1,2\n", count: 50_000).utf8))
    try csv.truncate(atOffset: 1 << 40)
    try csv.close()
    let text = try CommandLineTool(in: folder.url).run(["fit", "data.csv", "--target", "y"])
    #expect(text.status == 65 && text.output.isEmpty)
    #expect(
      text.errors.contains(/data.csv: about \d+ rows of 2 columns would take \d+\.\d GB of memory, but/), "\(text.errors)")

    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000), }"
    let array = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("", to: "data.npy")))
    try array.write(contentsOf: Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.utf8.count), 0] + header.utf8))
    try array.truncate(atOffset: UInt64(10 + header.utf8.count) + 8_000_000_000_000)
    try array.close()
    let numbers = try CommandLineTool(in: folder.url).run(["fit", "data.npy", "--target", "1"])
    #expect(
      numbers.status == 65 && numbers.errors.contains("1000000000 rows of 1000 columns would take 8000.0 GB of memory"))
  }

  #if os(Linux)
    /// A pipe tells no size: what it brings is refused as it comes to be too much.
    @Test(arguments: [
      ("echo x,y; yes 1,2", "rows of 2 columns would take"), ("echo x,y; printf '\"'; yes text", "is a quote not closed?"),
      ("echo x,y; yes 1,NA", "would take"), ("echo x,y; seq -f a%.0f,1 100000000", "would take"),
      ("echo x,y; yes 1, | head -n 2000; yes text,1", "would take"),
    ])
    func aPipeWithoutEndIsRefused(source: String, message: String) throws {
      let kilobytes = 400_000 + 16_384 * ProcessInfo.processInfo.activeProcessorCount
      let mixtures = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
      let outcome = try CommandLineTool(in: folder.url).run(
        "/bin/sh", ["-c", "(\(source)) 2> /dev/null | (ulimit -v \(kilobytes); exec \"$0\" fit - --target y)", mixtures])
      #expect(outcome.status == 65 && outcome.output.isEmpty && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.errors.contains("are left of the address space (ulimit -v)"), "\(outcome.errors)")
    }

    @Test func tooLittleMemoryToBeginIsSaid() throws {
      let none = try run(after: "ulimit -v 170000", Self.fit)
      #expect(none.status == 65 && none.errors.hasPrefix("error: the program itself would take"), "\(none)")
    }
  #endif

  /// A signal that ends programs ends this one as it would others, and leaves nothing behind; what SIGKILL leaves goes with the next file.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGKILL])
  func signalsEndTheProgram(signal: Int32) throws {
    let process = Process()
    process.executableURL = CommandLineTool.programFolder.appendingPathComponent("mixtures")
    process.arguments = ["generate", "linear", "--rows", "1000000000", "--quiet", "--output", folder.path("data.csv")]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    while try names().isEmpty { usleep(10_000) }
    kill(process.processIdentifier, signal)
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    let words =
      signal == SIGKILL ? "" : "stopped by a signal (\(String(cString: strsignal(signal)))): no file is left half-written\n"
    #expect(String(decoding: message, as: UTF8.self) == words)
    #expect(try names().isEmpty == (signal != SIGKILL))
    let next = try CommandLineTool(in: folder.url).run(["generate", "linear", "--output", "data.csv", "--quiet"])
    #expect(try next.status == 0 && names() == ["data.csv"])
  }

  @Test(arguments: [4, 8, 10, 12])
  func tooFewOpenFilesAreToldOf(limit: Int) throws {
    let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    let outcome = try CommandLineTool(in: folder.url).run(
      "/bin/sh", ["-c", "ulimit -n \(limit); exec '\(program)' fit '\(CommandLineTool.toneData)' --target tuned --quiet"])
    #expect(outcome.status == 65 && outcome.errors.contains("too few files may be open at once"), "\(outcome.errors)")
  }

  @Test func modelsComeThroughPipes() throws {
    let tool = CommandLineTool(in: folder.url)
    #expect(try tool.run(Self.fit + ["--output", "model.json"]).status == 0)
    let model = try folder.read("model.json")
    let plain = try tool.run(["describe", "model.json"])
    #expect(plain.status == 0)
    for name in ["-", "/dev/stdin"] {
      #expect(try CommandLineTool(in: folder.url, input: model).run(["describe", name]).output == plain.output)
    }
    let piped = try tool.run(
      "/bin/sh",
      [
        "-c", "cat model.json | \"$0\" describe -; cat model.json | \"$0\" describe /dev/fd/3 3<&0",
        CommandLineTool.programFolder.appendingPathComponent("mixtures").path,
      ])
    #expect(piped.output == plain.output + plain.output, "\(piped.errors)")
    let predictions = try CommandLineTool(in: folder.url, input: model).run(["predict", "-", CommandLineTool.toneData])
    #expect(try predictions.output == tool.run(["predict", "model.json", CommandLineTool.toneData]).output)
    let from = { ["fit", CommandLineTool.toneData, "--target", "tuned", "--quiet", "--init", $0, "--json"] }
    let likelihood = try tool.run(from("model.json")).json["logLikelihood"] as? Double
    #expect(
      try likelihood != nil
        && CommandLineTool(in: folder.url, input: model).run(from("-")).json["logLikelihood"] as? Double == likelihood)
    for arguments in [
      ["fit", "-", "--target", "y", "--init", "-"], ["predict", "-", "-"],
      ["plot", "fit", "-", "--data", "-", "--output", "a.svg"], ["score", "-", "--truth", "-"],
    ] {
      let twice = try tool.run(arguments)
      #expect(twice.status == 64 && twice.errors.contains("only one of the files can be standard input (-)"))
    }
  }

  @Test func intervalsOfAllProbabilities() throws {
    let tool = CommandLineTool(in: folder.url)
    #expect(try tool.run(Self.fit + ["--output", "model.json"]).status == 0)
    var widths: [Double] = []
    for probability in ["1e-300", "0.5", "0.95", "0.999999999999", "0.9999999999999999"] {
      let outcome = try tool.run(["predict", "model.json", CommandLineTool.toneData, "--interval", probability, "--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let columns = try outcome.json
      let (lower, upper) = (columns["lower"] as? [Double] ?? [], columns["upper"] as? [Double] ?? [])
      widths.append((upper.first ?? .nan) - (lower.first ?? .nan))
    }
    #expect(widths[0] >= 0 && zip(widths, widths.dropFirst()).allSatisfy { $0 < $1 })
    #expect(
      try tool.run(["predict", "model.json", CommandLineTool.toneData, "--interval", "0.99999999999999999"]).status == 64)
  }
}

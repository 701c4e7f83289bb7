// Every way in which gnuplot can fail ends in a clear message, soon, and leaves nothing behind.

import Foundation
import Testing

@testable import Notebook

@Suite struct FiguresFailureTests {
  /// Calls with the path of a program that stands in for gnuplot: it answers `--version` and then does as told.
  func withImpostor<T>(_ body: String, version: String = "gnuplot 5.4 patchlevel 4", _ use: (String) throws -> T) throws
    -> T
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("impostor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("gnuplot"), script = folder.appendingPathComponent(".gnuplot.sh")
    let text = "if [ \"$1\" = --version ]; then echo '\(version)'; exit 0; fi\n\(body)\n"
    try text.write(to: script, atomically: false, encoding: .utf8)
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    try FileManager.default.createSymbolicLink(
      at: program, withDestinationURL: tests.appendingPathComponent("stand-in"))
    return try use(program.path)
  }

  static let figure = Figure("A figure", .lines(Samples.spread), name: "spread")

  func failure(_ program: String, seconds: Double = 60, figure: Figure = Self.figure) throws -> GnuplotError {
    let renderer = FigureRenderer(theme: .light, program: program, timeLimit: seconds)
    var found: GnuplotError?
    do { _ = try renderer.render([figure]) } catch let error as GnuplotError { found = error }
    return try #require(found)
  }

  @Test("missing: says what to type")
  func missing() throws {
    let error = try failure("/nowhere/gnuplot")
    #expect(error == .missing(program: "/nowhere/gnuplot"))
    #expect("\(error)".contains("Type: "))
  }

  @Test("too old: says which version it is and which is needed")
  func tooOld() throws {
    let error = try withImpostor("exit 0", version: "gnuplot 5.2 patchlevel 8") { try failure($0) }
    #expect(error == .tooOld(version: "5.2"))
    #expect("\(error)".contains("5.4 or later"))
  }

  @Test("a later one is good enough")
  func later() throws {
    let version = try withImpostor("exit 0", version: "gnuplot 6.0 patchlevel 1") { try Gnuplot.version(program: $0) }
    #expect(version.major == 6 && version.minor == 0)
  }

  @Test("some other program of that name is not believed")
  func other() throws {
    let error = try withImpostor("exit 0", version: "hello") { try failure($0) }
    #expect("\(error)".contains("not a version of gnuplot"))
  }

  @Test(
    "hanging: ended with its children after the time limit",
    arguments: ["cat >/dev/null; sleep 60", "sleep 60", "sleep 60 & wait"])
  func hanging(_ body: String) throws {
    // More than a pipe holds, so that one that does not read blocks the writer.
    let long = Figure("long", .images(ImageGrid(columns: 10, (0..<60).map(Samples.ring))), name: "long")
    let error = try withImpostor(body) { try failure($0, seconds: 2, figure: long) }
    #expect(error == .timedOut(seconds: 2, figure: "long"))
  }

  @Test("killed half-way: the signal and the figure are named")
  func killed() throws {
    let error = try withImpostor("head -c 100 >/dev/null; kill -9 $$") { try failure($0) }
    #expect(error == .killed(signal: 9, figure: "spread"))
    #expect("\(error)".contains("signal 9"))
  }

  @Test("leaving before it has read its script: no SIGPIPE, a message")
  func leaving() throws {
    let long = Figure("long", .images(ImageGrid(columns: 10, (0..<60).map(Samples.ring))), name: "long")
    let error = try withImpostor("echo 'line 3: out of ink' >&2; exit 1") { try failure($0, figure: long) }
    #expect(error == .failed(message: "line 3: out of ink", figure: "long"))
  }

  @Test("succeeding without a picture is a failure")
  func silent() throws {
    let error = try withImpostor("cat >/dev/null; exit 0") { try failure($0) }
    #expect("\(error)".contains("without a message"))
  }

  @Test("a picture that breaks off is a failure, not half a picture")
  func halfPicture() throws {
    let body = #"sed -n "s/^set output '\(.*\)'$/\1/p" | while read f; do echo '<svg><g><path d=' > "$f"; done"#
    let error = try withImpostor(body) { try failure($0) }
    #expect("\(error)".contains("incomplete picture"))
  }

  @Test("an error of gnuplot's own names the figure", .enabled(if: Gnuplot.isAvailable))
  func syntax() throws {
    let error = #expect(throws: GnuplotError.self) {
      try Gnuplot.draw([("bad", "set terminal svg\nplot nonsense(1) syntax\n")], seconds: 60)
    }
    guard case .failed(let message, "bad") = try #require(error) else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(!message.isEmpty)
  }

  @Test("nothing is left in the temporary folder, after success and after failure", .enabled(if: Gnuplot.isAvailable))
  func tidy() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tidy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Gnuplot.draw([("good", "set terminal svg\nplot x\n")], seconds: 60, inside: folder)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    _ = try? Gnuplot.draw([("bad", "set terminal svg\nplot (\n")], seconds: 60, inside: folder)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a window without a display explains itself", .enabled(if: Gnuplot.isAvailable))
  func window() {
    #if !os(macOS)
    #expect(throws: LiveWindow.Problem.noDisplay) { try LiveWindow(title: "t", environment: [:]) }
    #endif
    #expect("\(LiveWindow.Problem.noDisplay)".contains("DISPLAY"))
  }

  @Test("what a terminal can do is read from its environment")
  func graphics() {
    func promised(_ e: [String: String], _ isTerminal: Bool = true) -> TerminalGraphics {
      .promised(by: e, isTerminal: isTerminal)
    }
    #expect(promised(["LANG": "en_GB.UTF-8", "TERM": "xterm-256color"]) == .braille(color: true))
    #expect(promised(["LANG": "en_GB.UTF-8", "TERM": "xterm-kitty"]) == .kitty)
    #expect(promised(["LANG": "en_GB.UTF-8", "TERM": "xterm-kitty", "NO_COLOR": "1"]) == .braille(color: false))
    #expect(promised(["LANG": "en_GB.UTF-8", "TERM": "xterm"], false) == .braille(color: false))
    #expect(promised(["LANG": "C", "TERM": "xterm"]) == .dumb)
    #expect(promised(["LANG": "en_GB.UTF-8", "TERM": "dumb"]) == .dumb)
  }
}

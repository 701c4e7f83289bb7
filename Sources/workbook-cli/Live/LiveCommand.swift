// `./workbook live ch05`: a chapter's page, drawn again each time you save its sources

import ArgumentParser
import Basics
import Foundation
import Workbook

/// The author's loop: save, see.
struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "A chapter's page in the browser, drawn anew each time you save its sources.",
    discussion: """
      Serves the page on this machine alone, at an address with a secret in it. When a source of the chapter, of its \
      pages or of the core is saved, the chapter is built and drawn again, and the open page shows it where you were \
      reading. What does not compile is said in the page, too, and the last page stays.
      The page is drawn from the recorded full run (Chapters/NAME/findings.json); with --quick, or where nothing is \
      recorded, from a quick run each time. Keys: r draw again, o open in the browser, q quit.
      """)

  @Argument(help: "The chapter: ch05, 5, normalization, or its full name.") var chapter: String
  @Flag(help: "Run the chapter with --quick each time instead.") var quick = false
  @Flag(help: "Open the page in the browser.") var open = false
  @Option(
    help: ArgumentHelp("The port of the page (default: one that is free).", valueName: "n"),
    transform: Whole.number(in: 1024...65_535))
  var port: Int?
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func run() throws {
    let chapter = try Self.chapter(chapter)
    Interruption.listen()
    let server = try PageServer(port: UInt16(port ?? 0))
    var session = LiveSession(chapter, server: server, isQuick: quick, terminal: TerminalStyle(noColor: noColor))
    let keyboard = Keyboard()
    let files = FileEvents(folders: session.sources.flatMap { SourceState.folders(in: $0) })
    Thread.detachNewThread { server.run() }
    print("\(chapter.name) is at  \(server.address)")
    fflush(nil)
    if open { Browser.open(server.address) }
    session.draw()
    session.prompt(hasKeys: keyboard.isTerminal)
    while true {
      switch keyboard.next(or: files.descriptor, milliseconds: files.descriptor == nil ? 300 : 2000) {
      case .key("q"), .end: return
      case .key("o"): Browser.open(server.address)
      case .key("r"):
        session.draw()
        session.prompt(hasKeys: keyboard.isTerminal)
      case .key: break
      case .nothing:
        files.drain()
        if session.drawIfSaved() { session.prompt(hasKeys: keyboard.isTerminal) }
      }
    }
  }

  /// The chapter meant by `ch05`, `5`, `normalization` or its full name.
  static func chapter(_ typed: String) throws -> Chapter {
    let found = Checkout.chapters.filter { chapter in
      [chapter.name, chapter.shortName, "\(chapter.number)", String(chapter.name.dropFirst(5))].contains(typed)
    }
    if let chapter = found.first { return chapter }
    try Script.stop("live: " + RunCommand.refusal(of: [typed], chapters: Checkout.chapters.map(\.name)))
  }
}

/// What the loop knows: the chapter, its sources, and the page that is shown.
struct LiveSession {
  let chapter: Chapter
  let server: PageServer
  let isQuick: Bool
  let terminal: TerminalStyle
  /// What a page depends on.
  let sources: [URL]
  private var known: SourceState
  private var version = 0

  init(_ chapter: Chapter, server: PageServer, isQuick: Bool, terminal: TerminalStyle) {
    (self.chapter, self.server, self.isQuick, self.terminal) = (chapter, server, isQuick, terminal)
    sources = ["Chapters/\(chapter.name)", "Sources"].map { Checkout.root.appendingPathComponent($0) }
    known = SourceState(of: sources)
    server.serve { $0 = .init(page: Data(ServedPage.before(chapter.title).utf8), state: state()) }
  }

  /// How the chapter is drawn: from what was recorded, or from a short run.
  var arguments: [String] {
    let record = Checkout.record(of: chapter)
    let isRecorded = record.lastPathComponent == "findings.json"
    return (isQuick || !isRecorded ? ["--quick"] : ["--from", record.path]) + ["--format", "html", "--out", folder]
  }

  private var folder: String { Checkout.root.appendingPathComponent("out/live/\(chapter.name)").path }

  /// Builds the chapter, draws its page and shows it; where that fails, the last page stays with the reason above it.
  mutating func draw() {
    // What is saved while the compiler runs is seen at the next look.
    known = SourceState(of: sources)
    server.serve { $0.state = state(isBusy: true) }
    let began = ChildProcess.now()
    do {
      try ChapterProcess.run(chapter, arguments, isSeen: false, lines: 60)
      let html = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
      version += 1
      server.serve { $0 = .init(page: Data(ServedPage.html(html, version: version).utf8), state: state()) }
      let seconds = String(format: "%.1f", ChildProcess.now() - began)
      print("\(terminal.green("✓")) drawn in \(seconds) s")
    } catch is ChapterProcess.Interrupted {
      _exit(130)
    } catch {
      server.serve { $0.state = state(problem: "\(error)") }
      print("\(terminal.red("✗")) \(error)")
    }
  }

  /// Draws if something was saved since the last time.
  ///
  /// - Returns: whether it was.
  mutating func drawIfSaved() -> Bool {
    guard SourceState(of: sources) != known else { return false }
    draw()
    return true
  }

  /// The line at the bottom.
  func prompt(hasKeys: Bool) {
    print(terminal.dim("Watching \(chapter.name) · " + (hasKeys ? "r draw again · o open · q quit" : "Ctrl-C to quit")))
    fflush(nil)
  }

  private func state(isBusy: Bool = false, problem: String = "") -> Data {
    Data(ServedPage.state(version: version, isBusy: isBusy, problem: problem).utf8)
  }
}

// `./workbook live ch05`: a chapter's page, redrawn each time you save its sources; `live 9.2`: with your own answer

import ArgumentParser
import Basics
import ExerciseCatalogue
import Foundation
import Workbook

/// The author's loop: save, look.
struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Show a chapter's page in the browser, redrawn each time you save its sources.",
    discussion: """
      Serves the page only on this machine, at a secret address. When you save a source file of the chapter, of its \
      pages or of the core, the chapter is built and drawn again, and the open page updates at the place you were \
      reading. Compiler errors appear in the page, and the last page stays.
      With an exercise (\(LiveCommand.exercises)) instead of a chapter, the panel for that exercise runs on your own \
      answer, compiled into the page, once it has passed its checks.
      The page is drawn from the recorded full run (Chapters/NAME/findings.json); with --quick, or without a recorded \
      run, from a quick run each time. Keys: r draw again, o open in the browser, q quit.
      """)

  @Argument(help: "The chapter: ch05, 5, normalization, or its full name; or an exercise: 9.2.") var name: String
  @Flag(help: "Run the chapter with --quick each time.") var quick = false
  @Flag(help: .init("Use the solutions as the learner's answers.", visibility: .hidden)) var solutions = false
  @Flag(help: "Open the page in the browser.") var open = false
  @Option(
    help: ArgumentHelp("The port of the page (default: a free one).", valueName: "n"),
    transform: Whole.number(in: 1024...65_535))
  var port: Int?
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func validate() throws { _ = try Self.exercise(name) }

  func run() throws {
    let exercise = try Self.exercise(name)
    let absence = LiveModule.absence
    if let exercise, let absence {
      let advice = "./workbook check \(exercise.id) checks it"
      throw CheckerError("live \(exercise.id): no panel can run on your answer here: \(absence). \(advice).")
    }
    let chapter = try Self.chapter(exercise.map { "\($0.id.chapter)" } ?? name)
    Interruption.listen()
    let server = try PageServer(port: UInt16(port ?? 0))
    let terminal = TerminalStyle(noColor: noColor)
    var session = LiveSession(chapter, exercise, server: server, isQuick: quick, terminal: terminal)
    let keyboard = Keyboard()
    let files = FileEvents(folders: session.sources.flatMap { SourceState.folders(in: $0) })
    Thread.detachNewThread { server.run() }
    session.usesSolutions = solutions
    let panel = exercise.flatMap { LiveAnswer.panels[$0.id] }
    let address = server.address + (panel.map { "#\(chapter.shortName)-live-\($0)" } ?? "")
    print("\(chapter.name) is at  \(address)")
    if let absence { print(terminal.dim("Panels keep their frames: \(absence).")) }
    fflush(nil)
    if open { Browser.open(address) }
    session.draw()
    session.prompt(hasKeys: keyboard.isTerminal)
    while true {
      switch keyboard.next(or: files.descriptor, milliseconds: files.descriptor == nil ? 300 : 2000) {
      case .key("q"), .end: return
      case .key("o"): Browser.open(address)
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

  /// The exercises whose answers a panel can run on: `1.4, 5.1, 9.2`.
  static var exercises: String { LiveAnswer.panels.keys.sorted().map(\.description).joined(separator: ", ") }

  /// The exercise that `9.2` stands for; nil if the name is not that of an exercise.
  ///
  /// - Throws: `ValidationError` for an exercise that no panel can run on.
  static func exercise(_ typed: String) throws -> (any AnyExercise)? {
    guard let id = ExerciseID(typed) else { return nil }
    guard let exercise = Catalogue[id] else {
      throw ValidationError("there is no exercise \(id). Panels run on answers to \(exercises)")
    }
    guard LiveAnswer.panels[id] != nil else {
      throw ValidationError(
        "no panel runs on answers to exercise \(id), only on those to \(exercises). ./workbook check \(id) checks yours"
      )
    }
    return exercise
  }

  /// The chapter that `ch05`, `5`, `normalization` or its full name stands for.
  static func chapter(_ typed: String) throws -> Chapter {
    let found = Checkout.chapters.filter { chapter in
      [chapter.name, chapter.shortName, "\(chapter.number)", String(chapter.name.dropFirst(5))].contains(typed)
    }
    if let chapter = found.first { return chapter }
    try Script.stop("live: " + RunCommand.refusal(of: [typed], chapters: Checkout.chapters.map(\.name)))
  }
}

// What `./workbook live` knows between two saves.

import Basics
import Foundation
import Workbook

/// What the loop knows: the chapter, its sources, and the page that is shown.
struct LiveSession {
  let chapter: Chapter
  /// The exercise whose answer a panel runs on.
  let exercise: (any AnyExercise)?
  let server: PageServer
  let isQuick: Bool
  let terminal: TerminalStyle
  /// What a page depends on.
  let sources: [URL]
  /// Whether the solutions stand for the learner's answers.
  var usesSolutions = false
  private var known: SourceState
  private var version = 0

  init(
    _ chapter: Chapter, _ exercise: (any AnyExercise)? = nil, server: PageServer, isQuick: Bool, terminal: TerminalStyle
  ) {
    (self.chapter, self.exercise, self.server) = (chapter, exercise, server)
    (self.isQuick, self.terminal) = (isQuick, terminal)
    let answers = exercise == nil ? [] : ["Exercises/\(chapter.shortName)"]
    sources = (["Chapters/\(chapter.name)", "Sources"] + answers).map { Checkout.root.appendingPathComponent($0) }
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
      let objection = try objection()
      let environment = objection == nil ? exercise.map { [LiveAnswer.variable: answer(to: $0).path] } : nil
      try ChapterProcess.run(chapter, arguments, environment: environment ?? [:], isSeen: false, lines: 60)
      let html = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
      version += 1
      server.serve {
        $0 = .init(page: Data(ServedPage.html(html, version: version).utf8), state: state(problem: objection ?? ""))
      }
      let seconds = String(format: "%.1f", ChildProcess.now() - began)
      print("\(terminal.green("✓")) drawn in \(seconds) s")
      if let objection { print("\(terminal.red("✗")) \(objection)") }
    } catch is ChapterProcess.Interrupted {
      _exit(130)
    } catch {
      server.serve { $0.state = state(problem: "\(error)") }
      print("\(terminal.red("✗")) \(error)")
    }
  }

  private func answer(to exercise: any AnyExercise) -> URL { usesSolutions ? exercise.solutionURL : exercise.url }

  /// Why the panel does not run on the learner's answer yet; nil where it does, or where none is wanted.
  private func objection() throws -> String? {
    guard let exercise else { return nil }
    let result = try Checker.ofThisCheckout().check(exercise, file: answer(to: exercise), shownAs: exercise.file)
    let later = "The panel runs on it as soon as it passes; until then it is the book's own code."
    switch CheckRecord(exercise, result).status {
    case .passed: return nil
    case .notAttempted: return "Exercise \(exercise.id) is not solved yet: write it in \(exercise.file). \(later)"
    case let status:
      return
        "Your answer to exercise \(exercise.id): \(status.rawValue). ./workbook check \(exercise.id) says why. \(later)"
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

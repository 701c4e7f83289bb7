// The state of `./workbook live` between two saves.

import Basics
import Foundation
import Workbook

/// The state of the loop: the chapter, its sources, and the displayed page.
struct LiveSession {
  let chapter: Chapter
  /// The exercise whose answer a panel runs on.
  let exercise: (any AnyExercise)?
  let server: PageServer
  let isQuick: Bool
  let terminal: TerminalStyle
  /// The sources that the page depends on.
  let sources: [URL]
  /// Whether the solutions are used as the learner's answers.
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

  /// How the chapter is drawn: from the recorded run, or from a short run.
  var arguments: [String] {
    let record = Checkout.record(of: chapter)
    let isRecorded = record.lastPathComponent == "findings.json"
    return (isQuick || !isRecorded ? ["--quick"] : ["--from", record.path]) + ["--format", "html", "--out", folder]
  }

  private var folder: String { Checkout.root.appendingPathComponent("out/live/\(chapter.name)").path }

  /// Builds the chapter, draws its page and shows it. If that fails, the last page stays, with the reason above it.
  mutating func draw() {
    // Changes that are saved while the compiler runs are noticed at the next check.
    known = SourceState(of: sources)
    server.serve { $0.state = state(doing: "drawing …") }
    let began = ChildProcess.now()
    do {
      var (environment, objection) = try prepare()
      // The problem with an answer is known long before the page is drawn without it.
      let early = objection.map { $0 + (exercise == nil ? "" : "\nDrawing the page without it …") }
      let html = try drawn(environment, problem: early ?? "")
      if exercise != nil { objection? += "\nUntil the panel can run on your answer, it runs the book's own code." }
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

  /// Draws the page. If another process is drawing the same chapter, waits for it.
  private func drawn(_ environment: [String: String], problem: String) throws -> String {
    try AtomicFile.makeFolder(folder)
    return try FolderLock.turn(in: URL(fileURLWithPath: folder)) { holder in
      let doing = "waiting for process \(holder), which is drawing this chapter"
      server.serve { $0.state = state(doing: doing, problem: problem) }
    } _: {
      server.serve { $0.state = state(doing: "drawing …", problem: problem) }
      try ChapterProcess.run(chapter, arguments, environment: environment, isSeen: false, lines: 60)
      return try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
    }
  }

  /// Compiles the code of the page's panels and reports progress: the first time takes a minute or two.
  ///
  /// - Returns: the environment in which the chapter is drawn, and the problem with the learner's answer, if any.
  private func prepare() throws -> (environment: [String: String], objection: String?) {
    func say(_ step: String) {
      let doing = "compiling the code for the page's interactive panels, once: \(step)"
      server.serve { $0.state = state(doing: doing) }
      print(terminal.dim(doing))
      fflush(nil)
    }
    func obstacle() -> String? { hasPanels && LiveModule.absence == nil ? LiveModule.obstacle(say: say) : nil }
    guard let exercise else { return ([:], obstacle()) }
    let file = answer(to: exercise)
    let result = try Checker.ofThisCheckout().check(exercise, file: file, shownAs: exercise.file)
    let objection =
      Self.objection(exercise, CheckRecord(exercise, result)) ?? LiveModule.obstacle(answer: file, say: say)
    guard let objection else { return ([LiveAnswer.variable: file.path], nil) }
    let others = obstacle().map { "\n" + $0 } ?? ""
    return ([:], objection + others)
  }

  /// Whether the chapter's page has panels.
  private var hasPanels: Bool {
    let files = (try? FileManager.default.contentsOfDirectory(at: sources[0], includingPropertiesForKeys: nil)) ?? []
    return files.contains { (try? String(contentsOf: $0, encoding: .utf8))?.contains("page.live(") == true }
  }

  private func answer(to exercise: any AnyExercise) -> URL { usesSolutions ? exercise.solutionURL : exercise.url }

  /// Why a panel does not run on an answer yet: expected, found, and what to do; nil if it has passed.
  static func objection(_ exercise: any AnyExercise, _ record: CheckRecord) -> String? {
    let (id, check) = (exercise.id, "./workbook check \(exercise.id)")
    switch record.status {
    case .passed: return nil
    case .notAttempted: return "Exercise \(id) is not solved yet: write it in \(exercise.file)."
    case .failed:
      var lines = [
        "Your answer to exercise \(id) passes \(record.passedCases) of \(record.cases.count) cases. \(check) shows all."
      ]
      if let first = record.cases.first(where: { !$0.passed }) { lines += [first.call, "  " + first.finding] }
      if record.halt != nil, let reason = record.reason { lines.append(reason) }
      if let mistake = record.misconception {
        lines.append("It looks as if your answer \(mistake). \(record.effect ?? "")")
      }
      return lines.joined(separator: "\n")
    case .doesNotCompile, .missing, .notExamined:
      return "Your answer to exercise \(id): \(record.status.rawValue). \(check) shows why.\n\(record.reason ?? "")"
    }
  }

  /// Draws if something was saved since the last drawing.
  ///
  /// - Returns: whether it did.
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

  private func state(doing: String = "", problem: String = "") -> Data {
    Data(ServedPage.state(version: version, doing: doing, problem: problem).utf8)
  }
}

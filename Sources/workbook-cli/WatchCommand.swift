// `./workbook watch [4.3]`: check an exercise each time you save it

import ArgumentParser
import ExerciseCatalogue
import Foundation
import Workbook

/// The learner's loop: save, look, think.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Check an exercise each time you save it.",
    discussion: """
      Starts with the first exercise that has not passed, and continues with the next when one passes. Saving another
      exercise's file switches to it. Keys: h hint, l list, r run again, n next, p previous, s solution, q quit.
      """)

  @Argument(help: "4.3, Ex04_3, or ch04 for its first unsolved exercise.") var name: String?
  @Option(help: "Seconds of processor time per call.") var seconds = 10.0
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func run() throws {
    let terminal = TerminalStyle(noColor: noColor)
    let checker = try Checker.ofThisCheckout(limits: AnswerLimits(seconds: seconds))
    var session = WatchSession(checker: checker, terminal: terminal, current: try first())
    let keyboard = Keyboard()
    let folders = Set(Catalogue.all.map { $0.url.deletingLastPathComponent().path }).sorted()
    let files = FileEvents(folders: folders)
    try session.check()
    session.prompt(hasKeys: keyboard.isTerminal)
    while true {
      switch keyboard.next(or: files.descriptor, milliseconds: files.descriptor == nil ? 300 : 2000) {
      case .key(let key):
        guard try session.press(key) else { return }
        session.prompt(hasKeys: keyboard.isTerminal)
      case .end: return
      case .nothing:
        files.drain()
        if try session.checkIfSaved() { session.prompt(hasKeys: keyboard.isTerminal) }
      }
    }
  }

  /// The exercise to start with.
  private func first() throws -> any AnyExercise {
    let progress = try LearnerProgress(from: Checkout.progress)
    let scope = try name.map { try ExerciseScope.exercises([$0]) } ?? Catalogue.all
    guard let exercise = scope.first(where: { progress[$0.id].passed == nil }) ?? scope.first else {
      throw CheckerError("there are no exercises in this checkout")
    }
    return exercise
  }
}

/// The state of the loop: the current exercise, and the digests of all files.
struct WatchSession {
  var checker: Checker
  var terminal: TerminalStyle
  var current: any AnyExercise
  private var digests: [ExerciseID: String] = [:]
  private var shownSolution: ExerciseID?

  init(checker: Checker, terminal: TerminalStyle, current: any AnyExercise) {
    self.checker = checker
    self.terminal = terminal
    self.current = current
    for exercise in Catalogue.all { digests[exercise.id] = LearnerProgress.digest(of: exercise.url) }
  }

  /// Checks the current exercise and moves on to the next if it passes.
  mutating func check() throws {
    let exercise = current
    let digest = LearnerProgress.digest(of: exercise.url) ?? ""
    digests[exercise.id] = digest
    var report = CheckReport(terminal: terminal, isDetailed: true)
    print("")
    report.begin(exercise)
    let result = try checker.check(exercise, file: exercise.url, shownAs: exercise.file) { index, judgment in
      report.show(judgment, of: exercise, case: index)
    }
    report.end(exercise, result)
    guard case .reviewed(let review, _, _) = result else { return }
    try LearnerProgress.update(in: Checkout.progress) { $0.note(review, of: exercise.id, digest: digest, at: Date()) }
    guard review.passed else { return }
    if let next = try openExercise(after: exercise) {
      current = next
      print("Next: \(terminal.bold(next.label)): \(next.file)")
    } else {
      print(terminal.bold("Every exercise has passed."))
    }
  }

  /// Checks an exercise that was saved since the last check.
  ///
  /// - Returns: whether there was one.
  mutating func checkIfSaved() throws -> Bool {
    let saved = Catalogue.all.filter { exercise in
      let digest = LearnerProgress.digest(of: exercise.url)
      defer { if digest != nil { digests[exercise.id] = digest } }
      return digest != nil && digest != digests[exercise.id]
    }
    guard let exercise = saved.first(where: { $0.id == current.id }) ?? saved.first else { return false }
    current = exercise
    try check()
    return true
  }

  /// Performs the action of a key.
  ///
  /// - Returns: whether to continue.
  mutating func press(_ key: Character) throws -> Bool {
    let isConfirmed = shownSolution == current.id
    shownSolution = nil
    switch key.lowercased() {
    case "q": return false
    case "r", "\n", "\r": try check()
    case "h": try hint()
    case "l": print("\n" + ProgressCommand.text(try ProgressCommand.rows(), terminal: terminal))
    case "n": try step(to: openExercise(after: current))
    case "p": try step(to: Catalogue.all.last { $0.id < current.id })
    case "s":
      let hasPassed = try LearnerProgress(from: Checkout.progress)[current.id].passed != nil
      if isConfirmed || hasPassed {
        try solution()
      } else {
        shownSolution = current.id
        print("\nPress s again to see the solution of \(current.label) before it has passed.")
      }
    case "?": print("\nh hint   l list   r run again   n next   p previous   s solution   q quit")
    default: break
    }
    return true
  }

  /// The line at the bottom.
  func prompt(hasKeys: Bool) {
    let keys = hasKeys ? "h hint · l list · r run · n next · s solution · q quit" : "Ctrl-C to quit"
    print(terminal.dim("Watching \(current.id) · \(keys)"))
    fflush(nil)
  }

  private func hint() throws {
    let seen = try LearnerProgress(from: Checkout.progress)[current.id].hints
    let shown = min(seen + 1, current.hints.count)
    print("\n" + HintCommand.text(current, upTo: shown, terminal: terminal))
    try LearnerProgress.update(in: Checkout.progress) { $0[current.id].hints = max(seen, shown) }
  }

  private func solution() throws {
    guard let text = try? String(contentsOf: current.solutionURL, encoding: .utf8) else {
      print("\n\(current.solutionFile) is not in this checkout.")
      return
    }
    print("\n" + text)
    try LearnerProgress.update(in: Checkout.progress) { progress in
      if progress[current.id].passed == nil { progress[current.id].sawSolution = true }
    }
  }

  private mutating func step(to exercise: (any AnyExercise)?) throws {
    guard let exercise else {
      print("\nThere is no such exercise.")
      return
    }
    current = exercise
    try check()
  }

  /// The next exercise that has not passed, wrapping around at the end.
  private func openExercise(after exercise: any AnyExercise) throws -> (any AnyExercise)? {
    let progress = try LearnerProgress(from: Checkout.progress)
    let open = Catalogue.all.filter { progress[$0.id].passed == nil && $0.id != exercise.id }
    return open.first { $0.id > exercise.id } ?? open.first
  }
}

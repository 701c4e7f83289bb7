// `./workbook grade DIR...`: examine a class's submissions, each in a cage

import ArgumentParser
import Foundation
import Synchronization
import Workbook

/// Examines the submissions of a class.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Examine a class's submissions, side by side, each in a cage.",
    discussion: """
      DIR is a submission, or a folder of submissions named after their students. Answers are looked for as
      Exercises/ch04/NAME.swift, ch04/NAME.swift and NAME.swift in it. Each answer is compiled, linked and called in a
      cage made by bubblewrap: it sees the compiler, the system's libraries and a folder of its own, no network, no
      other process, no other answer. What is right is known outside alone. An answer that passes is called again with
      numbers drawn in this run. Where there is no cage, nothing is graded, unless --no-cage says so.
      """)

  @Argument(help: "Submissions, or folders of them.") var folders: [String]
  @Option(name: .customLong("only"), help: "Only these exercises: 4.3, ch04 (may be repeated).") var names: [String] =
    []
  @Option(help: "Write a record for each student and exercise as JSON to a file (- for standard output).")
  var json: String?
  @Option(help: "The same as CSV.") var csv: String?
  @Option(help: "The same as JUnit XML.") var junit: String?
  @Option(help: "Seconds of computing that a call may take.") var seconds = 5.0
  @Option(help: "Megabytes of memory an answer may use.") var memory = 512
  @Option(help: "Answers examined at a time (default: processors).") var jobs: Int?
  @Flag(
    name: .customLong("no-cage"),
    help: "Grade without a cage: answers are compiled with your rights, and may read and change what you may.")
  var noCage = false
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func validate() throws {
    guard !folders.isEmpty else { throw ValidationError("expected at least one folder with submissions") }
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds: expected 0 to 3600, found \(seconds)") }
    guard (64...65_536).contains(memory) else {
      throw ValidationError("--memory: expected 64 to 65536 megabytes, found \(memory)")
    }
    guard jobs.map({ (1...256).contains($0) }) ?? true else { throw ValidationError("--jobs: expected 1 to 256") }
    guard [json, csv, junit].count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("only one of --json, --csv and --junit can go to standard output")
    }
  }

  func run() throws {
    let exercises = try ExerciseScope.exercises(names)
    let submissions = try Submission.find(folders)
    let checker: Checker
    do {
      checker = try Checker.ofThisCheckout(
        limits: AnswerLimits(seconds: seconds, memory: memory << 20, requiresCage: !noCage), drawsFreshNumbers: true)
    } catch let error as CheckerError where !noCage {
      throw CheckerError(
        """
        nothing was graded: \(error)
        Answers of others run in a cage. Without one (--no-cage) they are compiled and linked with your rights: they \
        may read and change what you may.
        """)
    }
    let work = submissions.flatMap { submission in exercises.map { (submission, $0) } }
    let grades = try Self.examine(work, checker: checker, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)

    let outputs: [(String?, () throws -> String)] = [
      (json, { try grades.jsonText() + "\n" }), (csv, { GradeTable.csv(grades) }),
      (junit, { GradeTable.junit(grades) }),
    ]
    for case (let path?, let text) in outputs {
      let contents = try text()
      if path == "-" {
        print(contents, terminator: "")
      } else {
        do { try AtomicFile.write(contents, to: path) } catch { throw CheckerError("\(error)") }
      }
    }
    if ![json, csv, junit].contains("-") {
      print(GradeTable.text(grades, exercises: exercises, terminal: TerminalStyle(noColor: noColor)))
    }
  }

  /// Examines everything, several answers at a time, and keeps the order.
  static func examine(
    _ work: [(Submission, any AnyExercise)], checker: Checker, jobs: Int
  ) throws -> [Grade] {
    let grades = Mutex([Grade?](repeating: nil, count: work.count))
    let failure = Mutex<(any Error)?>(nil)
    let next = Mutex(0)
    let done = Mutex(0)
    let bar = ProgressBar("grading", total: work.count)
    DispatchQueue.concurrentPerform(iterations: min(jobs, max(work.count, 1))) { _ in
      while failure.withLock({ $0 == nil }) {
        let index = next.withLock { value in
          defer { value += 1 }
          return value
        }
        guard index < work.count else { break }
        let (submission, exercise) = work[index]
        do {
          let record = try submission.record(of: exercise, checker: checker)
          grades.withLock { $0[index] = Grade(student: submission.student, record: record) }
        } catch {
          failure.withLock { $0 = error }
        }
        bar.update(
          done.withLock { value in
            value += 1
            return value
          })
      }
    }
    bar.finish()
    if let error = failure.withLock({ $0 }) { throw error }
    return grades.withLock { $0.compactMap { $0 } }
  }
}

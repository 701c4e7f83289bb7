// `./workbook grade DIR...`: grade a class's submissions, each in a cage

import ArgumentParser
import Foundation
import Synchronization
import Workbook

/// Grades the submissions of a class.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade a class's submissions in parallel, each in a cage.",
    discussion: """
      DIR is a submission, or a folder of submissions named after their students. A submission contains its answers as
      Exercises/ch04/NAME.swift, ch04/NAME.swift or NAME.swift. Each answer is compiled, linked and called in a cage
      made by bubblewrap: it can access the compiler, the system's libraries and its own folder, but no network, no
      other process and no other answer. The expected results stay outside. An answer that passes is called again with
      numbers drawn in this run. Without a cage nothing is graded, unless you pass --no-cage.
      --merge combines the --json files of several machines; `./workbook jobs grade` prints their commands.
      """)

  @Argument(help: "Submissions, or folders of them.") var folders: [String] = []
  @Option(name: .customLong("only"), help: "Only these exercises: 4.3, ch04 (may be repeated).") var names: [String] =
    []
  @Option(help: "Write a record for each student and exercise as JSON to a file (- for standard output).")
  var json: String?
  @Option(help: "Write the same as CSV.") var csv: String?
  @Option(help: "Write the same as JUnit XML.") var junit: String?
  @Option(help: "Write the points of each chapter as CSV for Canvas.") var canvas: String?
  @Option(help: "Write the points of each chapter as CSV for Moodle.") var moodle: String?
  @Option(help: "Write the points and mistakes of one submission for Gradescope (results.json).")
  var gradescope: String?
  @Option(help: "A file of lines exercise,points,due (default: one point per exercise).") var points: String?
  @Option(parsing: .upToNextOption, help: "Grade nothing; combine these files written by --json.") var merge: [String] =
    []
  @Flag(
    help:
      "Write nothing and exit with status 75 if the machine was too busy for an answer: for jobs that are run again.")
  var complete = false
  @Option(help: "The student's name, for one submission whose folder has another name.") var student: String?
  @Option(help: "The seed of the numbers drawn in this run (default: a secret one).") var draw: UInt64?
  @Option(help: "Seconds of processor time per call.") var seconds = 5.0
  @Option(help: "Megabytes of memory per answer.") var memory = 512
  @Option(help: "Answers checked at the same time (default: number of processors).") var jobs: Int?
  @Flag(
    name: .customLong("no-cage"),
    help: "Grade without a cage: answers are compiled with your permissions and can read and change your files.")
  var noCage = false
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func validate() throws {
    guard folders.isEmpty != merge.isEmpty else {
      throw ValidationError("expected folders with submissions, or --merge with files, but not both")
    }
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds: expected 0 to 3600, found \(seconds)") }
    guard (64...65_536).contains(memory) else {
      throw ValidationError("--memory: expected 64 to 65536 megabytes, found \(memory)")
    }
    guard jobs.map({ (1...256).contains($0) }) ?? true else { throw ValidationError("--jobs: expected 1 to 256") }
    guard files.count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("only one output format can go to standard output")
    }
  }

  private var files: [String?] { [json, csv, junit, canvas, moodle, gradescope] }

  func run() throws {
    let exercises = try ExerciseScope.exercises(names)
    let table = try points.map(PointsTable.init(readingFrom:)) ?? PointsTable()
    let grades = merge.isEmpty ? try grade(exercises) : try Grade.merged(merge)
    if gradescope != nil, Set(grades.map(\.student)).count > 1 {
      throw ValidationError("--gradescope: expected one submission, found several")
    }

    if let note = Self.note(onUnexamined: grades) {
      printError(note)
      if complete { throw ExitCode(75) }
    }
    let outputs: [(String?, () throws -> String)] = [
      (json, { try grades.jsonText() + "\n" }), (csv, { GradeTable.csv(grades) }),
      (junit, { GradeTable.junit(grades) }), (canvas, { PlatformGrades.canvas(grades, points: table) }),
      (moodle, { PlatformGrades.moodle(grades, points: table) }),
      (gradescope, { try PlatformGrades.gradescope(grades, points: table) }),
    ]
    for case (let path?, let text) in outputs {
      let contents = try text()
      if path == "-" {
        print(contents, terminator: "")
      } else {
        do { try AtomicFile.write(contents, to: path) } catch { throw CheckerError("\(error)") }
      }
    }
    if !files.contains("-") {
      print(GradeTable.text(grades, exercises: exercises, terminal: TerminalStyle(noColor: noColor)))
    }
  }

  /// A note on the answers that have to be graded again; `nil` if all have been checked.
  static func note(onUnexamined grades: [Grade]) -> String? {
    let open = grades.filter { $0.record.status == .notExamined }
    if open.isEmpty { return nil }
    let names = open.prefix(5).map { "\($0.student) \($0.record.exercise)" } + (open.count > 5 ? ["…"] : [])
    return "not examined, because the machine was too busy, and without points until graded again: "
      + "\(open.count) of \(grades.count) answers (\(names.joined(separator: ", ")))"
  }

  /// Grades the submissions in the folders.
  private func grade(_ exercises: [any AnyExercise]) throws -> [Grade] {
    var submissions = try Submission.find(folders, areSubmissions: student != nil)
    if let student {
      guard submissions.count == 1 else {
        throw ValidationError("--student: expected one submission, found \(submissions.count)")
      }
      submissions[0].student = student.onOneLine
    }
    let checker: Checker
    do {
      checker = try Checker.ofThisCheckout(
        limits: AnswerLimits(seconds: seconds, memory: memory << 20, requiresCage: !noCage),
        draw: draw ?? UInt64.random(in: .min ... .max))
    } catch let error as CheckerError where !noCage {
      throw CheckerError(
        """
        nothing was graded: \(error)
        Other people's answers run in a cage. Without one (--no-cage) they are compiled and linked with your \
        permissions: they can read and change your files.
        """)
    }
    let work = submissions.flatMap { submission in exercises.map { (submission, $0) } }
    return try Self.examine(work, checker: checker, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Checks all answers, several at the same time, and keeps their order.
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

// `./workbook check [4.3|ch04]`: check your answers to exercises

import ArgumentParser
import Foundation
import Workbook

/// Checks the learner's answers, each in its own child process.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check your answers to exercises.",
    discussion: """
      Without a name, all exercises are checked. An untouched exercise counts as not attempted, not as a mistake.
      Your own code is compiled with your permissions and called in a process that cannot open files, start programs
      or use the network. For other people's code, use `grade`.
      Exit status: 0 if no attempted exercise is wrong, otherwise 1.
      """)

  @Argument(help: "4.3, Ex04_3, ch04, or a file.") var names: [String] = []
  @Flag(help: "Plot the expected values against the returned ones.") var plot = false
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print one line per problem, starting with file and line, for editors.") var problems = false
  @Flag(help: .init("Check the solutions instead.", visibility: .hidden)) var solutions = false
  @Option(help: "Seconds of processor time per call.") var seconds = 10.0
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func validate() throws {
    guard !(json && problems) else {
      throw ValidationError("--problems: expected one output format, found --json as well")
    }
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds: expected more than 0 and at most 3600, found \(seconds)")
    }
  }

  private var isForReaders: Bool { !json && !problems }

  func run() throws {
    let exercises = try ExerciseScope.exercises(names)
    let checker = try Checker.ofThisCheckout(limits: AnswerLimits(seconds: seconds))
    var report = CheckReport(terminal: TerminalStyle(noColor: noColor), isDetailed: exercises.count <= 3)
    var records: [CheckRecord] = []
    for exercise in exercises {
      let file = solutions ? exercise.solutionURL : exercise.url
      let shown = solutions ? exercise.solutionFile : exercise.file
      let digest = LearnerProgress.digest(of: file) ?? ""
      if isForReaders { report.begin(exercise) }
      let result = try checker.check(exercise, file: file, shownAs: shown) { index, judgment in
        if isForReaders { report.show(judgment, of: exercise, case: index) }
      }
      if isForReaders { report.end(exercise, result) }
      if problems {
        let source = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for line in ProblemLines.lines(exercise, result, source: source, shownAs: shown) { print(line) }
      }
      if plot, isForReaders, case .reviewed(_, let responses, _) = result {
        CheckPlot.draw(exercise, responses, terminal: report.terminal)
      }
      records.append(CheckRecord(exercise, result))
      if !solutions, case .reviewed(let review, _, _) = result {
        try LearnerProgress.update(in: Checkout.progress) {
          $0.note(review, of: exercise.id, digest: digest, at: Date())
        }
      }
    }
    if json {
      print(try records.jsonText())
    } else if isForReaders, exercises.count > 1 {
      report.summarize(records)
    }
    if records.contains(where: { $0.status != .passed && $0.status != .notAttempted }) { throw ExitCode(1) }
  }
}

extension Array where Element: Encodable {
  /// The elements as pretty JSON.
  func jsonText() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

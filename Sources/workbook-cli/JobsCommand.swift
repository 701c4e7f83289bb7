// `./workbook jobs grade DIR…`, `./workbook jobs full`: large work as independent commands, for job schedulers

import ArgumentParser
import Basics
import Foundation
import Workbook

/// Prints one command per line.
struct JobsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "Print large work as one command per line, for many machines.",
    discussion: """
      Every line is independent, writes one file or folder, and may be run again after it was stopped: finished work \
      is not repeated. The last line, a comment, combines the results. Any tool that runs lines will do: GNU parallel \
      on one machine or several, a Slurm array, or a CI matrix.
      """, subcommands: [GradeJobs.self, FullJobs.self])

  /// A line that does nothing if its result exists.
  static func line(unless result: String, _ command: [String]) -> String {
    "test -e \(result.escapedForShell) || \(command.map(\.escapedForShell).joined(separator: " "))"
  }
}

/// One command for each submission.
struct GradeJobs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "One command for each submission of a class.")

  @Argument(help: "Submissions, or folders of them.") var folders: [String]
  @Option(help: "The folder for one JSON file per submission.") var out = "out/grades"
  @Option(help: "The seed of the drawn numbers, the same for all (default: random).") var draw: UInt64?

  /// The command that grades one submission. The name follows an equals sign because it may look like an option.
  static func command(for submission: Submission, seed: UInt64, result: String) -> [String] {
    [
      "./workbook", "grade", submission.folder.path, "--student=\(submission.student)", "--draw", "\(seed)",
      "--complete",
      "--json", result,
    ]
  }

  func run() throws {
    let seed = draw ?? UInt64.random(in: .min ... .max)
    let submissions = try Submission.find(folders)
    // Text after a line end would become a command.
    for submission in submissions where submission.folder.path.unicodeScalars.contains(where: { $0.value < 32 }) {
      throw CheckerError("\(submission.student): expected a folder's name on one line, found control characters in it")
    }
    for (index, submission) in submissions.enumerated() {
      let result = "\(out)/\(index + 1).json"
      print(JobsCommand.line(unless: result, Self.command(for: submission, seed: seed, result: result)))
    }
    let results = (1...submissions.count).map { "\(out)/\($0).json".escapedForShell }.joined(separator: " ")
    print("# then: ./workbook grade --json grades.json --csv grades.csv --merge \(results)")
  }
}

/// One command for each chapter's full run.
struct FullJobs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "full", abstract: "One command for each chapter's full run.")

  @Option(help: "The folder for one folder per chapter.") var out = "out/full"
  @Option(help: "Threads of each run; the result does not depend on it.") var threads = 1

  func validate() throws {
    guard (1...256).contains(threads) else { throw ValidationError("--threads: expected 1 to 256, found \(threads)") }
  }

  func run() throws {
    for chapter in Chapter.all {
      let folder = "\(out)/\(chapter.name)"
      print(
        JobsCommand.line(
          unless: "\(folder)/findings.json",
          ["./workbook", "run", chapter.name, "--full", "--resume", "--threads", "\(threads)", "--out", folder]))
    }
    print("# then: ./workbook claims --from \(out.escapedForShell)")
  }
}

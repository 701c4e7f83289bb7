// `./workbook handout DIR`: a copy of the workbook for students, without solutions

import ArgumentParser
import Basics
import ExerciseCatalogue
import Foundation
import Workbook

/// Copies the files of this checkout that git tracks, except for the solutions.
struct HandoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handout", abstract: "Make a copy of the workbook for students, without solutions.",
    discussion: """
      Copies the files that git tracks, without Solutions and their tests, and with every exercise as its stub. The
      copy is a git repository with one commit, so that `reset` works in it. On GitHub Classroom, it checks every push
      of a student, annotates the faulty lines, and adds up the points in Exercises/points.csv.
      With --gradescope it writes an autograder for Gradescope instead, which includes the solutions and draws new
      numbers for each submission.
      """)

  @Argument(help: "A folder that does not exist yet.") var folder: String

  @Flag(help: "Write an autograder for Gradescope to the folder; zip its contents to upload it.") var gradescope = false

  /// The folder of the platforms' scripts in a checkout.
  private static let classroom = ".github/classroom/"

  /// Whether a file goes into the copy. The package does not build without the folders of its tests.
  static func copies(_ path: String, solutions: Bool) -> Bool {
    !path.hasPrefix(".github/")
      && (solutions || !["Solutions", "Tests/SolutionTests"].contains { path.starts(with: $0) })
  }

  func run() throws {
    let target = URL(fileURLWithPath: folder, isDirectory: true)
    let files = FileManager.default
    guard !files.fileExists(atPath: target.path) else {
      throw CheckerError("\(folder): expected a folder that does not exist yet, found an existing file or folder")
    }
    guard let list = Git.run(["ls-files", "-z"], in: Checkout.root) else {
      throw CheckerError("a handout needs a git checkout, and \(Checkout.root.path) is not one")
    }
    let stubs = Dictionary(uniqueKeysWithValues: Catalogue.all.map { ($0.file, $0) })
    let tracked = list.split(separator: "\0").map(String.init).filter { Self.copies($0, solutions: gradescope) }
    // Build it under another name, so that it appears only when complete.
    let unfinished = target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent)-\(UUID().uuidString)", isDirectory: true)
    do {
      let copies = gradescope ? unfinished.appendingPathComponent("workbook", isDirectory: true) : unfinished
      for path in tracked {
        let copy = copies.appendingPathComponent(path)
        try files.createDirectory(at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        if let exercise = stubs[path] {
          try Stub.original(of: exercise).write(to: copy)
        } else {
          try files.copyItem(at: Checkout.root.appendingPathComponent(path), to: copy)
        }
      }
      let points = copies.appendingPathComponent("Exercises/points.csv")
      if !files.fileExists(atPath: points.path) {
        try AtomicFile.write(PointsTable.template(for: Catalogue.all), to: points.path)
      }
      let scripts =
        gradescope
        ? ["setup.sh": "setup.sh", "run_autograder": "run_autograder"]
        : ["check.yml": ".github/workflows/check.yml"]
      for (script, place) in scripts {
        let copy = unfinished.appendingPathComponent(place)
        try files.createDirectory(at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try files.copyItem(at: Checkout.root.appendingPathComponent(Self.classroom + script), to: copy)
      }
      try files.moveItem(at: unfinished, to: target)
    } catch {
      try? files.removeItem(at: unfinished)
      throw CheckerError(
        "cannot make the handout \(folder): \((error as? CheckerError)?.description ?? error.localizedDescription)")
    }
    if gradescope {
      print(
        "\(folder) has an autograder. (cd \(folder.escapedForShell) && zip -qr ../autograder.zip .) makes the upload."
      )
      return
    }
    let person = ["-c", "user.name=ConvNet Workbook", "-c", "user.email=workbook@localhost"]
    let isRepository =
      Git.run(["init", "-q"], in: target) != nil && Git.run(["add", "-A"], in: target) != nil
      && Git.run(person + ["commit", "-q", "-m", "The ConvNet Workbook"], in: target) != nil
    print("\(tracked.count) files in \(folder), \(stubs.count) exercises, no solutions.")
    if !isRepository { print("git could not make it a repository: `./workbook reset` will not work there.") }
  }
}

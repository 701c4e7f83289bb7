// `./workbook reset 4.3`: restore the untouched stub and keep a copy of your answer

import ArgumentParser
import Foundation
import Workbook

/// Restores an exercise's stub.
struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Restore the untouched stub. A copy of your answer is kept, and its path is shown.",
    discussion: "The stub comes from git.")

  @Argument(help: "4.3, Ex04_3, ch04, or a file.") var names: [String]
  @Flag(help: "Do not ask.") var yes = false

  func validate() throws {
    if names.isEmpty { throw ValidationError("expected an exercise, like 4.3") }
  }

  func run() throws {
    let exercises = try ExerciseScope.exercises(names)
    let changed = try exercises.filter { try Stub.original(of: $0) != (try? Data(contentsOf: $0.url)) }
    guard !changed.isEmpty else {
      print("Nothing to reset: \(exercises.count == 1 ? "the stub is" : "all stubs are") untouched.")
      return
    }
    if !yes { try confirm("Restore the stub of \(changed.map(\.file).joined(separator: ", "))?") }
    for exercise in changed {
      let kept = try Stub.reset(exercise)
      print("\(exercise.file) is the stub again." + (kept.map { " Your answer was saved as \($0)" } ?? ""))
    }
    try LearnerProgress.update(in: Checkout.progress) { progress in
      for exercise in changed { progress[exercise.id] = LearnerProgress.Entry() }
    }
  }
}

/// The untouched form of an exercise's file.
enum Stub {
  /// The original stub: the newest version in git that is still unsolved.
  ///
  /// The upstream branch comes first, because a learner may have committed answers on top of it.
  ///
  /// - Throws: `CheckerError` if git has none.
  static func original(of exercise: any AnyExercise) throws -> Data {
    let own = Git.run(["log", "--format=%H", "--", exercise.file], in: Checkout.root) ?? ""
    for version in ["@{upstream}"] + own.split(separator: "\n").map(String.init) {
      if let text = Git.run(["show", "\(version):\(exercise.file)"], in: Checkout.root),
        text.contains("throw Unsolved(\"\(exercise.id)")
      {
        return Data(text.utf8)
      }
    }
    throw CheckerError(
      "\(exercise.file): git has no unsolved version of it; fetch the workbook again, or undo your changes")
  }

  /// Restores the stub.
  ///
  /// - Returns: the path of the saved answer, relative to the checkout; `nil` if there was none.
  static func reset(_ exercise: any AnyExercise) throws -> String? {
    let stub = try original(of: exercise)
    var kept: String?
    do {
      if FileManager.default.fileExists(atPath: exercise.url.path) {
        let folder = Checkout.progress.appendingPathComponent("kept", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var number = 1
        var copy: URL
        repeat {
          copy = folder.appendingPathComponent("\(exercise.name)-\(number).swift")
          number += 1
        } while FileManager.default.fileExists(atPath: copy.path)
        try FileManager.default.copyItem(at: exercise.url, to: copy)
        kept = ".workbook/kept/\(copy.lastPathComponent)"
      }
      try AtomicFile.write(stub, to: exercise.url.path)
    } catch let error as FileError {
      throw CheckerError("\(error)")
    } catch {
      throw CheckerError("cannot restore \(exercise.file): \(error.localizedDescription)")
    }
    return kept
  }
}

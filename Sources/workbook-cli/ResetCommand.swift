// `./workbook reset 4.3`: put the untouched stub back; your answer is kept aside

import ArgumentParser
import Foundation
import Workbook

/// Puts an exercise's stub back.
struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Put the untouched stub back. Your answer is kept, and you are told where.",
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
    if !yes { try confirm("Put back \(changed.map(\.file).joined(separator: ", "))?") }
    for exercise in changed {
      let kept = try Stub.reset(exercise)
      print("\(exercise.file) is the stub again." + (kept.map { " Your answer: \($0)" } ?? ""))
    }
    try LearnerProgress.update(in: Checkout.progress) { progress in
      for exercise in changed { progress[exercise.id] = LearnerProgress.Entry() }
    }
  }
}

/// The untouched form of an exercise's file.
enum Stub {
  /// The stub as it came: the newest version that git knows which is still unsolved.
  ///
  /// The branch that the checkout follows comes first, for a learner may have committed answers on top of it.
  ///
  /// - Throws: `CheckerError` where git knows none.
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
      "\(exercise.file): git knows no version of it that is unsolved; fetch the workbook again, or undo your changes")
  }

  /// Puts the stub in place.
  ///
  /// - Returns: where the former answer is kept, relative to the checkout; `nil` if there was none.
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
      throw CheckerError("cannot put \(exercise.file) back: \(error.localizedDescription)")
    }
    return kept
  }
}

// The exercises that a command applies to, and their files.

import ArgumentParser
import ExerciseCatalogue
import Foundation
import Workbook

/// Exercises named on the command line.
enum ExerciseScope {
  /// The exercises that `names` stand for: `4.3`, `Ex04_3`, `ch04`, `4`, or the path of an exercise's file; all
  /// exercises if there are no names.
  ///
  /// - Throws: `ValidationError` for an unknown name.
  static func exercises(_ names: [String]) throws -> [any AnyExercise] {
    guard !names.isEmpty else { return Catalogue.all }
    var found: [any AnyExercise] = []
    for name in names {
      for exercise in try exercises(named: name) where !found.contains(where: { $0.id == exercise.id }) {
        found.append(exercise)
      }
    }
    return found.sorted { $0.id < $1.id }
  }

  /// The single exercise that `name` stands for.
  static func exercise(_ name: String) throws -> any AnyExercise {
    let found = try exercises(named: name)
    guard found.count == 1 else {
      throw ValidationError(
        "expected one exercise, like \(found[0].id); '\(name)' means \(found.count): "
          + found.map(\.id.description).joined(separator: ", "))
    }
    return found[0]
  }

  private static func exercises(named name: String) throws -> [any AnyExercise] {
    let word = URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
    let typed = name.contains("/") || name.hasSuffix(".swift") ? word : name
    if let id = ExerciseID(typed) {
      if let exercise = Catalogue[id] { return [exercise] }
    } else {
      let digits = typed.lowercased().hasPrefix("ch") ? typed.dropFirst(2).prefix { $0 != "-" } : typed[...]
      if let chapter = Int(digits) {
        let found = Catalogue.exercises(ofChapter: chapter)
        if !found.isEmpty { return found }
      }
    }
    let close = Catalogue.all.filter { $0.title.localizedCaseInsensitiveContains(typed) && typed.count > 2 }
    if close.count == 1 { return close }
    let chapters = Set(Catalogue.all.map(\.id.chapter)).sorted().map(String.init).joined(separator: ", ")
    throw ValidationError(
      "there is no exercise '\(name)'. Exercises are named like 4.3 or Ex04_3, those of a chapter like ch04; "
        + "chapters with exercises: \(chapters).")
  }
}

extension AnyExercise {
  /// The learner's file in this checkout.
  var url: URL { Checkout.root.appendingPathComponent(file) }
  var solutionURL: URL { Checkout.root.appendingPathComponent(solutionFile) }
}

extension Checker {
  /// The checker of this checkout.
  static func ofThisCheckout(limits: AnswerLimits = .init(), draw: UInt64? = nil) throws -> Checker {
    guard let program = Bundle.main.executableURL else { throw CheckerError("this program cannot find its file") }
    return try Checker(
      program: program, root: Checkout.root,
      cache: Checkout.progress.appendingPathComponent("answers", isDirectory: true),
      limits: limits, draw: draw)
  }
}

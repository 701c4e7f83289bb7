// A learner's answer for the page: which panel runs on it, and its text as the browser's compiler takes it.

import Basics
import ExerciseKit
import Foundation

/// An answer that has passed its checks, on its way into a page's module.
package struct LiveAnswer: Sendable {
  /// The panels that compute what an exercise asks for, by its number; `Sources/Live/Browser/Answers` has a file for each.
  package static let panels: [ExerciseID: String] = ["1.4": "bowl", "5.1": "batch", "9.2": "window"]
  /// The variable by which `./workbook live 9.2` tells the chapter's program the answer's file.
  package static let variable = "WORKBOOK_LIVE_ANSWER"

  let exercise: ExerciseEntry
  let panel: String
  private let file: URL

  /// The answer in a file, by its name; nil where no panel computes what its exercise asks for.
  init?(file: String) {
    self.file = URL(fileURLWithPath: file, relativeTo: Checkout.root)
    let name = self.file.deletingPathExtension().lastPathComponent
    guard let entry = ExerciseEntry.all.first(where: { $0.name == name }), let panel = Self.panels[entry.id] else {
      return nil
    }
    (exercise, self.panel) = (entry, panel)
  }

  /// The one that the environment names.
  static var named: LiveAnswer? {
    ProcessInfo.processInfo.environment[variable].flatMap { LiveAnswer(file: $0) }
  }

  /// Where the answer takes the core's place: `Live/Browser/Answers/Ex09_2.swift`.
  var bridge: String { "Live/Browser/Answers/" + exercise.name.prefix(6) + ".swift" }

  /// Writes the answer into `folder` in a form that Embedded Swift takes, and returns its path.
  func copy(to folder: URL) throws -> String {
    let source = try String(contentsOf: file, encoding: .utf8)
    let copy = folder.appendingPathComponent(exercise.name + ".swift").path
    try AtomicFile.write(Self.embedded(source), to: copy)
    return copy
  }

  /// What throws says what: there are no boxes for errors of any type.
  static func embedded(_ source: String) -> String { source.replacing(#/\bthrows\b(?!\()/#, with: "throws(Unsolved)") }
}

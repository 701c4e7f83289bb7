// A learner's answer for the page: the panel that runs on it, and its source in the form that Embedded Swift accepts.

import Basics
import ExerciseKit
import Foundation

/// An answer that has passed its checks and is compiled into a page's module.
package struct LiveAnswer: Sendable {
  /// The panels that use an exercise's computation, by its number; `Sources/Live/Browser/Answers` has a file for each.
  package static let panels: [ExerciseID: String] = ["1.4": "bowl", "5.1": "batch", "9.2": "window"]
  /// The environment variable in which `./workbook live 9.2` passes the answer's file to the chapter's program.
  package static let variable = "WORKBOOK_LIVE_ANSWER"

  let exercise: ExerciseEntry
  let panel: String
  private let file: URL

  /// The answer in a file, recognized by its name; nil if no panel uses its exercise.
  init?(file: String) {
    self.file = URL(fileURLWithPath: file, relativeTo: Checkout.root)
    let name = self.file.deletingPathExtension().lastPathComponent
    guard let entry = ExerciseEntry.all.first(where: { $0.name == name }), let panel = Self.panels[entry.id] else {
      return nil
    }
    (exercise, self.panel) = (entry, panel)
  }

  /// The answer named in the environment.
  static var named: LiveAnswer? {
    ProcessInfo.processInfo.environment[variable].flatMap { LiveAnswer(file: $0) }
  }

  /// The file that puts the answer in the place of the core's code: `Live/Browser/Answers/Ex09_2.swift`.
  var bridge: String { "Live/Browser/Answers/" + exercise.name.prefix(6) + ".swift" }

  /// Writes the answer into `folder` in a form that Embedded Swift accepts, and returns its path.
  func copy(to folder: URL) throws -> String {
    let source = try String(contentsOf: file, encoding: .utf8)
    let copy = folder.appendingPathComponent(exercise.name + ".swift").path
    try AtomicFile.write(Self.embedded(source), to: copy)
    return copy
  }

  /// Gives every throwing function a typed error: Embedded Swift has no `any Error`.
  static func embedded(_ source: String) -> String { source.replacing(#/\bthrows\b(?!\()/#, with: "throws(Unsolved)") }
}

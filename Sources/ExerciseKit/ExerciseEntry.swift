// An exercise in the table of contents: what a page shows, without its cases, hints and mistakes.

import Foundation

/// The number, title, name and minutes of an exercise.
///
/// This is all that chapters know about their exercises. The cases are in the catalogue, a separate module that uses
/// these entries.
package struct ExerciseEntry: Sendable, Hashable {
  /// Its number: 4.3.
  package let id: ExerciseID
  /// Its title: `He initialization`.
  package let title: String
  /// The type that answers it, and the name of its four files: `Ex04_3_HeInitialization`.
  package let name: String
  /// About how long it takes a student who has read the chapter.
  package let minutes: Int

  /// Describes an entry; those of the workbook are in `Chapters`.
  package init(_ id: ExerciseID, _ title: String, name: String, minutes: Int) {
    self.id = id
    self.title = title
    self.name = name
    self.minutes = minutes
  }

  /// Every exercise, in order.
  package static let all =
    chapter01 + chapter02 + chapter03 + chapter04 + chapter05 + chapter06 + chapter07 + chapter08 + chapter09
    + chapter10 + chapter11

  /// The exercises of a chapter, in order.
  package static func exercises(ofChapter chapter: Int) -> [ExerciseEntry] { all.filter { $0.id.chapter == chapter } }
}

extension ExerciseEntry {
  /// `ch04`: the folder of its files.
  package var folder: String { id.chapter < 10 ? "ch0\(id.chapter)" : "ch\(id.chapter)" }
  /// Where the learner writes, from the top of the checkout: `Exercises/ch04/Ex04_3_HeInitialization.swift`.
  package var file: String { "Exercises/\(folder)/\(name).swift" }
  /// Where the solution is.
  package var solutionFile: String { "Solutions/\(folder)/\(name).swift" }
  /// Where its tests are.
  package var testFile: String { "Tests/ExerciseTests/\(folder)/\(name)Tests.swift" }
  /// `4.3 He initialization`.
  package var label: String { "\(id) \(title)" }

  /// The task, or nil if the learner's file cannot be read: its functions, and the first sentence of their
  /// documentation.
  ///
  /// ```
  /// Write fans: it returns how many connections a unit of a layer has on each side.
  /// Write solarized, posterized and equalized. The first returns the levels, …
  /// ```
  ///
  /// - Parameter checkout: the top of the checkout.
  package func task(in checkout: URL) -> String? {
    guard let text = try? String(contentsOf: checkout.appendingPathComponent(file), encoding: .utf8) else { return nil }
    // Members are indented; the documentation of the type only repeats the title.
    let documentation = text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("  /// ") }.prefix { $0.hasPrefix("  /// ") }
    let words = documentation.map { $0.dropFirst(6) }.joined(separator: " ")
    let functions = text.matches(of: #/\n  public static func (\w+)/#).map { "`\($0.output.1)`" }
    guard let sentence = words.firstMatch(of: #/.*?\.(?= |$)/#)?.output, let last = functions.last else { return nil }
    let does = sentence.prefix(1).lowercased() + sentence.dropFirst()
    if functions.count == 1 { return "Write \(last): it \(does)" }
    return "Write \(functions.dropLast().joined(separator: ", ")) and \(last). The first \(does)"
  }
}

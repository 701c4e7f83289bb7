// An exercise as data: its hints, the cases that check an answer, and the mistakes known by name.

/// How much work an exercise requires.
package enum Difficulty: String, Sendable, Codable, CaseIterable {
  /// One formula.
  case easy
  /// A few steps whose order matters.
  case medium
  /// An algorithm, or a derivation on paper.
  case hard
}

/// One exercise: its entry in the table of contents, three hints, the cases that check an answer, and known mistakes.
///
/// `Answer` is the metatype of the exercise's protocol: `Exercise<any Ex04_3.Type>`.
package struct Exercise<Answer: Sendable>: Sendable {
  /// Its number, title, name and minutes.
  package let entry: ExerciseEntry
  /// The heading on the chapter's page that explains what is needed.
  package let section: String
  package let difficulty: Difficulty
  /// A nudge, the idea, and almost the code.
  package let hints: [String]
  /// The calls that an answer has to get right, easiest first.
  package let cases: [Case<Answer>]
  /// Known mistakes.
  package let mutants: [Mutant<Answer>]

  /// Describes an exercise.
  package init(
    _ entry: ExerciseEntry, section: String, difficulty: Difficulty, hints: [String], cases: [Case<Answer>],
    mutants: [Mutant<Answer>]
  ) {
    self.entry = entry
    self.section = section
    self.difficulty = difficulty
    self.hints = hints
    self.cases = cases
    self.mutants = mutants
  }
}

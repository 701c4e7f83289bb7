// An exercise as data: what is asked, how an answer is examined, and the mistakes that are known by name.

/// What the protocol of an exercise's functions inherits from.
///
/// An exercise is answered by a type with static functions, `Ex04_3_HeInitialization`. A protocol of its own, `Ex04_3`,
/// lists these functions, so that the compiler finds a changed signature before any check runs, and so that the
/// learner's answer, the solution and every mutant can be examined in the same way.
public protocol ExerciseAnswer: SendableMetatype {}

/// How much an exercise asks for.
package enum Difficulty: String, Sendable, Codable, CaseIterable {
  /// One formula.
  case easy
  /// A few steps whose order matters.
  case medium
  /// An algorithm, or a derivation on paper first.
  case hard
}

/// One exercise: its entry in the table of contents, three hints, cases to examine an answer with, and a catalogue of mutants.
///
/// `Answer` is the metatype of the exercise's protocol: `Exercise<any Ex04_3.Type>`.
package struct Exercise<Answer: Sendable>: Sendable {
  /// Number, title, name and minutes.
  package let entry: ExerciseEntry
  /// The heading of the chapter's page that explains what is needed.
  package let section: String
  package let difficulty: Difficulty
  /// A nudge, the idea, and almost the code.
  package let hints: [String]
  /// The calls that an answer has to get right, the easiest first.
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

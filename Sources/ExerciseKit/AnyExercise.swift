// Exercises of different kinds in one list.

/// An exercise whatever the functions are that it asks for.
package protocol AnyExercise: Sendable {
  var id: ExerciseID { get }
  var title: String { get }
  var name: String { get }
  var section: String { get }
  var difficulty: Difficulty { get }
  var minutes: Int { get }
  var hints: [String] { get }
  /// The calls of its cases, with what is special about each.
  var calls: [String] { get }
  /// The names of its known mistakes.
  var misconceptions: [Misconception] { get }

  /// What an answer gives in one case; `nil` where its type does not conform to the exercise's protocol.
  ///
  /// - Parameters:
  ///   - answer: the type that answers the exercise.
  ///   - index: of the case.
  func response(of answer: Any, inCase index: Int) -> Response?

  /// Judges an answer by what it gave in each case.
  func review(_ responses: [Response]) -> Review

  /// Examines the known mistake at `index`.
  func reviewMutant(_ index: Int) -> Review
}

extension Exercise: AnyExercise {
  package var calls: [String] { cases.map(\.description) }
  package var misconceptions: [Misconception] {
    mutants.map { Misconception(name: $0.name, effect: $0.effect) }
  }

  package func response(of answer: Any, inCase index: Int) -> Response? {
    (answer as? Answer).map { Response(of: $0, in: cases[index]) }
  }

  package func reviewMutant(_ index: Int) -> Review { review(of: mutants[index].answer) }
}

extension AnyExercise {
  /// `ch04`: the folder of its files.
  package var folder: String { id.chapter < 10 ? "ch0\(id.chapter)" : "ch\(id.chapter)" }
  /// Where the learner writes, from the top of the checkout: `Exercises/ch04/Ex04_3_HeInitialization.swift`.
  package var file: String { "Exercises/\(folder)/\(name).swift" }
  /// Where the solution is.
  package var solutionFile: String { "Solutions/\(folder)/\(name).swift" }
  /// `4.3 He initialization`.
  package var label: String { "\(id) \(title)" }
}

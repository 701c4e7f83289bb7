// Exercises of different kinds in one list.

/// An exercise whatever the functions are that it asks for.
package protocol AnyExercise: Sendable {
  var entry: ExerciseEntry { get }
  var section: String { get }
  var difficulty: Difficulty { get }
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

  /// Judges what an answer gave in one case.
  func judge(_ response: Response, inCase index: Int) -> Judgment

  /// Judges what an answer gave in one case against what another gave: for numbers that are nowhere published.
  func judge(_ response: Response, against reference: Outcome, inCase index: Int) -> Judgment

  /// Judges an answer by what it gave in each case.
  func review(_ responses: [Response]) -> Review

  /// The numbers that came beside those that were expected, over all cases whose shapes agree.
  func comparison(_ responses: [Response]) -> [(expected: Double, got: Double)]

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

  package func comparison(_ responses: [Response]) -> [(expected: Double, got: Double)] {
    zip(cases, responses).flatMap { example, response -> [(expected: Double, got: Double)] in
      guard case .value(let got) = response else { return [] }
      return zip(example.expected().parts, got.parts).flatMap { wanted, found in
        wanted.shape == found.shape ? zip(wanted.values, found.values).map { (expected: $0, got: $1) } : []
      }.filter { $0.expected.isFinite && $0.got.isFinite }
    }
  }

  package func judge(_ response: Response, inCase index: Int) -> Judgment { cases[index].judgment(on: response) }

  package func judge(_ response: Response, against reference: Outcome, inCase index: Int) -> Judgment {
    cases[index].judgment(on: response, against: reference)
  }

  package func reviewMutant(_ index: Int) -> Review { review(of: mutants[index].answer) }
}

extension AnyExercise {
  package var id: ExerciseID { entry.id }
  package var title: String { entry.title }
  package var name: String { entry.name }
  package var minutes: Int { entry.minutes }
  package var folder: String { entry.folder }
  package var file: String { entry.file }
  package var solutionFile: String { entry.solutionFile }
  package var testFile: String { entry.testFile }
  package var label: String { entry.label }
}

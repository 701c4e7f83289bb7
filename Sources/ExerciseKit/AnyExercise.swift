// A type-erased exercise, so that different exercises fit into one list.

/// An exercise, independent of the functions it asks for.
package protocol AnyExercise: Sendable {
  var entry: ExerciseEntry { get }
  var section: String { get }
  var difficulty: Difficulty { get }
  var hints: [String] { get }
  /// The calls of its cases, with a remark on each.
  var calls: [String] { get }
  /// Its known mistakes.
  var misconceptions: [Misconception] { get }

  /// The response of an answer in one case; `nil` if its type does not conform to the exercise's protocol.
  ///
  /// - Parameters:
  ///   - answer: the type that answers the exercise.
  ///   - index: the index of the case.
  func response(of answer: Any, inCase index: Int) -> Response?

  /// Judges the response of an answer in one case.
  func judge(_ response: Response, inCase index: Int) -> Judgment

  /// Judges the response of an answer in one case against that of another answer: for unpublished numbers.
  func judge(_ response: Response, against reference: Outcome, inCase index: Int) -> Judgment

  /// Judges an answer by its response in each case.
  func review(_ responses: [Response]) -> Review

  /// The pairs of expected and returned numbers, over all cases whose shapes agree.
  func comparison(_ responses: [Response]) -> [(expected: Double, got: Double)]

  /// Checks the known mistake at `index`.
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

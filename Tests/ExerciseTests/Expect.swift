// How the tests hold an answer against an exercise's cases.

import ExerciseKit
import Testing

/// Holds an answer against one case; an exercise that nobody has attempted passes. Solutions have no such excuse.
func expect<Answer>(
  _ example: Case<Answer>, of exercise: Exercise<Answer>, from answer: Answer,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  switch example.judgment(on: Response(of: answer, in: example)) {
  case .passed: break
  case .unsolved:
    #if SOLUTIONS
    Issue.record("the solution of \(exercise.label) is missing", sourceLocation: sourceLocation)
    #else
    print("not attempted: \(exercise.label)")
    #endif
  case .failed(let finding):
    var text = "\(example)\n\(finding.text)"
    if let known = exercise.review(of: answer).misconception {
      text += "\nIt looks as if your answer \(known.name). \(known.effect)"
    }
    Issue.record(Comment(rawValue: text), sourceLocation: sourceLocation)
  }
}

/// Holds a known mistake against the exercise that lists it: some case has to fail, and the diagnosis has to be its own.
func expectCaught<Answer>(
  _ mutant: Mutant<Answer>, in exercise: Exercise<Answer>, sourceLocation: SourceLocation = #_sourceLocation
) {
  let review = exercise.review(of: mutant.answer)
  #expect(!review.passed, "no case tells this mistake from the solution", sourceLocation: sourceLocation)
  #expect(
    review.misconception?.name == mutant.name, "two mistakes give the same in every case",
    sourceLocation: sourceLocation)
}

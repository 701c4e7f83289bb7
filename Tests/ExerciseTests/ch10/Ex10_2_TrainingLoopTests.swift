// The tests of exercise 10.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex10_2 The training loop") struct Ex10_2_TrainingLoopTests {
  @Test("Every case gives what is expected", arguments: Catalogue.ex10_2.cases)
  func cases(_ example: Case<any Ex10_2.Type>) throws {
    expect(example, of: Catalogue.ex10_2, from: Ex10_2_TrainingLoop.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex10_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex10_2.Type>) { expectCaught(mutant, in: Catalogue.ex10_2) }
}

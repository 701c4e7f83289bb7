// The tests of exercise 5.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex05_1 Batch norm, forward") struct Ex05_1_BatchNormForwardTests {
  @Test("Each channel gets mean β and deviation γ", arguments: Catalogue.ex05_1.cases)
  func forward(_ example: Case<any Ex05_1.Type>) throws {
    expect(example, of: Catalogue.ex05_1, from: Ex05_1_BatchNormForward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex05_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex05_1.Type>) { expectCaught(mutant, in: Catalogue.ex05_1) }
}

// The tests of exercise 5.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex05_2 Batch norm, backward") struct Ex05_2_BatchNormBackwardTests {
  @Test("The gradients are those of central differences", arguments: Catalogue.ex05_2.cases)
  func backward(_ example: Case<any Ex05_2.Type>) throws {
    expect(example, of: Catalogue.ex05_2, from: Ex05_2_BatchNormBackward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex05_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex05_2.Type>) { expectCaught(mutant, in: Catalogue.ex05_2) }
}

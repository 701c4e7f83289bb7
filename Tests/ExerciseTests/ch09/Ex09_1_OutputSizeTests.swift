// The tests of exercise 9.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_1 Output size") struct Ex09_1_OutputSizeTests {
  @Test("the window takes as many positions as fit", arguments: Catalogue.ex09_1.cases)
  func answers(_ example: Case<any Ex09_1.Type>) throws {
    expect(example, of: Catalogue.ex09_1, from: Ex09_1_OutputSize.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_1.Type>) { expectCaught(mutant, in: Catalogue.ex09_1) }
}

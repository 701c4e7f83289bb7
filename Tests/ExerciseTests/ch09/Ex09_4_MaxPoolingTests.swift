// The tests of exercise 9.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_4 Max pooling, overlapping") struct Ex09_4_MaxPoolingTests {
  @Test("the largest pixel under each window, and the gradient back to it", arguments: Catalogue.ex09_4.cases)
  func answers(_ example: Case<any Ex09_4.Type>) throws {
    expect(example, of: Catalogue.ex09_4, from: Ex09_4_MaxPooling.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_4.Type>) { expectCaught(mutant, in: Catalogue.ex09_4) }
}

// The tests of exercise 9.5, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_5 Average pooling") struct Ex09_5_AveragePoolingTests {
  @Test("the mean under each window, and the gradient shared back", arguments: Catalogue.ex09_5.cases)
  func answers(_ example: Case<any Ex09_5.Type>) throws {
    expect(example, of: Catalogue.ex09_5, from: Ex09_5_AveragePooling.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_5.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_5.Type>) { expectCaught(mutant, in: Catalogue.ex09_5) }
}

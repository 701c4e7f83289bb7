// The tests of exercise 7.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex07_2 Early stopping") struct Ex07_2_EarlyStoppingTests {
  @Test("Where patience ends, and the best epoch so far", arguments: Catalogue.ex07_2.cases)
  func cases(_ example: Case<any Ex07_2.Type>) throws {
    expect(example, of: Catalogue.ex07_2, from: Ex07_2_EarlyStopping.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex07_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex07_2.Type>) { expectCaught(mutant, in: Catalogue.ex07_2) }
}

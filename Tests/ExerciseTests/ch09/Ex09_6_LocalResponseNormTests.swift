// The tests of exercise 9.6, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_6 Local response normalization") struct Ex09_6_LocalResponseNormTests {
  @Test("each value is divided by the activity around it", arguments: Catalogue.ex09_6.cases)
  func answers(_ example: Case<any Ex09_6.Type>) throws {
    expect(example, of: Catalogue.ex09_6, from: Ex09_6_LocalResponseNorm.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_6.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_6.Type>) { expectCaught(mutant, in: Catalogue.ex09_6) }
}

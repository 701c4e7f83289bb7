// The tests of exercise 3.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex03_3 Standardize") struct Ex03_3_StandardizeTests {
  @Test("Each channel shifted and scaled by the training set's statistics", arguments: Catalogue.ex03_3.cases)
  func standardize(_ example: Case<any Ex03_3.Type>) throws {
    expect(example, of: Catalogue.ex03_3, from: Ex03_3_Standardize.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex03_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex03_3.Type>) { expectCaught(mutant, in: Catalogue.ex03_3) }
}

// The tests of exercise 9.7, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_7 Receptive field") struct Ex09_7_ReceptiveFieldTests {
  @Test("a window widens the view by k − 1 steps", arguments: Catalogue.ex09_7.cases)
  func answers(_ example: Case<any Ex09_7.Type>) throws {
    expect(example, of: Catalogue.ex09_7, from: Ex09_7_ReceptiveField.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_7.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_7.Type>) { expectCaught(mutant, in: Catalogue.ex09_7) }
}

// The tests of exercise 3.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex03_4 PCA projection and whitening") struct Ex03_4_WhiteningTests {
  @Test("Coordinates along components, and the same divided by their spread", arguments: Catalogue.ex03_4.cases)
  func whitening(_ example: Case<any Ex03_4.Type>) throws {
    expect(example, of: Catalogue.ex03_4, from: Ex03_4_Whitening.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex03_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex03_4.Type>) { expectCaught(mutant, in: Catalogue.ex03_4) }
}

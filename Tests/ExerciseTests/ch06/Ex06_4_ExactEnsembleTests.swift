// The tests of exercise 6.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex06_4 The exact ensemble of a small net") struct Ex06_4_ExactEnsembleTests {
  @Test("All 2^M nets, each with its probability", arguments: Catalogue.ex06_4.cases)
  func ensemble(_ example: Case<any Ex06_4.Type>) throws {
    expect(example, of: Catalogue.ex06_4, from: Ex06_4_ExactEnsemble.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex06_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex06_4.Type>) { expectCaught(mutant, in: Catalogue.ex06_4) }
}

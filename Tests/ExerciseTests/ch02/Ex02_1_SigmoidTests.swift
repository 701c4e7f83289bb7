// The tests of exercise 2.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex02_1 Sigmoid and its derivative") struct Ex02_1_SigmoidTests {
  @Test("σ and σ′, far out as well", arguments: Catalogue.ex02_1.cases)
  func cases(_ example: Case<any Ex02_1.Type>) throws {
    expect(example, of: Catalogue.ex02_1, from: Ex02_1_Sigmoid.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex02_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex02_1.Type>) { expectCaught(mutant, in: Catalogue.ex02_1) }
}

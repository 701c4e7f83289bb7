// The tests of exercise 1.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex01_4 SGD with momentum") struct Ex01_4_MomentumTests {
  @Test("v ← μ·v + g, then w ← w − η·v", arguments: Catalogue.ex01_4.cases)
  func cases(_ example: Case<any Ex01_4.Type>) throws {
    expect(example, of: Catalogue.ex01_4, from: Ex01_4_Momentum.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex01_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex01_4.Type>) { expectCaught(mutant, in: Catalogue.ex01_4) }
}

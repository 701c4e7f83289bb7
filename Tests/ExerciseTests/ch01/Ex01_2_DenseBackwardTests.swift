// The tests of exercise 1.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex01_2 Dense backward") struct Ex01_2_DenseBackwardTests {
  @Test("the three gradients are those of central differences", arguments: Catalogue.ex01_2.cases)
  func cases(_ example: Case<any Ex01_2.Type>) throws {
    expect(example, of: Catalogue.ex01_2, from: Ex01_2_DenseBackward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex01_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex01_2.Type>) { expectCaught(mutant, in: Catalogue.ex01_2) }
}

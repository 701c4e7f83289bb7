// The tests of exercise 1.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex01_1 Dense forward") struct Ex01_1_DenseForwardTests {
  @Test("y = Σ x·w + b for each sample and unit", arguments: Catalogue.ex01_1.cases)
  func cases(_ example: Case<any Ex01_1.Type>) throws {
    expect(example, of: Catalogue.ex01_1, from: Ex01_1_DenseForward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex01_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex01_1.Type>) { expectCaught(mutant, in: Catalogue.ex01_1) }
}

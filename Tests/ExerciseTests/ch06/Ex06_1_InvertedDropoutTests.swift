// The tests of exercise 6.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex06_1 Inverted dropout, forward and backward") struct Ex06_1_InvertedDropoutTests {
  @Test("The share 1 − p stays and is divided by it, both ways", arguments: Catalogue.ex06_1.cases)
  func dropout(_ example: Case<any Ex06_1.Type>) throws {
    expect(example, of: Catalogue.ex06_1, from: Ex06_1_InvertedDropout.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex06_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex06_1.Type>) { expectCaught(mutant, in: Catalogue.ex06_1) }
}

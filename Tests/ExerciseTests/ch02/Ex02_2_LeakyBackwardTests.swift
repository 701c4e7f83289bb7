// The tests of exercise 2.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex02_2 Leaky ReLU and PReLU backward") struct Ex02_2_LeakyBackwardTests {
  @Test("the gradients are those of central differences", arguments: Catalogue.ex02_2.cases)
  func cases(_ example: Case<any Ex02_2.Type>) throws {
    expect(example, of: Catalogue.ex02_2, from: Ex02_2_LeakyBackward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex02_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex02_2.Type>) { expectCaught(mutant, in: Catalogue.ex02_2) }
}

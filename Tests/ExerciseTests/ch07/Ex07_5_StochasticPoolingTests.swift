// The tests of exercise 7.5, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex07_5 Stochastic pooling") struct Ex07_5_StochasticPoolingTests {
  @Test("A pixel by lot, its expectation, and its gradient", arguments: Catalogue.ex07_5.cases)
  func cases(_ example: Case<any Ex07_5.Type>) throws {
    expect(example, of: Catalogue.ex07_5, from: Ex07_5_StochasticPooling.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex07_5.mutants)
  func mistakes(_ mutant: Mutant<any Ex07_5.Type>) { expectCaught(mutant, in: Catalogue.ex07_5) }
}

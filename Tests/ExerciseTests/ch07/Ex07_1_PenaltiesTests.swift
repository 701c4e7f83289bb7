// The tests of exercise 7.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex07_1 Penalties and their gradients") struct Ex07_1_PenaltiesTests {
  @Test("The price of weights and its slope", arguments: Catalogue.ex07_1.cases)
  func cases(_ example: Case<any Ex07_1.Type>) throws {
    expect(example, of: Catalogue.ex07_1, from: Ex07_1_Penalties.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex07_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex07_1.Type>) { expectCaught(mutant, in: Catalogue.ex07_1) }
}

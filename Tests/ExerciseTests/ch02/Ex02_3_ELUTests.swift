// The tests of exercise 2.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex02_3 ELU") struct Ex02_3_ELUTests {
  @Test("values and slopes on both sides", arguments: Catalogue.ex02_3.cases)
  func cases(_ example: Case<any Ex02_3.Type>) throws {
    expect(example, of: Catalogue.ex02_3, from: Ex02_3_ELU.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex02_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex02_3.Type>) { expectCaught(mutant, in: Catalogue.ex02_3) }
}

// The tests of exercise 2.5, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex02_5 Dead-unit share") struct Ex02_5_DeadUnitsTests {
  @Test("units that are 0 for every sample", arguments: Catalogue.ex02_5.cases)
  func cases(_ example: Case<any Ex02_5.Type>) throws {
    expect(example, of: Catalogue.ex02_5, from: Ex02_5_DeadUnits.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex02_5.mutants)
  func mistakes(_ mutant: Mutant<any Ex02_5.Type>) { expectCaught(mutant, in: Catalogue.ex02_5) }
}

// The tests of exercise 8.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex08_4 Top-k error") struct Ex08_4_TopKErrorTests {
  @Test("Not among the first k; of equal scores the smaller class first", arguments: Catalogue.ex08_4.cases)
  func cases(_ example: Case<any Ex08_4.Type>) throws {
    expect(example, of: Catalogue.ex08_4, from: Ex08_4_TopKError.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex08_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex08_4.Type>) { expectCaught(mutant, in: Catalogue.ex08_4) }
}

// The tests of exercise 4.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex04_2 Xavier initialization") struct Ex04_2_XavierInitializationTests {
  @Test("A uniform spread of variance 2/(fan-in + fan-out)", arguments: Catalogue.ex04_2.cases)
  func weights(_ example: Case<any Ex04_2.Type>) throws {
    expect(example, of: Catalogue.ex04_2, from: Ex04_2_XavierInitialization.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex04_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex04_2.Type>) { expectCaught(mutant, in: Catalogue.ex04_2) }
}

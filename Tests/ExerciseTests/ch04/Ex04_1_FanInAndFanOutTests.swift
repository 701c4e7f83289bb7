// The tests of exercise 4.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex04_1 Fan-in and fan-out") struct Ex04_1_FanInAndFanOutTests {
  @Test("Inputs of a unit, and units of an input", arguments: Catalogue.ex04_1.cases)
  func fans(_ example: Case<any Ex04_1.Type>) throws {
    expect(example, of: Catalogue.ex04_1, from: Ex04_1_FanInAndFanOut.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex04_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex04_1.Type>) { expectCaught(mutant, in: Catalogue.ex04_1) }
}

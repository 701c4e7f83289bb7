// The tests of exercise 4.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex04_3 He initialization") struct Ex04_3_HeInitializationTests {
  @Test("σ = √(2/fan-in), dense and convolution", arguments: Catalogue.ex04_3.cases)
  func standardDeviation(_ example: Case<any Ex04_3.Type>) throws {
    expect(example, of: Catalogue.ex04_3, from: Ex04_3_HeInitialization.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex04_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex04_3.Type>) { expectCaught(mutant, in: Catalogue.ex04_3) }
}

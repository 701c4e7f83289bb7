// The tests of exercise 1.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex01_3 Numerical gradient") struct Ex01_3_NumericalGradientTests {
  @Test("central differences, one coordinate at a time", arguments: Catalogue.ex01_3.cases)
  func cases(_ example: Case<any Ex01_3.Type>) throws {
    expect(example, of: Catalogue.ex01_3, from: Ex01_3_NumericalGradient.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex01_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex01_3.Type>) { expectCaught(mutant, in: Catalogue.ex01_3) }
}

// The tests of exercise 10.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex10_4 Gradient share") struct Ex10_4_GradientShareTests {
  @Test("Every case gives what is expected", arguments: Catalogue.ex10_4.cases)
  func cases(_ example: Case<any Ex10_4.Type>) throws {
    expect(example, of: Catalogue.ex10_4, from: Ex10_4_GradientShare.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex10_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex10_4.Type>) { expectCaught(mutant, in: Catalogue.ex10_4) }
}

// The tests of exercise 10.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex10_1 Build LeNet-5") struct Ex10_1_BuildLeNet5Tests {
  @Test("Every case gives what is expected", arguments: Catalogue.ex10_1.cases)
  func cases(_ example: Case<any Ex10_1.Type>) throws {
    expect(example, of: Catalogue.ex10_1, from: Ex10_1_BuildLeNet5.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex10_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex10_1.Type>) { expectCaught(mutant, in: Catalogue.ex10_1) }
}

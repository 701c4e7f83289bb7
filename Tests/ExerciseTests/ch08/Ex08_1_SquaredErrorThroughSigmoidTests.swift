// The tests of exercise 8.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex08_1 Squared error through a sigmoid") struct Ex08_1_SquaredErrorThroughSigmoidTests {
  @Test("Error times slope, the mean over the batch", arguments: Catalogue.ex08_1.cases)
  func cases(_ example: Case<any Ex08_1.Type>) throws {
    expect(example, of: Catalogue.ex08_1, from: Ex08_1_SquaredErrorThroughSigmoid.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex08_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex08_1.Type>) { expectCaught(mutant, in: Catalogue.ex08_1) }
}

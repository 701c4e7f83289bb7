// The tests of exercise 8.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex08_2 A softmax that does not overflow") struct Ex08_2_StableSoftmaxTests {
  @Test("Rows of probabilities, whatever the size of the scores", arguments: Catalogue.ex08_2.cases)
  func cases(_ example: Case<any Ex08_2.Type>) throws {
    expect(example, of: Catalogue.ex08_2, from: Ex08_2_StableSoftmax.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex08_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex08_2.Type>) { expectCaught(mutant, in: Catalogue.ex08_2) }
}

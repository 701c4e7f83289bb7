// The tests of exercise 3.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex03_1 Mean image") struct Ex03_1_MeanImageTests {
  @Test("The mean of the training set, and images without it", arguments: Catalogue.ex03_1.cases)
  func meanImage(_ example: Case<any Ex03_1.Type>) throws {
    expect(example, of: Catalogue.ex03_1, from: Ex03_1_MeanImage.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex03_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex03_1.Type>) { expectCaught(mutant, in: Catalogue.ex03_1) }
}

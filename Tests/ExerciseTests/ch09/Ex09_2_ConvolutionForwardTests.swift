// The tests of exercise 9.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_2 Convolution, forward") struct Ex09_2_ConvolutionForwardTests {
  @Test("every output is the bias plus the products under its window", arguments: Catalogue.ex09_2.cases)
  func answers(_ example: Case<any Ex09_2.Type>) throws {
    expect(example, of: Catalogue.ex09_2, from: Ex09_2_ConvolutionForward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_2.Type>) { expectCaught(mutant, in: Catalogue.ex09_2) }
}
